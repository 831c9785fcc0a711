"""Where the files lie that figures read."""

from collections.abc import Iterable

from randvec import matrix
from randvec.figures import FIGURES, compared

#: What a figure can need, and its path below ``results/<dataset>``.
PATTERNS = {
    "metrics": "ensembles/{scenario}/{model}/metrics.csv",
    "metrics_of_members": "ensembles/{scenario}/{model}/metrics_of_members.csv",
    "predictions": "ensembles/{scenario}/{model}/predictions.parquet",
    "members": "members/{scenario}/{model}/seed{seed}/predictions.parquet",
    "weights": "members/{scenario}/{model}/seed{seed}/weights.safetensors",
    "losses": "members/{scenario}/{model}/seed{seed}/loss.csv",
    "vectors": "vectors/{vector}.parquet",
    "medians": "tables/{experiment}.csv",
    "series": "series.parquet",
    "descriptors": "descriptors.parquet",
    "basins": "basins.csv",
}

#: Needs that say nothing of a model.
OF_BASINS = {"series", "descriptors", "basins"}


def files_needed(
    name: str, results: str, cells: Iterable[tuple[str, str]], seeds: Iterable[int]
) -> list[str]:
    """Every file that the named figure may read, each once.

    Parameters
    ----------
    name : str
        Figure in `randvec.figures.FIGURES`.
    results : str
        ``results/<dataset>``.
    cells : iterable of (scenario, model)
        What the figure may show: the main comparison, or the figure's experiment.
    seeds : iterable of int
        Seeds of the members.
    """
    entry = FIGURES[name]
    members = [(*cell, seed) for cell in cells_drawn(name, cells) for seed in seeds]
    # A dict keeps the order and drops what repeats, as for files that have no seed in their path.
    paths = {
        f"{results}/"
        + PATTERNS[need].format(
            scenario=scenario,
            model=model,
            seed=seed,
            vector=matrix.parse(model).table(seed),
            experiment=entry.experiment,
        ): None
        for need in entry.needs
        for scenario, model, seed in members
    }
    return list(paths)


def cells_drawn(name: str, cells: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of some cells that the named figure may show; arguments as of `files_needed`."""
    cells = list(cells)
    if FIGURES[name].one_model:
        return cells[:1]
    if not FIGURES[name].compares:
        return cells
    models = [model for _, model in cells]
    compare = {compared(kind, models) for kind in FIGURES[name].compares}
    return [cell for cell in cells if cell[1] in compare]


def models_drawn(name: str, cells: Iterable[tuple[str, str]]) -> list[str]:
    """Models that the named figure may show, each once; arguments as of `files_needed`."""
    shown = cells_drawn(name, cells) if shows_models(name) else []
    return list(dict.fromkeys(model for _, model in shown))


def shows_models(name: str) -> bool:
    """Whether the named figure is drawn from the results of models, and not of basins alone."""
    return not OF_BASINS.issuperset(FIGURES[name].needs)
