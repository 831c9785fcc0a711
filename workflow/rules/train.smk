# Needs: series.parquet and a static vector. Gives: a trained member and its predictions.
#
# `train` trains one member. Where a profile sets its resource members_together, the rules
# `train_together_1`, `_2` and so on train a cell's members in its place, so many in one process.


rule members:
    input:
        each_member(f"{MEMBER}/predictions.parquet"),
        each_member(f"{MEMBER}/loss.csv"),
        [each_member(epoch) for epoch in EPOCHS],


rule train:
    input:
        series=f"{DATASET}/series.parquet",
        vectors=vector_table,
    output:
        weights=f"{MEMBER}/weights.safetensors",
        settings=f"{MEMBER}/settings.json",
        losses=f"{MEMBER}/loss.csv",
        epochs=EPOCHS,
    log:
        f"{DATASET}/logs/train/{{scenario}}/{{model}}/seed{{seed}}.log",
    benchmark:
        f"{DATASET}/benchmarks/train/{{scenario}}/{{model}}/seed{{seed}}.tsv"
    wildcard_constraints:
        seed=SEED_ALONE,
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


for number, seeds in enumerate(TOGETHER, 1):

    rule:
        name:
            f"train_together_{number}"
        input:
            series=f"{DATASET}/series.parquet",
            vectors=vector_tables(seeds),
        output:
            weights=expand(f"{MEMBER}/weights.safetensors", seed=seeds, allow_missing=True),
            settings=expand(f"{MEMBER}/settings.json", seed=seeds, allow_missing=True),
            losses=expand(f"{MEMBER}/loss.csv", seed=seeds, allow_missing=True),
            epochs=expand(EPOCHS, seed=seeds, allow_missing=True),
        log:
            f"{DATASET}/logs/train/{{scenario}}/{{model}}/{job_name(seeds)}.log",
        benchmark:
            f"{DATASET}/benchmarks/train/{{scenario}}/{{model}}/{job_name(seeds)}.tsv"
        conda:
            "../../envs/randvec.yaml"
        # With the same parameters as alone, no member that is there is trained again because it
        # would now be trained with others.
        params:
            **rules.train.params,
            seeds=not_tracked(seeds),
        script:
            "../scripts/train.py"

    # Cores, cards, time and memory are those of `train`, as a profile may set them.
    workflow.get_rule(f"train_together_{number}").resources.update(rules.train.rule.resources)


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
