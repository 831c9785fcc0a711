# Needs: series.parquet and a static vector. Gives: a trained member and its predictions.
#
# `train` trains one member and `predict` simulates the test period with it. Where a profile sets the
# resource members_together of `train`, so many members of a cell share a job: `train_together_1`,
# `_2` and so on train them in its place, and `predict_together_1` and so on simulate with them.
#
# A job that several members share has the parameters of one alone, and the profiles do not compare
# lists of input, so that members that are there are not made again because they would now share a
# job. What may change a list of input is a parameter instead, here as in all rules.


rule members:
    input:
        each_member(f"{MEMBER}/predictions.parquet"),
        each_member(f"{MEMBER}/loss.csv"),
        [each_member(epoch) for epoch in EPOCHS],


rule train:
    input:
        series=f"{DATASET}/series.parquet",
        vectors=lambda wildcards: vector_tables(wildcards, [wildcards.seed]),
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
        scenario=scenario_alone(SHARED_JOBS, SCENARIOS),
    conda:
        "../../envs/randvec.yaml"
    threads: 1
    resources:
        gpu=GPU,
    params:
        architecture=lambda wildcards: MODELS[wildcards.model].architecture,
        training=lambda wildcards: training_of(config, MODELS[wildcards.model]),
        period=lambda wildcards: training_period(config, wildcards.scenario),
        validation=config["periods"].get("validation"),
        basins=lambda wildcards: SCENARIOS[wildcards.scenario].basins,
        vector=vector_of_cell,
        # Checked once more, as the basins may have been there before the scenarios were.
        parts=not_tracked(PARTS),
        code=lambda wildcards: architecture_code(wildcards, "randvec.training.member"),
    script:
        "../scripts/train.py"


rule predict:
    input:
        series=f"{DATASET}/series.parquet",
        vectors=lambda wildcards: vector_tables(wildcards, [wildcards.seed]),
        weights=[f"{MEMBER}/weights.safetensors"],
        settings=[f"{MEMBER}/settings.json"],
    output:
        f"{MEMBER}/predictions.parquet",
    log:
        f"{DATASET}/logs/predict/{{scenario}}/{{model}}/seed{{seed}}.log",
    benchmark:
        f"{DATASET}/benchmarks/predict/{{scenario}}/{{model}}/seed{{seed}}.tsv"
    wildcard_constraints:
        scenario=scenario_alone(SHARED_JOBS, SCENARIOS),
    conda:
        "../../envs/randvec.yaml"
    threads: 1
    resources:
        gpu=GPU,
    params:
        period=config["periods"]["test"],
        basins=lambda wildcards: SCENARIOS[wildcards.scenario].basins,
        vector=vector_of_cell,
        code=lambda wildcards: architecture_code(wildcards, "randvec.evaluation.simulate"),
    script:
        "../scripts/predict.py"


for number, (seeds, scenarios_here) in enumerate(SHARED_JOBS.items(), 1):

    rule:
        name:
            f"train_together_{number}"
        input:
            series=f"{DATASET}/series.parquet",
            vectors=lambda wildcards, seeds=seeds: vector_tables(wildcards, seeds),
        output:
            weights=expand(f"{MEMBER}/weights.safetensors", seed=seeds, allow_missing=True),
            settings=expand(f"{MEMBER}/settings.json", seed=seeds, allow_missing=True),
            losses=expand(f"{MEMBER}/loss.csv", seed=seeds, allow_missing=True),
            epochs=expand(EPOCHS, seed=seeds, allow_missing=True),
        log:
            f"{DATASET}/logs/train/{{scenario}}/{{model}}/{job_name(seeds)}.log",
        benchmark:
            f"{DATASET}/benchmarks/train/{{scenario}}/{{model}}/{job_name(seeds)}.tsv"
        wildcard_constraints:
            scenario="|".join(scenarios_here),
        conda:
            "../../envs/randvec.yaml"
        params:
            **rules.train.params,
            seeds=not_tracked(seeds),
        script:
            "../scripts/train.py"

    rule:
        name:
            f"predict_together_{number}"
        input:
            series=f"{DATASET}/series.parquet",
            vectors=lambda wildcards, seeds=seeds: vector_tables(wildcards, seeds),
            weights=expand(f"{MEMBER}/weights.safetensors", seed=seeds, allow_missing=True),
            settings=expand(f"{MEMBER}/settings.json", seed=seeds, allow_missing=True),
        output:
            expand(f"{MEMBER}/predictions.parquet", seed=seeds, allow_missing=True),
        log:
            f"{DATASET}/logs/predict/{{scenario}}/{{model}}/{job_name(seeds)}.log",
        benchmark:
            f"{DATASET}/benchmarks/predict/{{scenario}}/{{model}}/{job_name(seeds)}.tsv"
        wildcard_constraints:
            scenario="|".join(scenarios_here),
        conda:
            "../../envs/randvec.yaml"
        params:
            **rules.predict.params,
        script:
            "../scripts/predict.py"

    # Cores, cards, time and memory are those of one member's rule, as a profile may set them.
    for stage in ("train", "predict"):
        alone = getattr(rules, stage).rule
        getattr(rules, f"{stage}_together_{number}").rule.resources.update(alone.resources)
