# Needs: the metrics of the ensembles of an experiment. Gives: its medians and its comparisons, the
# comparisons of the whole run, and the spread by luck. Each experiment is a target of its own, and so
# is the main comparison.

for name in PARTS:

    rule:
        name:
            name if name in EXPERIMENTS else "main_comparison"
        input:
            tables_of(name),
            [
                f"{DATASET}/figures/{figure}.{format}"
                for figure in FIGURE_NAMES
                if (FIGURES[figure].experiment or "main") == name
                for format in ("png", "pdf")
            ],
        localrule: True


for name, cells_here in EXPERIMENTS.items():

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
            code=code_digest("randvec.comparison.experiments"),
        script:
            "../scripts/medians.py"


for name, compared in COMPARED.items():

    rule:
        name:
            f"comparisons_{name}"
        input:
            each_ensemble(f"{ENSEMBLE}/metrics.csv", PARTS[name]),
        output:
            report(
                f"{DATASET}/tables/comparisons/{name}.csv",
                caption="../report/comparisons.rst",
                category=part_of_report(name) if name in EXPERIMENTS else "Tables",
                labels={"result": name_of_comparisons(name), "as": "raw file"},
            ),
        log:
            f"{DATASET}/logs/comparisons/{name}.log",
        conda:
            "../../envs/randvec.yaml"
        params:
            experiment=name,
            cells=PARTS[name],
            pairs=compared,
            code=code_digest("randvec.comparison.experiments"),
        script:
            "../scripts/comparisons.py"


rule comparisons:
    input:
        [f"{DATASET}/tables/comparisons/{name}.csv" for name in COMPARED],
    output:
        report(
            f"{DATASET}/tables/comparisons.csv",
            caption="../report/comparisons.rst",
            category="Tables",
            labels={"result": "all comparisons", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/comparisons.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        # Taking one away changes the table, too.
        experiments=list(COMPARED),
        code=code_digest("randvec.comparison.experiments"),
    script:
        "../scripts/join_comparisons.py"


if "vector_luck" in EXPERIMENTS:

    rule vector_luck_spread:
        input:
            each_ensemble(f"{ENSEMBLE}/metrics_of_members.csv", EXPERIMENTS["vector_luck"]),
        output:
            report(
                f"{DATASET}/tables/vector_luck_spread.csv",
                caption="../report/vector_luck_spread.rst",
                category=part_of_report("vector_luck"),
                labels={"result": "analysis of variance", "as": "raw file"},
            ),
        log:
            f"{DATASET}/logs/vector_luck_spread.log",
        conda:
            "../../envs/randvec.yaml"
        params:
            cells=EXPERIMENTS["vector_luck"],
            code=code_digest("randvec.comparison.variance"),
        script:
            "../scripts/vector_luck_spread.py"
