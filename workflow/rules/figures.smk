# Needs: results of the stages before. Gives: one PNG and one PDF for each figure that applies to
# the configuration (randvec/figures).

from randvec.figures.files import files_needed, models_drawn


rule figures:
    input:
        expand(
            f"{DATASET}/figures/{{figure}}.{{format}}", figure=FIGURE_NAMES, format=["png", "pdf"]
        ),


for name in FIGURE_NAMES:

    rule:
        name:
            f"figure_{name}"
        input:
            files_needed(name, DATASET, cells_shown(name), SEEDS),
        output:
            png=report(
                f"{DATASET}/figures/{name}.png",
                caption=f"../report/{name}.rst",
                category=part_of_report(FIGURES[name].experiment),
                labels={"result": FIGURES[name].title},
            ),
            pdf=f"{DATASET}/figures/{name}.pdf",
        log:
            f"{DATASET}/logs/figures/{name}.log",
        conda:
            "../../envs/randvec.yaml"
        params:
            figure=name,
            scenario=config["scenarios"][0],
            models=models_drawn(name, cells_shown(name)),
            seeds=SEEDS,
            loss=config["training"]["loss"],
            real=REAL,
            code=code_digest(FIGURES[name].module, "randvec.figures.inputs"),
        script:
            "../scripts/figure.py"
