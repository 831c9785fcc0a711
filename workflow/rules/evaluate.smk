# Needs: the settings and predictions of all members of a model. Gives: the ensemble and everybody's
# metrics, if the members belong together.


rule ensemble:
    input:
        predictions=lambda wildcards: STUDY.members_of(
            wildcards.scenario, wildcards.model, f"{MEMBER}/predictions.parquet"
        ),
        settings=lambda wildcards: STUDY.members_of(
            wildcards.scenario, wildcards.model, f"{MEMBER}/settings.json"
        ),
    output:
        predictions=f"{ENSEMBLE}/predictions.parquet",
        metrics=f"{ENSEMBLE}/metrics.csv",
        members=f"{ENSEMBLE}/metrics_of_members.csv",
    log:
        f"{DATASET}/logs/ensemble/{{scenario}}/{{model}}.log",
    benchmark:
        f"{DATASET}/benchmarks/ensemble/{{scenario}}/{{model}}.tsv"
    group:
        "ensembles"
    conda:
        "../../envs/randvec.yaml"
    params:
        seeds=STUDY.seeds,
        configured=lambda wildcards: STUDY.configured(wildcards.scenario, wildcards.model),
        vectors=lambda wildcards: [
            STUDY.vector(wildcards.scenario, wildcards.model, seed) for seed in STUDY.seeds
        ],
        period=config["periods"]["test"],
        code=code_digest("randvec.evaluation.ensemble", "randvec.evaluation.metrics"),
    script:
        "../scripts/ensemble.py"
