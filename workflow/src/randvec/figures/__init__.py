"""Figures: one file each, found by name in a registry.

A figure is one file with a function ``make(inputs: FigureInputs) -> Figure`` and one entry here; it
may have a caption in ``workflow/report/<name>.rst``. That of an experiment is named in
`randvec.experiments`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from randvec import matrix
from randvec.comparison.pairs import of_the_question
from randvec.data.sources import SOURCES
from randvec.experiments import KINDS


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
    experiment, kind : str
        The experiment that it shows, and its kind; empty for the main comparison.
    compares : tuple of str
        Kinds of static vector of which an EA-LSTM must be in the main comparison.
    against_descriptors : bool
        Whether it holds models against those with physical descriptors, so that the main comparison
        must have models of both sorts.
    few : bool
        Whether it shows EP, EG and CN alone, as `the_few` chooses them.
    on_map : bool
        Whether it is a map, for which virtual catchments have no place.
    climate : bool
        Whether it shows the aridity of the basins, which a source has to know.
    """

    title: str
    module: str
    needs: tuple[str, ...]
    experiment: str = ""
    kind: str = ""
    compares: tuple[str, ...] = ()
    against_descriptors: bool = False
    few: bool = False
    on_map: bool = False
    climate: bool = False


FIGURES: dict[str, Entry] = {
    "answer": Entry(
        "Answer: what other vectors lose against descriptors",
        "randvec.figures.answer",
        ("metrics",),
        against_descriptors=True,
    ),
    "nse_cdf": Entry("NSE: share of basins", "randvec.figures.nse_cdf", ("metrics",)),
    "nse_boxplot": Entry(
        "NSE: ensembles and members",
        "randvec.figures.nse_boxplot",
        ("metrics", "metrics_of_members"),
    ),
    "hydrographs": Entry(
        "Hydrographs",
        "randvec.figures.hydrographs",
        ("metrics", "predictions", "series"),
        few=True,
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
        climate=True,
    ),
    "input_gate": Entry(
        "What the networks learnt: input gates",
        "randvec.figures.input_gate",
        ("weights", "vectors", "descriptors"),
        compares=("physical", "gaussian"),
        climate=True,
    ),
}


def of_configuration(config: dict) -> dict[str, Entry]:
    """The figures that apply to a configuration, by name.

    Parameters
    ----------
    config : dict
        As `randvec.config.read` gives it.

    Returns
    -------
    dict of str to Entry
        Those of the main comparison, and one for each experiment, under its name.
    """
    main = {
        name: entry
        for name, entry in FIGURES.items()
        if (not entry.on_map or SOURCES[config["dataset"]["source"]].real)
        and (not entry.climate or climate_of(config["dataset"]))
        and all(matrix.ea_lstm_with(kind, config["models"]) for kind in entry.compares)
        and not (entry.against_descriptors and one_sort(config["models"]))
    }
    return main | {
        name: of_experiment(name, part["kind"]) for name, part in config["experiments"].items()
    }


def climate_of(dataset: dict) -> tuple[str, ...]:
    """Descriptors in use that the source knows as aridity, snow and seasonality; all or none."""
    names = [name for group in dataset["descriptors"].values() for name in group]
    known = SOURCES[dataset["source"]].climate
    return known if known and set(known) <= set(names) else ()


def of_experiment(name: str, kind: str) -> Entry:
    """The figure of an experiment of some kind."""
    of_kind = KINDS[kind]
    return Entry(of_kind.title, of_kind.figure, of_kind.needs, experiment=name, kind=kind)


def one_sort(models: list[str]) -> bool:
    """Whether all of some models have physical descriptors, or none has."""
    return len({matrix.parse(code).vector == "physical" for code in models}) < 2


def the_few(models: list[str]) -> list[str]:
    """The models of the question, as far as they are there; if none is, the first of all."""
    return of_the_question(models) or models[:1]


def load(module: str) -> Callable:
    """Function of a figure's module that draws it from `randvec.figures.inputs.FigureInputs`."""
    return import_module(module).make
