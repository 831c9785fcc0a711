from script_log import open_log

from randvec.comparison.published import write_published

open_log(snakemake.log[0])
write_published(snakemake.output[0])
