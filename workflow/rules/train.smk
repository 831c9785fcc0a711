# Needs: series.parquet and a static vector. Gives: a trained member and its predictions.


rule members:
    input:
        each_member(f"{MEMBER}/predictions.parquet"),
        each_member(f"{MEMBER}/loss.csv"),


rule train:
    input:
        series=f"{DATASET}/series.parquet",
        vectors=vector_table,
    output:
        weights=f"{MEMBER}/weights.safetensors",
        settings=f"{MEMBER}/settings.json",
        losses=f"{MEMBER}/loss.csv",
    log:
        f"{DATASET}/logs/train/{{scenario}}/{{model}}/seed{{seed}}.log",
    benchmark:
        f"{DATASET}/benchmarks/train/{{scenario}}/{{model}}/seed{{seed}}.tsv"
    conda:
        "../../envs/randvec.yaml"
    threads: 1
    resources:
        gpu=GPU,
    params:
        architecture=lambda wildcards: MODELS[wildcards.model].architecture,
        training=lambda wildcards: training_of(config, MODELS[wildcards.model]),
        period=lambda wildcards: training_period(config, wildcards.scenario),
        basins=lambda wildcards: SCENARIOS[wildcards.scenario].basins,
        code=lambda wildcards: architecture_code(wildcards, "randvec.training.member"),
    script:
        "../scripts/train.py"


rule predict:
    input:
        series=f"{DATASET}/series.parquet",
        vectors=vector_table,
        weights=f"{MEMBER}/weights.safetensors",
        settings=f"{MEMBER}/settings.json",
    output:
        f"{MEMBER}/predictions.parquet",
    log:
        f"{DATASET}/logs/predict/{{scenario}}/{{model}}/seed{{seed}}.log",
    benchmark:
        f"{DATASET}/benchmarks/predict/{{scenario}}/{{model}}/seed{{seed}}.tsv"
    conda:
        "../../envs/randvec.yaml"
    threads: 1
    resources:
        gpu=GPU,
    params:
        period=config["periods"]["test"],
        basins=lambda wildcards: SCENARIOS[wildcards.scenario].basins,
        code=lambda wildcards: architecture_code(wildcards, "randvec.evaluation.predict"),
    script:
        "../scripts/predict.py"
