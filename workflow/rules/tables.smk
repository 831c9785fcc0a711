# Needs: the metrics of all ensembles. Gives: performance.csv, one row per ensemble and member.


rule tables:
    input:
        f"{DATASET}/tables/performance.csv",


rule performance:
    input:
        ensembles=each_ensemble(f"{ENSEMBLE}/metrics.csv"),
        members=each_ensemble(f"{ENSEMBLE}/metrics_of_members.csv"),
    output:
        report(
            f"{DATASET}/tables/performance.csv",
            caption="../report/performance.rst",
            category="Tables",
            labels={"table": "performance"},
        ),
    log:
        f"{DATASET}/logs/performance.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        cells=[
            (scenario, code, MODELS[code].architecture, MODELS[code].vector, MODELS[code].dimension)
            for scenario, code in CELLS
        ],
        code=code_digest("randvec.evaluation.performance", "randvec.evaluation.metrics"),
    script:
        "../scripts/performance.py"
