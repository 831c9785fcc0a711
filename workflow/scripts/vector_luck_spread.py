from script_log import open_log

from randvec.comparison.variance import write_spread

open_log(snakemake.log[0])
write_spread(snakemake.params.cells, snakemake.input, snakemake.output[0])
