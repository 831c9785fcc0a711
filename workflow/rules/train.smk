# Needs: series.parquet and a static vector. Gives: a trained member and its predictions.
#
# `train` trains a member and `predict` simulates the test period with it; with members_together all of
# a model at once. Where a scenario shares some with another one, `train_2` and so on take the others.


rule members:
    input:
        STUDY.each_member(f"{MEMBER}/predictions.parquet"),
        STUDY.each_member(f"{MEMBER}/loss.csv"),
        [STUDY.each_member(epoch) for epoch in STUDY.epochs],


for number, job in enumerate(STUDY.jobs, 1):

    rule:
        name:
            "train" if number == 1 else f"train_{number}"
        input:
            series=f"{DATASET}/series.parquet",
            vectors=lambda wildcards, job=job: STUDY.vector_tables(
                wildcards.scenario, wildcards.model, job.seeds_of(wildcards)
            ),
        output:
            weights=expand(f"{MEMBER}/weights.safetensors", seed=job.each, allow_missing=True),
            settings=expand(f"{MEMBER}/settings.json", seed=job.each, allow_missing=True),
            losses=expand(f"{MEMBER}/loss.csv", seed=job.each, allow_missing=True),
            epochs=expand(STUDY.epochs, seed=job.each, allow_missing=True),
        log:
            f"{DATASET}/logs/train/{{scenario}}/{{model}}/{job.name}.log",
        benchmark:
            f"{DATASET}/benchmarks/train/{{scenario}}/{{model}}/{job.name}.tsv"
        wildcard_constraints:
            scenario="|".join(job.scenarios),
        conda:
            "../../envs/randvec.yaml"
        threads: 1
        resources:
            gpu=GPU,
        params:
            settings=lambda wildcards: STUDY.configured(wildcards.scenario, wildcards.model),
            seeds=lambda wildcards, job=job: STUDY.model_seeds(job.seeds_of(wildcards)),
            validation=config["periods"].get("validation"),
            # Checked once more, as the basins may have been there before the scenarios were.
            parts=not_tracked(STUDY.parts),
            periods=not_tracked(config["periods"]),
            code=lambda wildcards: code_digest(
                STUDY.network(wildcards.model), "randvec.training.member"
            ),
        script:
            "../scripts/train.py"

    rule:
        name:
            "predict" if number == 1 else f"predict_{number}"
        input:
            series=f"{DATASET}/series.parquet",
            weights=expand(f"{MEMBER}/weights.safetensors", seed=job.each, allow_missing=True),
            settings=expand(f"{MEMBER}/settings.json", seed=job.each, allow_missing=True),
        output:
            expand(f"{MEMBER}/predictions.parquet", seed=job.each, allow_missing=True),
        log:
            f"{DATASET}/logs/predict/{{scenario}}/{{model}}/{job.name}.log",
        benchmark:
            f"{DATASET}/benchmarks/predict/{{scenario}}/{{model}}/{job.name}.tsv"
        wildcard_constraints:
            scenario="|".join(job.scenarios),
        group:
            "predictions"
        conda:
            "../../envs/randvec.yaml"
        threads: 1
        resources:
            gpu=GPU,
        params:
            period=config["periods"]["test"],
            basins=lambda wildcards: STUDY.scenarios[wildcards.scenario].basins,
            code=lambda wildcards: code_digest(
                STUDY.network(wildcards.model), "randvec.evaluation.predict"
            ),
        script:
            "../scripts/predict.py"

    # Cores, cards, time and memory are those that a profile sets for train and predict.
    for stage in ("train", "predict") if number > 1 else ():
        first = getattr(rules, stage).rule
        getattr(rules, f"{stage}_{number}").rule.resources.update(first.resources)
