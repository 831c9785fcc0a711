from door import open_log

from randvec.evaluation.origin import write_versions

open_log(snakemake.log[0])
write_versions(snakemake.input, snakemake.output[0])
