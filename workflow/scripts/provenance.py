from script_log import open_log

from randvec.report.provenance import write_provenance

open_log(snakemake.log[0])
write_provenance(
    folder=snakemake.params.folder,
    cells=snakemake.params.cells,
    seeds=snakemake.params.seeds,
    figures=snakemake.params.figures,
    output=snakemake.output[0],
)
