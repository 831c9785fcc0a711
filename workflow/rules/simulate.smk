# Needs: trained members, which are no input, so that nothing is ever trained for a simulation.
# Gives: what they simulate in other periods and other basins (section simulate).

from dataclasses import asdict

from randvec.simulation.section import all_outputs


rule simulate:
    input:
        or_end(lambda wildcards: all_outputs(STUDY.simulations)),


for simulation in STUDY.simulations:

    rule:
        name:
            f"simulated_{simulation.name}"
        input:
            or_end(lambda wildcards, of=simulation: of.inputs()),
        output:
            simulation.outputs(),
        log:
            f"{DATASET}/logs/simulations/{simulation.name}.log",
        conda:
            "../../envs/randvec.yaml"
        threads: 1
        params:
            asked=asdict(simulation),
            found=or_end(lambda wildcards, of=simulation: of.found()),
            sequence_length=config["training"]["sequence_length"],
            precipitation=STUDY.figure_descriptors()["precipitation"],
            code=code_digest(*simulation.modules()),
        script:
            "../scripts/simulate.py"

    # The card, time and memory of predict, but for what the command line says of this rule.
    made = getattr(rules, f"simulated_{simulation.name}").rule
    told = {"_cores", *workflow.resource_settings.overwrite_resources.get(made.name, ())}
    for key in rules.predict.rule.resources.keys() - told:
        made.resources[key] = rules.predict.rule.resources[key]
