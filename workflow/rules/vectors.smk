# Needs: descriptors.parquet, or the ids alone. Gives: the static vectors, as the networks see them.

from randvec.vectors import kind_of, module_of


rule vectors:
    input:
        expand(f"{DATASET}/vectors/{{vector}}.parquet", vector=STUDY.vectors),


rule static_vector:
    input:
        lambda wildcards: f"{DATASET}/{kind_of(wildcards.vector).made_of}.parquet",
    output:
        f"{DATASET}/vectors/{{vector}}.parquet",
    log:
        f"{DATASET}/logs/vectors/{{vector}}.log",
    group:
        "vectors"
    conda:
        "../../envs/randvec.yaml"
    params:
        groups=lambda wildcards: STUDY.groups if kind_of(wildcards.vector).describes else {},
        code=lambda wildcards: code_digest("randvec.vectors.build", module_of(wildcards.vector)),
    script:
        "../scripts/static_vector.py"
