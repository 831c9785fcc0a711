# Needs: the metrics of the ensembles of a part: the main comparison, or an experiment. Gives: its
# tables, and the comparisons of the whole run. Each part is a target of its own.

from randvec.experiments import MAIN

for part in STUDY.parts:

    rule:
        name:
            "main_comparison" if part == MAIN else part
        input:
            STUDY.files_of_part(part),
        localrule: True


for part in STUDY.parts:
    for name, module in STUDY.tables_of_part(part).items():

        rule:
            name:
                f"table_{name}"
            input:
                metrics=STUDY.each_ensemble(f"{ENSEMBLE}/metrics.csv", STUDY.rows(part)),
                members=STUDY.each_ensemble(f"{ENSEMBLE}/metrics_of_members.csv", STUDY.rows(part)),
            output:
                table(name),
            log:
                f"{DATASET}/logs/tables/{name}.log",
            group:
                "report"
            conda:
                "../../envs/randvec.yaml"
            params:
                module=module,
                ensembles=STUDY.rows(part),
                code=code_digest(module),
            script:
                "../scripts/experiment_table.py"


for part, compared in STUDY.compared.items():

    rule:
        name:
            f"comparisons_{part}"
        input:
            STUDY.each_ensemble(f"{ENSEMBLE}/metrics.csv", STUDY.parts[part]),
        output:
            table(f"comparisons_{part}"),
        log:
            f"{DATASET}/logs/comparisons/{part}.log",
        group:
            "report"
        conda:
            "../../envs/randvec.yaml"
        params:
            experiment=part,
            ensembles=STUDY.parts[part],
            pairs=compared,
            code=code_digest("randvec.comparison.comparisons"),
        script:
            "../scripts/comparisons.py"


rule comparisons:
    input:
        [STUDY.tables[f"comparisons_{part}"].path for part in STUDY.compared],
    output:
        table("comparisons"),
    log:
        f"{DATASET}/logs/comparisons.log",
    group:
        "report"
    conda:
        "../../envs/randvec.yaml"
    params:
        code=code_digest("randvec.comparison.comparisons"),
    script:
        "../scripts/join_comparisons.py"
