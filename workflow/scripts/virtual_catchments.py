from script_log import open_log

from randvec.data.virtual.write import write_catchments

open_log(snakemake.log[0])
write_catchments(snakemake.params.folder, **snakemake.params.catchments)
