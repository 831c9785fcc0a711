# Needs: descriptors.parquet. Gives: the static vectors, exactly as the networks see them.

from randvec.vectors import module_of

VECTORS = sorted(
    {
        name
        for scenario, model in CELLS
        for seed in SEEDS
        if (name := scenarios.vector_name(MODELS[model], SCENARIOS[scenario], seed)) is not None
    }
)


rule vectors:
    input:
        expand(f"{DATASET}/vectors/{{vector}}.parquet", vector=VECTORS),


rule static_vector:
    input:
        f"{DATASET}/descriptors.parquet",
    output:
        f"{DATASET}/vectors/{{vector}}.parquet",
    log:
        f"{DATASET}/logs/vectors/{{vector}}.log",
    # Before any training: a vector that is newer than a member would have the member made again as
    # soon as the two share a job.
    priority: 1
    conda:
        "../../envs/randvec.yaml"
    params:
        code=lambda wildcards: code_digest(
            "randvec.vectors.build", module_of(wildcards.vector)
        ),
    script:
        "../scripts/static_vector.py"
