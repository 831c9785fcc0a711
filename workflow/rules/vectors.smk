# Needs: descriptors.parquet. Gives: the static vectors, exactly as the networks see them.

VECTORS = sorted(
    {name for model in MODELS.values() for seed in SEEDS if (name := model.table(seed)) is not None}
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
    conda:
        "../../envs/randvec.yaml"
    params:
        code=code_digest("randvec.vectors"),
    script:
        "../scripts/static_vector.py"
