"""Where the files lie that figures read."""

from collections.abc import Iterable

from randvec.figures import FIGURES

#: What a figure can need, and its path below ``results/<dataset>``.
PATTERNS = {
    "metrics": "ensembles/{scenario}/{model}/metrics.csv",
    "performance": "tables/performance.csv",
    "predictions": "ensembles/{scenario}/{model}/predictions.parquet",
    "members": "members/{scenario}/{model}/seed{seed}/predictions.parquet",
    "losses": "members/{scenario}/{model}/seed{seed}/loss.csv",
    "series": "series.parquet",
    "descriptors": "descriptors.parquet",
    "basins": "basins.csv",
}


def files_needed(
    name: str, results: str, scenario: str, models: Iterable[str], seeds: Iterable[int]
) -> list[str]:
    """Every file that the named figure may read, each once.

    Parameters
    ----------
    name : str
        Figure in `randvec.figures.FIGURES`.
    results : str
        ``results/<dataset>``.
    scenario : str
        What the members were trained on.
    models : iterable of str
        Model codes.
    seeds : iterable of int
        Seeds of the members.
    """
    members = [(model, seed) for model in models for seed in seeds]
    # A dict keeps the order and drops what repeats, as for files that have no seed in their path.
    paths = {
        f"{results}/" + PATTERNS[need].format(scenario=scenario, model=model, seed=seed): None
        for need in FIGURES[name].needs
        for model, seed in members
    }
    return list(paths)
