from script_log import open_log

from randvec.report.page import write_page

open_log(snakemake.log[0])
write_page(snakemake.input[0], snakemake.output[0])
