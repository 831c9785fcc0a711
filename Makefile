# make demo   the whole experiment on virtual catchments, from text files to a report
# make test   proves it
# make benchmark   measures speed and memory into docs/results (20 to 25 minutes)
# make plan   what a run would do, before it starts: make plan CONFIG=config/paper.yaml [RATE=20000]
# make clean  removes the results of the demo; make distclean removes the installation as well
# make unlock after a run that was killed outright and left its lock behind

PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
DEMO := results/virtual

.PHONY: demo test lint benchmark plan clean distclean unlock

# The members of the demo are small: most of their time would go into starting Python for each.
demo: .venv/.installed
	$(BIN)/snakemake --cores $(CORES) --quiet rules progress \
	    --set-resources train:members_together=5
	@$(MAKE) --no-print-directory $(DEMO)/report.html
	@echo "Done. Open $(DEMO)/report.html in a browser."

# The report is made again only when something in it has changed.
$(DEMO)/report.html: $(wildcard $(DEMO)/figures/*.png $(DEMO)/tables/*.csv)
	$(BIN)/snakemake --report $@ --report-stylesheet workflow/report/style.css

# In the order of their names: by default the files with fewest tests come last, and those are the
# longest.
test: .venv/.installed-test
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/snakemake --lint

benchmark: .venv/.installed-test
	$(BIN)/python -m benchmarks docs/results

# What a virtual environment has when it is complete.
.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/.installed-test: pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --editable ".[test,slurm]"
	touch .venv/.installed $@

plan: .venv/.installed
	@$(BIN)/python workflow/scripts/plan.py $(if $(CONFIG),--configfile "$(CONFIG)") \
	    $(if $(RATE),--rate "$(RATE)")

unlock: .venv/.installed
	$(BIN)/snakemake --unlock

clean:
	rm -rf $(DEMO)

distclean: clean
	rm -rf .venv
