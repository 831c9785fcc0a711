from script_log import open_log

from randvec.report.provenance import write_versions

open_log(snakemake.log[0])
write_versions(
    folder=snakemake.params.folder,
    cells=snakemake.params.cells,
    seeds=snakemake.params.seeds,
    output=snakemake.output[0],
)
