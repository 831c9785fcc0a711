# Needs: a network, and only where dataset.folder lacks something.
# Gives: CAMELS-US in dataset.folder. No other target asks for it.

from randvec.data import fetch

SOURCES = config["dataset"].get("sources", str(REPOSITORY / "config/sources/camels_us.yaml"))
CAMELS = Path(config["dataset"].get("folder", "data/camels_us"))
TERMS = f"{CAMELS}/TERMS.txt"


rule fetch_terms:
    output:
        TERMS,
    log:
        f"{DATASET}/logs/fetch_terms.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        sources=SOURCES,
    script:
        "../scripts/fetch_terms.py"


# No output is declared: Snakemake removes outputs, and it shall never remove anybody's data.
rule fetch:
    input:
        unpack(
            or_end(
                lambda wildcards: fetch.rule_inputs(
                    storage, fetch.missing_files(config["dataset"], SOURCES), CAMELS, TERMS
                )
            )
        ),
    log:
        f"{DATASET}/logs/fetch.log",
    retries: 1
    conda:
        "../../envs/randvec.yaml"
    params:
        sources=SOURCES,
        folder=str(CAMELS),
    script:
        "../scripts/fetch.py"
