# Needs: the settings and predictions of all members of a model. Gives: the ensemble and everybody's
# metrics, if the members belong together.


rule ensemble:
    input:
        predictions=lambda wildcards: members_of(
            wildcards.scenario, wildcards.model, f"{MEMBER}/predictions.parquet"
        ),
        settings=lambda wildcards: members_of(
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
    conda:
        "../../envs/randvec.yaml"
    params:
        seeds=SEEDS,
        configured=lambda wildcards: configured_of(wildcards.scenario, wildcards.model),
        vectors=lambda wildcards: [vector_name(wildcards, seed) for seed in SEEDS],
        period=config["periods"]["test"],
        code=code_digest("randvec.evaluation.ensemble", "randvec.evaluation.metrics"),
    script:
        "../scripts/ensemble.py"
