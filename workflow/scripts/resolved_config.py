from pathlib import Path

import yaml
from script_log import open_log

open_log(snakemake.log[0])
text = yaml.safe_dump(snakemake.params.config, sort_keys=False, allow_unicode=True)
Path(snakemake.output[0]).write_text(text, encoding="utf-8")
