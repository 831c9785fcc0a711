from script_log import open_log

from randvec.evaluation.ensemble import evaluate

open_log(snakemake.log[0])
asked = snakemake.params
evaluate(
    paths=dict(zip(asked.seeds, snakemake.input.predictions, strict=True)),
    settings=dict(zip(asked.seeds, snakemake.input.settings, strict=True)),
    configured=asked.configured,
    vectors=asked.vectors,
    period=asked.period,
    **snakemake.output,
)
