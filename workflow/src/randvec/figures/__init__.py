"""Figures: one file each, found by name in a registry.

To add a figure, write a file with a function ``make(inputs: FigureInputs) -> Figure``, and add a
line here and a caption in ``workflow/report/<name>.rst``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from randvec.errors import InputError


@dataclass(frozen=True)
class Entry:
    """A figure in the registry.

    Attributes
    ----------
    title : str
        What the report calls it.
    module : str
        Where its function ``make`` is; imported only when the figure is drawn.
    needs : tuple of str
        What it reads: keys of `randvec.figures.files.PATTERNS`.
    """

    title: str
    module: str
    needs: tuple[str, ...]


FIGURES: dict[str, Entry] = {
    "nse_cdf": Entry("NSE: share of basins", "randvec.figures.nse_cdf", ("metrics",)),
    "nse_boxplot": Entry(
        "NSE: ensembles and members", "randvec.figures.nse_boxplot", ("metrics", "performance")
    ),
    "hydrographs": Entry(
        "Hydrographs",
        "randvec.figures.hydrographs",
        ("metrics", "predictions", "members", "series"),
    ),
    "loss_curves": Entry("Training loss", "randvec.figures.loss_curves", ("losses",)),
    "data_quality": Entry(
        "Basins: missing days and climate",
        "randvec.figures.data_quality",
        ("basins", "descriptors"),
    ),
}


def load(name: str) -> Callable:
    """Function that draws the named figure from `randvec.figures.inputs.FigureInputs`.

    Raises
    ------
    InputError
        If there is no figure of that name.
    """
    if name not in FIGURES:
        raise InputError(f"figure '{name}': expected one of {', '.join(FIGURES)}")
    return import_module(FIGURES[name].module).make
