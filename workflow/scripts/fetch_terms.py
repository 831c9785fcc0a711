from pathlib import Path

from script_log import open_log

from randvec.data.fetch_sources import read_sources, terms

open_log(snakemake.log[0])
text = terms(read_sources(snakemake.params.sources))
Path(snakemake.output[0]).write_text(text, encoding="utf-8")
print(f"\n{text}\nThe same is in {snakemake.output[0]}.\n", flush=True)
