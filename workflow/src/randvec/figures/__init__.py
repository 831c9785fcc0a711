"""Figures: one file each, found by name in a registry.

To add a figure, write a file with a function ``make(inputs: FigureInputs) -> Figure``, and add a
line here and a caption in ``workflow/report/<name>.rst``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from randvec import matrix
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
    experiment : str
        The experiment that it shows; empty for the main comparison.
    compares : tuple of str
        Kinds of static vector of which an EA-LSTM must be in the main comparison.
    one_model : bool
        Whether it shows the first model of the main comparison alone.
    on_map : bool
        Whether it is a map, for which virtual catchments have no place.
    """

    title: str
    module: str
    needs: tuple[str, ...]
    experiment: str = ""
    compares: tuple[str, ...] = ()
    one_model: bool = False
    on_map: bool = False


FIGURES: dict[str, Entry] = {
    "nse_cdf": Entry("NSE: share of basins", "randvec.figures.nse_cdf", ("metrics",)),
    "nse_boxplot": Entry(
        "NSE: ensembles and members",
        "randvec.figures.nse_boxplot",
        ("metrics", "metrics_of_members"),
    ),
    "hydrographs": Entry(
        "Hydrographs",
        "randvec.figures.hydrographs",
        ("metrics", "predictions", "members", "series"),
        one_model=True,
    ),
    "loss_curves": Entry("Training loss", "randvec.figures.loss_curves", ("losses",)),
    "data_quality": Entry(
        "Basins: missing days and climate",
        "randvec.figures.data_quality",
        ("basins", "descriptors"),
    ),
    "map_nse": Entry(
        "Maps: NSE and its difference",
        "randvec.figures.map_nse",
        ("metrics", "basins"),
        compares=("physical", "gaussian"),
        on_map=True,
    ),
    "aridity": Entry(
        "Random against physical, by aridity",
        "randvec.figures.aridity",
        ("metrics", "descriptors"),
        compares=("physical", "gaussian"),
    ),
    "input_gate": Entry(
        "What the networks learnt: input gates",
        "randvec.figures.input_gate",
        ("weights", "vectors", "descriptors"),
        compares=("physical", "gaussian"),
    ),
    "dimensions": Entry(
        "Length of the random vector",
        "randvec.figures.dimensions",
        ("medians",),
        experiment="dimensions",
    ),
    "data_length": Entry(
        "Years of training",
        "randvec.figures.data_length",
        ("medians",),
        experiment="data_length",
    ),
    "fewer_basins": Entry(
        "Basins trained on",
        "randvec.figures.fewer_basins",
        ("medians", "basins"),
        experiment="fewer_basins",
    ),
    "incomplete_descriptors": Entry(
        "Groups of descriptors",
        "randvec.figures.incomplete_descriptors",
        ("medians",),
        experiment="incomplete_descriptors",
    ),
    "uncertain_descriptors": Entry(
        "Noise on the descriptors",
        "randvec.figures.uncertain_descriptors",
        ("medians",),
        experiment="uncertain_descriptors",
    ),
    "vector_luck": Entry(
        "Luck of vectors and of weights",
        "randvec.figures.vector_luck",
        ("medians", "metrics_of_members"),
        experiment="vector_luck",
    ),
    "ungauged_basins": Entry(
        "Gauged and ungauged basins",
        "randvec.figures.ungauged_basins",
        ("medians",),
        experiment="ungauged_basins",
    ),
}


def applying(config: dict) -> list[str]:
    """Names of the figures that apply to a configuration.

    Parameters
    ----------
    config : dict
        Complete: the defaults of the schema are filled in.
    """
    return [
        name
        for name, entry in FIGURES.items()
        if (not entry.experiment or entry.experiment in config["experiments"])
        and (not entry.on_map or config["dataset"]["source"] != "virtual")
        and all(compared(kind, config["models"]) for kind in entry.compares)
    ]


def compared(kind: str, models: list[str]) -> str | None:
    """The first EA-LSTM with a kind of static vector among some models, None if there is none."""
    cells = (matrix.parse(code) for code in models)
    found = (
        cell.code
        for cell in cells
        if (cell.architecture, cell.vector, cell.variant) == ("ea_lstm", kind, "")
    )
    return next(found, None)


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
