# Needs: the metrics of the ensembles of an experiment. Gives: its medians, and the comparisons of
# all cells of the run. Each experiment is a target of its own.

for name, cells_here in EXPERIMENTS.items():

    rule:
        name:
            name
        input:
            f"{DATASET}/tables/{name}.csv",
            [
                f"{DATASET}/figures/{figure}.{format}"
                for figure in FIGURE_NAMES
                if FIGURES[figure].experiment == name
                for format in ("png", "pdf")
            ],
        localrule: True

    rule:
        name:
            f"medians_{name}"
        input:
            ensembles=each_ensemble(f"{ENSEMBLE}/metrics.csv", cells_here),
            members=each_ensemble(f"{ENSEMBLE}/metrics_of_members.csv", cells_here),
        output:
            report(
                f"{DATASET}/tables/{name}.csv",
                caption="../report/medians.rst",
                category=part_of_report(name),
                labels={"result": "medians", "as": "raw file"},
            ),
        log:
            f"{DATASET}/logs/medians/{name}.log",
        conda:
            "../../envs/randvec.yaml"
        params:
            cells=cells_here,
            code=code_digest("randvec.evaluation.experiments"),
        script:
            "../scripts/medians.py"


rule comparisons:
    input:
        each_ensemble(f"{ENSEMBLE}/metrics.csv"),
    output:
        report(
            f"{DATASET}/tables/comparisons.csv",
            caption="../report/comparisons.rst",
            category="Tables",
            labels={"result": "comparisons", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/comparisons.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        cells=CELLS,
        code=code_digest("randvec.evaluation.experiments"),
    script:
        "../scripts/comparisons.py"
