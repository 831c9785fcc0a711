from pathlib import Path

from script_log import open_log

from randvec.figures import load
from randvec.figures.inputs import FigureInputs
from randvec.figures.style import save

open_log(snakemake.log[0])
asked = snakemake.params
png = Path(snakemake.output.png)
inputs = FigureInputs(
    png.parents[1],
    asked.models,
    asked.seeds,
    tuple(asked.loss),
    asked.real,
    asked.experiment,
    asked.kind,
    published=asked.published,
    files=frozenset(snakemake.input),
    **asked.descriptors,
)
save(load(asked.module)(inputs), png.with_suffix(""))
