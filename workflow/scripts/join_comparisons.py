from script_log import open_log

from randvec.comparison.comparisons import join_comparisons

open_log(snakemake.log[0])
join_comparisons(snakemake.input, snakemake.output[0])
