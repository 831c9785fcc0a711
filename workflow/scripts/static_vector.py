import pandas as pd
from script_log import open_log

from randvec.vectors.build import build

open_log(snakemake.log[0])
table = build(
    snakemake.wildcards.vector, pd.read_parquet(snakemake.input[0]), snakemake.params.groups
)
table.to_parquet(snakemake.output[0], index=False, compression="zstd")
