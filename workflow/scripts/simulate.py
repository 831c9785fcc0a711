import torch
from script_log import open_log

from randvec.devices import use_gpu
from randvec.simulation.job import simulate

# Where new processes start afresh (macOS), each of those that read files imports this script.
if __name__ == "__main__":
    open_log(snakemake.log[0])
    use_gpu(snakemake.resources.gpu)
    torch.set_num_threads(snakemake.threads)
    simulate(
        **snakemake.params.asked,
        sequence_length=snakemake.params.sequence_length,
        precipitation=snakemake.params.precipitation,
        workers=snakemake.threads,
    )
