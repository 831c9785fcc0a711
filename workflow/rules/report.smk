# Needs: the tables, and the settings and run times of all members. Gives: what the report says of
# the run as a whole, and a page to read for every table.


rule summary:
    input:
        performance=STUDY.tables["performance"].path,
        comparisons=STUDY.tables["comparisons"].path,
        answer=STUDY.tables["answer"].path if STUDY.answered else [],
        experiments=[
            STUDY.tables[table].path
            for name in STUDY.experiments
            for table in STUDY.tables_of_part(name)
        ],
    output:
        table("summary"),
    log:
        f"{DATASET}/logs/summary.log",
    group:
        "report"
    conda:
        "../../envs/randvec.yaml"
    params:
        kinds=STUDY.experiments,
        models=config["models"],
        citation=STUDY.citation,
        code=code_digest(
            *("randvec.report.summary", *STUDY.paragraphs()),
            records=STUDY.records(config["models"]),
        ),
    script:
        "../scripts/summary.py"


# The benchmark files are no input: a lost one would have its member trained again.
for name, needed in {
    "run_times": [f"{MEMBER}/predictions.parquet"],
    "versions": [f"{MEMBER}/settings.json"],
    "provenance": [
        f"{MEMBER}/{file}"
        for file in ("settings.json", "weights.safetensors", "predictions.parquet")
    ],
}.items():

    rule:
        name:
            name
        input:
            [STUDY.each_member(file) for file in needed],
            STUDY.each_ensemble(f"{ENSEMBLE}/metrics.csv") if name == "run_times" else [],
        output:
            table(name),
        log:
            f"{DATASET}/logs/{name}.log",
        group:
            "report"
        conda:
            "../../envs/randvec.yaml"
        params:
            module=f"randvec.report.{name}",
            folder=lambda wildcards: DATASET,
            ensembles=STUDY.ensembles,
            seeds=STUDY.seeds,
            more={"figures": STUDY.figures_drawn_from()} if name == "provenance" else {},
            code=code_digest(f"randvec.report.{name}"),
        script:
            "../scripts/run_table.py"


rule pages:
    input:
        [f"{DATASET}/report/{name}.html" for name in STUDY.tables],


for name, shown in STUDY.tables.items():

    rule:
        name:
            f"page_{name}"
        input:
            shown.path,
        output:
            report(
                f"{DATASET}/report/{name}.html",
                caption=caption(shown.caption, "table"),
                category=shown.category,
                labels={"result": shown.label, "as": "page"},
            ),
        log:
            f"{DATASET}/logs/pages/{name}.log",
        group:
            "report"
        conda:
            "../../envs/randvec.yaml"
        params:
            code=code_digest("randvec.report.page"),
        script:
            "../scripts/page.py"
