from door import open_log

from randvec.evaluation.published import write_published

open_log(snakemake.log[0])
write_published(snakemake.output[0])
