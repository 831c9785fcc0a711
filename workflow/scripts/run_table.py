from importlib import import_module

from script_log import open_log

open_log(snakemake.log[0])
import_module(snakemake.params.module).write(
    folder=snakemake.params.folder,
    ensembles=snakemake.params.ensembles,
    seeds=snakemake.params.seeds,
    output=snakemake.output[0],
    **snakemake.params.more,
)
