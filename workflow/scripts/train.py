import torch
from door import open_log

from randvec.devices import use_gpu
from randvec.training.member import train

open_log(snakemake.log[0])
use_gpu(snakemake.resources.gpu)
torch.set_num_threads(snakemake.threads)
train(
    series=snakemake.input.series,
    vectors=snakemake.input.get("vectors"),
    architecture=snakemake.params.architecture,
    training=snakemake.params.training,
    period=snakemake.params.period,
    seed=int(snakemake.wildcards.seed),
    code=snakemake.params.code,
    outputs=dict(snakemake.output.items()),
)
