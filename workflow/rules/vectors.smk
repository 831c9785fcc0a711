# Needs: descriptors.parquet. Gives: the static vectors, exactly as the networks see them.

from randvec.vectors import module_of


rule vectors:
    input:
        expand(f"{DATASET}/vectors/{{vector}}.parquet", vector=STUDY.vectors),


rule static_vector:
    input:
        f"{DATASET}/descriptors.parquet",
    output:
        f"{DATASET}/vectors/{{vector}}.parquet",
    log:
        f"{DATASET}/logs/vectors/{{vector}}.log",
    group:
        "vectors"
    conda:
        "../../envs/randvec.yaml"
    params:
        groups=STUDY.groups,
        code=lambda wildcards: code_digest("randvec.vectors.build", module_of(wildcards.vector)),
    script:
        "../scripts/static_vector.py"
