from script_log import open_log

from randvec.report.summary import write_summary

open_log(snakemake.log[0])
write_summary(
    performance=snakemake.input.performance,
    comparisons=snakemake.input.comparisons,
    answer=snakemake.input.answer,
    kinds=snakemake.params.kinds,
    tables=snakemake.input.experiments,
    models=snakemake.params.models,
    citation=snakemake.params.citation,
    output=snakemake.output[0],
)
