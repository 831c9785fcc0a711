# Needs: the metrics of all ensembles, and the settings of their members. Gives: performance.csv, one
# row per ensemble and member, and beside real data what others published.


rule tables:
    input:
        [
            shown.path
            for shown in STUDY.tables.values()
            if shown.path.startswith(f"{DATASET}/tables")
        ],


rule performance:
    input:
        metrics=STUDY.each_ensemble(f"{ENSEMBLE}/metrics.csv"),
        members=STUDY.each_ensemble(f"{ENSEMBLE}/metrics_of_members.csv"),
        settings=[STUDY.members_of(*named, f"{MEMBER}/settings.json") for named in STUDY.ensembles],
        basins=f"{DATASET}/basins.csv",
    output:
        table("performance"),
    log:
        f"{DATASET}/logs/performance.log",
    group:
        "scores"
    conda:
        "../../envs/randvec.yaml"
    params:
        ensembles=STUDY.described(),
        configured=[STUDY.configured(*named) for named in STUDY.ensembles],
        code=code_digest("randvec.evaluation.performance", "randvec.evaluation.metrics"),
    script:
        "../scripts/performance.py"


if STUDY.published:

    rule published:
        output:
            table("published"),
        log:
            f"{DATASET}/logs/published.log",
        group:
            "report"
        conda:
            "../../envs/randvec.yaml"
        params:
            code=code_digest("randvec.comparison.published"),
        script:
            "../scripts/published.py"
