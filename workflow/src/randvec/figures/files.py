"""Where the files lie that figures read."""

from collections.abc import Iterable

from randvec import matrix
from randvec.figures import FIGURES, compared

#: What a figure can need, and its path below ``results/<dataset>``.
PATTERNS = {
    "metrics": "ensembles/{scenario}/{model}/metrics.csv",
    "performance": "tables/performance.csv",
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
    entry = FIGURES[name]
    if entry.compares:
        models = [compared(kind, list(models)) for kind in entry.compares]
    members = [(model, seed) for model in models for seed in seeds]
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
        for model, seed in members
    }
    return list(paths)
