# Needs: the files of a source, virtual (made here) or real (dataset.folder).
# Gives: the tables of the series, the descriptors and the basins, and the resolved configuration.

from randvec.data import sources

SOURCE = sources.SOURCES[config["dataset"]["source"]]


rule resolved_config:
    output:
        table("config"),
    log:
        f"{DATASET}/logs/resolved_config.log",
    group:
        "data"
    conda:
        "../../envs/randvec.yaml"
    params:
        config=config,
    script:
        "../scripts/resolved_config.py"


if config["dataset"]["source"] == "virtual":

    rule virtual_catchments:
        output:
            sources.files(config["dataset"]),
        log:
            f"{DATASET}/logs/virtual_catchments.log",
        group:
            "data"
        conda:
            "../../envs/randvec.yaml"
        params:
            folder=lambda wildcards: sources.reader(config["dataset"]).folder,
            catchments=config["dataset"]["virtual"],
            code=code_digest("randvec.data.virtual.write"),
        script:
            "../scripts/virtual_catchments.py"


# A checkpoint, so that Snakemake looks again at what is left to do: where the tables come out with
# the bytes that they had, nothing is trained again.
checkpoint series:
    input:
        or_end(lambda wildcards: refuse() or sources.files(config["dataset"])),
    output:
        series=f"{DATASET}/series.parquet",
        descriptors=f"{DATASET}/descriptors.parquet",
        used_basins=f"{DATASET}/used_basins.parquet",
        basins=f"{DATASET}/basins.csv",
        made_from=f"{DATASET}/made_from.json",
    log:
        f"{DATASET}/logs/series.log",
    benchmark:
        f"{DATASET}/benchmarks/series.tsv"
    group:
        "data"
    conda:
        "../../envs/randvec.yaml"
    threads: 2
    params:
        dataset=config["dataset"],
        periods=config["periods"],
        sequence_length=config["training"]["sequence_length"],
        made_from=made_from(config),
        stamp=or_end(lambda wildcards: sources.stamp(config["dataset"])),
        # What is drawn of the basins changes no table; it is only checked.
        parts=not_tracked(STUDY.parts),
        code=code_digest(
            "randvec.data.prepare", "randvec.data.series", SOURCE.reader.partition(":")[0]
        ),
    script:
        "../scripts/series.py"


rule data:
    input:
        rules.series.output,
        f"{DATASET}/config.yaml",
