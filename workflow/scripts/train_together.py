import torch
from door import open_log

from randvec.training.member import train

open_log(snakemake.log[0])
torch.set_num_threads(snakemake.threads)
seeds, files = snakemake.params.seeds, snakemake.output
train(
    series=snakemake.input.series,
    vectors=snakemake.input.get("vectors", []),
    architecture=snakemake.params.architecture,
    training=snakemake.params.training,
    period=snakemake.params.period,
    seeds=seeds,
    code=snakemake.params.code,
    outputs=[
        {
            "weights": files.weights[member],
            "settings": files.settings[member],
            "losses": files.losses[member],
            "epochs": files.epochs[member :: len(seeds)],
        }
        for member in range(len(seeds))
    ],
)
