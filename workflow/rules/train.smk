# Needs: series.parquet and a static vector. Gives: a trained member and its predictions.
#
# `train` trains one member. If the profile says so, `train_together_1`, `_2` and so on train those
# that are listed in TOGETHER, several in one process, and `train` the rest.


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
        epochs=EPOCHS,
    wildcard_constraints:
        seed=SEED_ALONE,
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
        training=weights_depend_on(config["training"]),
        period=lambda wildcards: training_period(config, wildcards.scenario),
        code=lambda wildcards: architecture_code(wildcards, "randvec.training.member"),
    script:
        "../scripts/train.py"


for number, seeds in enumerate(TOGETHER, 1):

    rule:
        name:
            f"train_together_{number}"
        input:
            series=f"{DATASET}/series.parquet",
            vectors=vector_tables(seeds),
        output:
            weights=of_each(seeds, f"{MEMBER}/weights.safetensors"),
            settings=of_each(seeds, f"{MEMBER}/settings.json"),
            losses=of_each(seeds, f"{MEMBER}/loss.csv"),
            epochs=of_each(seeds, EPOCHS),
        log:
            f"{DATASET}/logs/train/{{scenario}}/{{model}}/together_{number}.log",
        benchmark:
            f"{DATASET}/benchmarks/train/{{scenario}}/{{model}}/together_{number}.tsv"
        conda:
            "../../envs/randvec.yaml"
        threads: 1
        resources:
            gpu=GPU,
        # The same as those of `train`: a member that is there is not trained again because it
        # would now be trained with others.
        params:
            architecture=lambda wildcards: MODELS[wildcards.model].architecture,
            training=weights_depend_on(config["training"]),
            period=lambda wildcards: training_period(config, wildcards.scenario),
            code=lambda wildcards: architecture_code(wildcards, "randvec.training.member"),
        script:
            "../scripts/train_together.py"


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
    conda:
        "../../envs/randvec.yaml"
    threads: 1
    resources:
        gpu=GPU,
    params:
        period=config["periods"]["test"],
        code=lambda wildcards: architecture_code(wildcards, "randvec.evaluation.predict"),
    script:
        "../scripts/predict.py"
