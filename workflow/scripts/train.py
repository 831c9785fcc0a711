import torch
from script_log import open_log

from randvec.devices import use_gpu
from randvec.models import ARCHITECTURES
from randvec.series_check import check_series
from randvec.training.member import train
from randvec.unchanged import check_code

open_log(snakemake.log[0])
use_gpu(snakemake.resources.gpu)
torch.set_num_threads(snakemake.threads)
seeds = snakemake.params.seeds
asked = snakemake.params.settings
outputs = []
for member in range(len(seeds)):
    # The rules list files by kind, and those of a kind member by member.
    weights, settings, losses, *epochs = snakemake.output[member :: len(seeds)]
    files = {"weights": weights, "settings": settings, "losses": losses, "epochs": epochs}
    outputs.append(files)
series, *vectors = snakemake.input
network = ARCHITECTURES[asked["architecture"]].module
check_code(snakemake.params.code, network, "randvec.training.member")
check_series(snakemake.params.parts, snakemake.params.periods, series)
train(
    series=series,
    vectors=vectors,
    architecture=asked["architecture"],
    training=asked["training"],
    period=asked["train_period"],
    validation=snakemake.params.validation,
    basins=asked["basins"],
    seeds=seeds,
    code=snakemake.params.code,
    outputs=outputs,
)
