# Needs: results of the stages before. Gives: one PNG and one PDF for each figure that applies to
# the configuration (randvec/figures).


rule figures:
    input:
        STUDY.figure_files(STUDY.figures),


for name, figure in STUDY.figures.items():

    rule:
        name:
            f"figure_{name}"
        input:
            STUDY.figure_needs(name),
        output:
            png=report(
                f"{DATASET}/figures/{name}.png",
                caption=caption(figure.module.rpartition(".")[2], "figure"),
                category=STUDY.figure_category(name),
                labels={"result": figure.title},
            ),
            pdf=f"{DATASET}/figures/{name}.pdf",
        log:
            f"{DATASET}/logs/figures/{name}.log",
        group:
            STUDY.figure_group(name)
        conda:
            "../../envs/randvec.yaml"
        params:
            module=figure.module,
            experiment=figure.experiment,
            kind=figure.kind,
            models=STUDY.figure_models(name),
            seeds=STUDY.seeds,
            loss=STUDY.figure_losses(name),
            real=STUDY.real,
            descriptors=STUDY.figure_descriptors(),
            published=STUDY.published,
            code=code_digest(
                *(figure.module, "randvec.figures.inputs"), records=STUDY.figure_records(name)
            ),
        script:
            "../scripts/figure.py"
