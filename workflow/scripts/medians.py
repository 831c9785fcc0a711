from script_log import open_log

from randvec.comparison.experiments import write_medians

open_log(snakemake.log[0])
write_medians(
    cells=snakemake.params.cells,
    ensembles=snakemake.input.ensembles,
    members=snakemake.input.members,
    output=snakemake.output[0],
)
