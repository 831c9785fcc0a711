from script_log import open_log

from randvec.report.summary import write_summary

open_log(snakemake.log[0])
write_summary(
    performance=snakemake.input.performance,
    comparisons=snakemake.input.comparisons,
    experiments=dict(zip(snakemake.params.experiments, snakemake.input.experiments, strict=True)),
    luck=snakemake.input.get("luck"),
    scenario=snakemake.params.scenario,
    models=snakemake.params.models,
    output=snakemake.output[0],
)
