from script_log import open_log

from randvec.comparison.experiments import write_comparisons

open_log(snakemake.log[0])
write_comparisons(
    experiment=snakemake.params.experiment,
    cells=snakemake.params.cells,
    pairs=snakemake.params.pairs,
    ensembles=snakemake.input,
    output=snakemake.output[0],
)
