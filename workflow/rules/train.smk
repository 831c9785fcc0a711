# Needs: series.parquet and a static vector. Gives: a trained member and its predictions.

from randvec.models import ARCHITECTURES


def architecture_code(wildcards, *modules):
    """Digest of the code behind a member: its own architecture's file and the given modules."""
    network = ARCHITECTURES[MODELS[wildcards.model].architecture].partition(":")[0]
    return code_digest(network, *modules)


rule members:
    input:
        each_member(MEMBER + "/predictions.parquet"),
        each_member(MEMBER + "/loss.csv"),


rule train:
    input:
        series=DATASET + "/series.parquet",
        vectors=vector_table,
    output:
        weights=MEMBER + "/weights.safetensors",
        settings=MEMBER + "/settings.json",
        losses=MEMBER + "/loss.csv",
    log:
        DATASET + "/logs/train/{scenario}/{model}/seed{seed}.log",
    benchmark:
        DATASET + "/benchmarks/train/{scenario}/{model}/seed{seed}.tsv"
    conda:
        "../../envs/randvec.yaml"
    threads: 1
    resources:
        gpu=GPU,
    params:
        architecture=lambda wildcards: MODELS[wildcards.model].architecture,
        training=config["training"],
        period=lambda wildcards: training_period(config, wildcards.scenario),
        code=lambda wildcards: architecture_code(wildcards, "randvec.training.member"),
    script:
        "../scripts/train.py"


rule predict:
    input:
        series=DATASET + "/series.parquet",
        vectors=vector_table,
        weights=MEMBER + "/weights.safetensors",
        settings=MEMBER + "/settings.json",
    output:
        MEMBER + "/predictions.parquet",
    log:
        DATASET + "/logs/predict/{scenario}/{model}/seed{seed}.log",
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
