from importlib import import_module

from script_log import open_log

open_log(snakemake.log[0])
import_module(snakemake.params.module).write(
    ensembles=snakemake.params.ensembles,
    metrics=snakemake.input.metrics,
    metrics_of_members=snakemake.input.members,
    output=snakemake.output[0],
)
