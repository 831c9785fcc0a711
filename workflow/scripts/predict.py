import torch
from script_log import open_log

from randvec.devices import use_gpu
from randvec.evaluation.predict import predict_members

open_log(snakemake.log[0])
use_gpu(snakemake.resources.gpu)
torch.set_num_threads(snakemake.threads)
predict_members(
    series=snakemake.input.series,
    weights=snakemake.input.weights,
    settings=snakemake.input.settings,
    period=snakemake.params.period,
    basins=snakemake.params.basins,
    outputs=snakemake.output,
)
