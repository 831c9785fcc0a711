# Needs: the metrics of all ensembles, and the settings of their members. Gives: performance.csv, one
# row per ensemble and member, and beside real data what others published.

REAL = config["dataset"]["source"] != "virtual"


rule tables:
    input:
        f"{DATASET}/tables/performance.csv",
        f"{DATASET}/tables/comparisons.csv",
        [tables_of(name) for name in EXPERIMENTS],
        branch(REAL, then=f"{DATASET}/tables/published.csv"),


rule performance:
    input:
        ensembles=each_ensemble(f"{ENSEMBLE}/metrics.csv"),
        members=each_ensemble(f"{ENSEMBLE}/metrics_of_members.csv"),
        settings=[members_of(*cell, f"{MEMBER}/settings.json") for cell in CELLS],
        basins=f"{DATASET}/basins.csv",
    output:
        report(
            f"{DATASET}/tables/performance.csv",
            caption="../report/performance.rst",
            category="Tables",
            labels={"result": "performance", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/performance.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        cells=[
            (
                scenario,
                code,
                MODELS[code].architecture,
                MODELS[code].vector,
                scenarios.dimension(MODELS[code], SCENARIOS[scenario]),
            )
            for scenario, code in CELLS
        ],
        configured=[configured_of(*cell) for cell in CELLS],
        code=code_digest("randvec.evaluation.performance", "randvec.evaluation.metrics"),
    script:
        "../scripts/performance.py"


rule published:
    output:
        report(
            f"{DATASET}/tables/published.csv",
            caption="../report/published.rst",
            category="Tables",
            labels={"result": "published results", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/published.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        code=code_digest("randvec.comparison.published"),
    script:
        "../scripts/published.py"
