from door import open_log

from randvec.evaluation.page import write_page

open_log(snakemake.log[0])
write_page(snakemake.input[0], snakemake.output[0])
