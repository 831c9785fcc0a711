# Needs: a network, and only where dataset.folder lacks something.
# Gives: CAMELS-US in dataset.folder. No other target asks for it.


# No output is declared: Snakemake removes outputs, and it shall never remove anybody's data.
rule fetch:
    log:
        f"{DATASET}/logs/fetch.log",
    retries: 0  # what another attempt can mend is tried again by the script
    conda:
        "../../envs/randvec.yaml"
    params:
        dataset=config["dataset"],
        sources=config["dataset"].get("sources", f"{REPOSITORY}/config/sources/camels_us.yaml"),
    script:
        "../scripts/fetch.py"
