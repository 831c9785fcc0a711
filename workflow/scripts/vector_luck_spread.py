from door import open_log

from randvec.evaluation.luck import write_spread

open_log(snakemake.log[0])
write_spread(snakemake.params.cells, snakemake.input, snakemake.output[0])
