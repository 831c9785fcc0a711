# make demo   the whole experiment on virtual catchments, from text files to a report
# make test   proves it in minutes; make test-all also kills it, fills its disk and edits its code
# make install   installs alone, for those who begin with data of their own or on a cluster
# make benchmark   measures speed and memory into docs/results (about 16 minutes)
# make gpu-check   proves and measures training on a GPU into results/gpu_check (at most 8 minutes)
# make plan   what a run would do, before it starts: make plan CONFIG=config/paper.yaml [RATE=20000]
# make verify whether the files of a run are those of its provenance: make verify RESULTS=results/virtual
# make clean  removes the results of the demo; make distclean removes the installation as well
# make unlock after a run that was killed outright and left its lock behind

PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
DEMO := results/virtual
RESULTS ?= $(DEMO)
# Anything that pip takes to install torch from elsewhere, such as a build for the CPU alone.
TORCH ?=

.PHONY: demo install test test-all lint benchmark gpu-check plan verify clean distclean unlock

demo: .venv/.installed
	$(BIN)/snakemake --cores $(CORES)
	@$(MAKE) --no-print-directory $(DEMO)/report.html
	@echo "Done. Open $(DEMO)/report.html in a browser."

install: .venv/.installed

# The report is made again only when something in it has changed.
$(DEMO)/report.html: $(wildcard $(DEMO)/figures/*.png $(DEMO)/tables/*.csv $(DEMO)/report/* \
    $(DEMO)/config.yaml workflow/report/*)
	$(BIN)/snakemake --report $@ --report-stylesheet workflow/report/style.css

# In this order, in which the longest come first; by default the files with fewest tests come last,
# and those are the longest.
PYTEST := $(BIN)/pytest tests/workflow tests/unit --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: .venv/.installed-test
	$(PYTEST) -m "not slurm and not slow"

test-all: .venv/.installed-test
	$(PYTEST) --durations=15

lint: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/rules
	$(BIN)/snakemake --lint

benchmark: .venv/.installed-test
	$(BIN)/python -m benchmarks docs/results

gpu-check: .venv/.installed
	@$(BIN)/python -m benchmarks.gpu_check results/gpu_check

# What a virtual environment has when it is complete.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) \
	    else "$(PYTHON) is Python %d.%d, expected 3.11 to 3.13; name another one, as in: \
	make demo PYTHON=python3.12" % v)'
	@echo "Making .venv with $$($(PYTHON) --version)."
	@$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | .venv/bin/pip
	@echo "Installing into .venv: Snakemake, torch and others, 1.7 GB. Downloading and unpacking take minutes."
	@$(if $(TORCH),$(BIN)/pip install $(TORCH))
	@$(BIN)/pip install --editable .
	touch $@

.venv/.installed-test: pyproject.toml | .venv/bin/pip
	@echo "Installing into .venv what the tests need."
	@$(if $(TORCH),$(BIN)/pip install $(TORCH))
	@$(BIN)/pip install --editable ".[test,slurm]"
	touch .venv/.installed $@

plan: .venv/.installed
	@$(BIN)/python workflow/scripts/plan.py $(if $(CONFIG),--configfile "$(CONFIG)") \
	    $(if $(RATE),--rate "$(RATE)")

verify: .venv/.installed
	@$(BIN)/python workflow/scripts/verify.py "$(RESULTS)"

unlock: .venv/.installed
	$(BIN)/snakemake --unlock

clean:
	rm -rf $(DEMO)

distclean: clean
	rm -rf .venv
