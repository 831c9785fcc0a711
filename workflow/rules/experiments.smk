# Needs: the metrics of the ensembles of an experiment. Gives: its medians, and the comparisons of
# all cells of the run. Each experiment is a target of its own.

EXPERIMENTS = {name: cells_of(part) for name, part in config["experiments"].items()}


for name in EXPERIMENTS:

    rule:
        name:
            name
        input:
            f"{DATASET}/tables/{name}.csv",
        localrule: True


rule medians:
    input:
        ensembles=lambda wildcards: each_ensemble(
            f"{ENSEMBLE}/metrics.csv", EXPERIMENTS[wildcards.experiment]
        ),
        members=lambda wildcards: each_ensemble(
            f"{ENSEMBLE}/metrics_of_members.csv", EXPERIMENTS[wildcards.experiment]
        ),
    output:
        report(
            f"{DATASET}/tables/{{experiment}}.csv",
            caption="../report/medians.rst",
            category="Tables",
            labels={"table": "{experiment}"},
        ),
    log:
        f"{DATASET}/logs/medians/{{experiment}}.log",
    wildcard_constraints:
        experiment="|".join(EXPERIMENTS) or "no experiment",
    conda:
        "../../envs/randvec.yaml"
    params:
        cells=lambda wildcards: EXPERIMENTS[wildcards.experiment],
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
            labels={"table": "comparisons"},
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
