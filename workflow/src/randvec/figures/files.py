"""Where the files lie that figures read."""

from collections.abc import Callable, Iterable

from randvec.figures import Entry, the_few
from randvec.matrix import ea_lstm_with

#: What a figure can need, and its path below ``results/<dataset>``.
PATTERNS = {
    "metrics": "ensembles/{scenario}/{model}/metrics.csv",
    "metrics_of_members": "ensembles/{scenario}/{model}/metrics_of_members.csv",
    "predictions": "ensembles/{scenario}/{model}/predictions.parquet",
    "weights": "members/{scenario}/{model}/seed{seed}/weights.safetensors",
    "losses": "members/{scenario}/{model}/seed{seed}/loss.csv",
    "vectors": "vectors/{vector}.parquet",
    "medians": "tables/{experiment}.csv",
    "comparisons": "tables/comparisons/{experiment}.csv",
    "series": "series.parquet",
    "descriptors": "descriptors.parquet",
    "basins": "basins.csv",
}

#: Needs that say nothing of a model.
OF_BASINS = {"series", "descriptors", "basins"}


def files_needed(
    entry: Entry,
    results: str,
    ensembles: Iterable[tuple[str, str]],
    seeds: Iterable[int],
    vector: Callable[[str, str, int], str | None],
) -> list[str]:
    """Every file that the named figure may read, each once.

    Parameters
    ----------
    entry : Entry
        Of the figure.
    results : str
        ``results/<dataset>``.
    ensembles : iterable of (scenario, model)
        What the figure may show: the main comparison, or the figure's experiment.
    seeds : iterable of int
        Seeds of the members.
    vector : callable
        Name of a member's static vector table, by scenario, model and seed.
    """
    drawn = ensembles_drawn(entry, ensembles)
    members = [(*ensemble, seed) for ensemble in drawn for seed in seeds]
    # A dict keeps the order and drops what repeats, as for files that have no seed in their path.
    paths = {
        f"{results}/"
        + PATTERNS[need].format(
            scenario=scenario,
            model=model,
            seed=seed,
            vector=vector(scenario, model, seed),
            experiment=entry.experiment,
        ): None
        for need in entry.needs
        for scenario, model, seed in members
    }
    return list(paths)


def ensembles_drawn(entry: Entry, ensembles: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of some ensembles that a figure may show; arguments as of `files_needed`."""
    ensembles = list(ensembles)
    models = [model for _, model in ensembles]
    if entry.few:
        drawn = set(the_few(models))
    elif entry.compares:
        drawn = {ea_lstm_with(kind, models) for kind in entry.compares}
    else:
        return ensembles
    return [ensemble for ensemble in ensembles if ensemble[1] in drawn]


def models_drawn(entry: Entry, ensembles: Iterable[tuple[str, str]]) -> list[str]:
    """Models that a figure may show, each once; arguments as of `files_needed`."""
    shown = ensembles_drawn(entry, ensembles) if shows_models(entry) else []
    return list(dict.fromkeys(model for _, model in shown))


def shows_models(entry: Entry) -> bool:
    """Whether a figure is drawn from the results of models, and not of basins alone."""
    return not OF_BASINS.issuperset(entry.needs)


def reads_data(entry: Entry) -> bool:
    """Whether a figure reads a table of the data themselves."""
    return not OF_BASINS.isdisjoint(entry.needs)
