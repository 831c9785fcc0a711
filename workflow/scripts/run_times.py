from script_log import open_log

from randvec.report.run_times import write_run_times

open_log(snakemake.log[0])
write_run_times(
    folder=snakemake.params.folder,
    cells=snakemake.params.cells,
    seeds=snakemake.params.seeds,
    output=snakemake.output[0],
)
