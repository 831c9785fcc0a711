from script_log import open_log

from randvec.comparison.comparisons import write_comparisons

open_log(snakemake.log[0])
write_comparisons(
    experiment=snakemake.params.experiment,
    ensembles=snakemake.params.ensembles,
    pairs=snakemake.params.pairs,
    metrics=snakemake.input,
    output=snakemake.output[0],
)
