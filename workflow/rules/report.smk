# Needs: the tables, and the settings and run times of all members. Gives: what the report says of
# the run as a whole, and a page to read for every table.

from randvec.figures.files import cells_drawn, shows_models


rule summary:
    input:
        performance=f"{DATASET}/tables/performance.csv",
        comparisons=f"{DATASET}/tables/comparisons.csv",
        experiments=[f"{DATASET}/tables/{name}.csv" for name in EXPERIMENTS],
        luck=branch("vector_luck" in EXPERIMENTS, then=f"{DATASET}/tables/vector_luck_spread.csv"),
    output:
        report(
            f"{DATASET}/report/summary.rst",
            caption="../report/summary.rst",
            category="Run",
            labels={"result": "summary", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/summary.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        experiments=list(EXPERIMENTS),
        scenario=config["scenarios"][0],
        models=config["models"],
        code=code_digest("randvec.report.summary"),
    script:
        "../scripts/summary.py"


# The benchmark files are no input: a lost one would have its member trained again.
rule run_times:
    input:
        each_member(f"{MEMBER}/predictions.parquet"),
        each_ensemble(f"{ENSEMBLE}/metrics.csv"),
    output:
        report(
            f"{DATASET}/tables/run_times.csv",
            caption="../report/run_times.rst",
            category="Run",
            labels={"result": "run times", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/run_times.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        folder=lambda wildcards: f"{DATASET}/benchmarks",
        cells=CELLS,
        seeds=SEEDS,
        code=code_digest("randvec.report.run_times"),
    script:
        "../scripts/run_times.py"


rule versions:
    input:
        each_member(f"{MEMBER}/settings.json"),
    output:
        report(
            f"{DATASET}/tables/versions.csv",
            caption="../report/versions.rst",
            category="Run",
            labels={"result": "versions", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/versions.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        folder=lambda wildcards: f"{DATASET}/members",
        cells=CELLS,
        seeds=SEEDS,
        code=code_digest("randvec.report.provenance"),
    script:
        "../scripts/versions.py"


rule provenance:
    input:
        each_member(f"{MEMBER}/settings.json"),
        each_member(f"{MEMBER}/weights.safetensors"),
        each_member(f"{MEMBER}/predictions.parquet"),
    output:
        report(
            f"{DATASET}/tables/provenance.csv",
            caption="../report/provenance.rst",
            category="Run",
            labels={"result": "provenance", "as": "raw file"},
        ),
    log:
        f"{DATASET}/logs/provenance.log",
    conda:
        "../../envs/randvec.yaml"
    params:
        folder=lambda wildcards: f"{DATASET}/members",
        cells=CELLS,
        seeds=SEEDS,
        figures={
            name: cells_drawn(name, cells_shown(name))
            for name in FIGURE_NAMES
            if shows_models(name)
        },
        code=code_digest("randvec.report.provenance"),
    script:
        "../scripts/provenance.py"


# A page, the file that it shows, and where in the report it stands: its part, and its name there.
PAGES = {
    "performance": (f"{DATASET}/tables/performance.csv", "Tables", "performance"),
    "comparisons": (f"{DATASET}/tables/comparisons.csv", "Tables", "all comparisons"),
    **{
        f"comparisons_{name}": (
            f"{DATASET}/tables/comparisons/{name}.csv",
            part_of_report(name) if name in EXPERIMENTS else "Tables",
            name_of_comparisons(name),
        )
        for name in COMPARED
    },
    **{
        name: (f"{DATASET}/tables/{name}.csv", part_of_report(name), "medians")
        for name in EXPERIMENTS
    },
    "run_times": (f"{DATASET}/tables/run_times.csv", "Run", "run times"),
    "versions": (f"{DATASET}/tables/versions.csv", "Run", "versions"),
    "provenance": (f"{DATASET}/tables/provenance.csv", "Run", "provenance"),
    "config": (f"{DATASET}/config.yaml", "Run", "configuration"),
    "summary": (f"{DATASET}/report/summary.rst", "Run", "summary"),
}
if "vector_luck" in EXPERIMENTS:
    PAGES["vector_luck_spread"] = (
        f"{DATASET}/tables/vector_luck_spread.csv",
        part_of_report("vector_luck"),
        "analysis of variance",
    )
if REAL:
    PAGES["published"] = (f"{DATASET}/tables/published.csv", "Tables", "published results")


rule pages:
    input:
        [f"{DATASET}/report/{name}.html" for name in PAGES],


for name, (source, part, result) in PAGES.items():

    rule:
        name:
            f"page_{name}"
        input:
            source,
        output:
            report(
                f"{DATASET}/report/{name}.html",
                caption=f"../report/{caption_of(name)}.rst",
                category=part,
                labels={"result": result, "as": "page"},
            ),
        log:
            f"{DATASET}/logs/pages/{name}.log",
        conda:
            "../../envs/randvec.yaml"
        params:
            code=code_digest("randvec.report.page"),
        script:
            "../scripts/page.py"
