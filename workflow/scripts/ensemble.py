from door import open_log

from randvec.evaluation.ensemble import evaluate

open_log(snakemake.log[0])
evaluate(dict(zip(snakemake.params.seeds, snakemake.input, strict=True)), **snakemake.output)
