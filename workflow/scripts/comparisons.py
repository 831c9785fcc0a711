from door import open_log

from randvec.evaluation.experiments import write_comparisons

open_log(snakemake.log[0])
write_comparisons(snakemake.params.cells, snakemake.input, snakemake.output[0])
