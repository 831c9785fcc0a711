from script_log import open_log

from randvec.evaluation.performance import collect

open_log(snakemake.log[0])
collect(
    cells=snakemake.params.cells,
    ensembles=snakemake.input.ensembles,
    members=snakemake.input.members,
    settings=snakemake.input.settings,
    configured=snakemake.params.configured,
    basins=snakemake.input.basins,
    output=snakemake.output[0],
)
