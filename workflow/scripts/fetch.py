import logging

from script_log import open_log

from randvec.data.fetch import fetch

open_log(snakemake.log[0])
logging.getLogger("randvec.data").addHandler(logging.StreamHandler())  # on the terminal, too
fetch(snakemake.params.dataset, snakemake.params.sources)
