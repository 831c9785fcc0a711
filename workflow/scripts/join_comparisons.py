from randvec.comparison.comparisons import join_comparisons
from script_log import open_log

open_log(snakemake.log[0])
join_comparisons(snakemake.input, snakemake.output[0])
