import torch
from door import open_log

from randvec.evaluation.predict import predict_member

open_log(snakemake.log[0])
torch.set_num_threads(snakemake.threads)
predict_member(
    series=snakemake.input.series,
    vectors=snakemake.input.get("vectors"),
    weights=snakemake.input.weights,
    settings=snakemake.input.settings,
    period=snakemake.params.period,
    basins=snakemake.params.basins,
    output=snakemake.output[0],
)
