from script_log import open_log

from randvec.data.fetch import install

open_log(snakemake.log[0])
files = snakemake.input.get("files", [])
install(files, snakemake.params.sources, snakemake.params.folder)
print(f"{snakemake.params.folder} is complete; {len(files)} files were fetched.", flush=True)
