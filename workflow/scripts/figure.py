from pathlib import Path

from door import open_log

from randvec.figures import load
from randvec.figures.inputs import FigureInputs
from randvec.figures.style import save

open_log(snakemake.log[0])
asked = snakemake.params
inputs = FigureInputs(Path(asked.results), asked.scenario, asked.models, asked.seeds, asked.loss)
save(load(asked.figure)(inputs), Path(snakemake.output.png).with_suffix(""))
