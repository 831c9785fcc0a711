# Needs: the predictions of all members of a model. Gives: the ensemble and everybody's metrics.


rule ensemble:
    input:
        lambda wildcards: members_of(
            wildcards.scenario, wildcards.model, f"{MEMBER}/predictions.parquet"
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
        code=code_digest("randvec.evaluation.ensemble", "randvec.evaluation.metrics"),
    script:
        "../scripts/ensemble.py"
