from door import open_log

from randvec.evaluation.performance import collect

open_log(snakemake.log[0])
collect(
    cells=snakemake.params.cells,
    ensembles=snakemake.input.ensembles,
    members=snakemake.input.members,
    output=snakemake.output[0],
)
