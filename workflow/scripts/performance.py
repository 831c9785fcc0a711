from script_log import open_log

from randvec.evaluation.performance import collect

open_log(snakemake.log[0])
collect(
    ensembles=snakemake.params.ensembles,
    metrics=snakemake.input.metrics,
    metrics_of_members=snakemake.input.members,
    settings=snakemake.input.settings,
    configured=snakemake.params.configured,
    basins=snakemake.input.basins,
    output=snakemake.output[0],
)
