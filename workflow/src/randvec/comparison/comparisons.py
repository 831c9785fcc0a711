"""Paired comparisons of the ensembles of an experiment."""

from collections.abc import Iterable

import pandas as pd

from randvec.comparison.scores import read_scores, shared_basins
from randvec.comparison.statistics import comparisons
from randvec.scenarios import Ensemble


def write_comparisons(
    experiment: str,
    ensembles: Iterable[Ensemble],
    pairs: Iterable[tuple[Ensemble, Ensemble]],
    metrics: Iterable[str],
    output: str,
) -> None:
    """Write the comparisons of an experiment as CSV: `statistics.comparisons` and its name.

    All are over the same basins, those that all ensembles of the experiment were tested on.

    Parameters
    ----------
    experiment : str
    ensembles : iterable of (scenario, model)
    pairs : iterable of (ensemble, ensemble)
        What is compared with what (`randvec.comparison.pairs.pairs`).
    metrics : iterable of str
        For each ensemble metrics.csv.
    output : str

    Raises
    ------
    InputError
        If the ensembles share no basin.
    """
    scores = read_scores([tuple(ensemble) for ensemble in ensembles], metrics)
    shared = shared_basins(scores)
    scores = {of: table[table["basin"].isin(shared)] for of, table in scores.items()}
    pairs = [(tuple(ensemble), tuple(other)) for ensemble, other in pairs]
    table = comparisons(scores, pairs)
    table.insert(0, "experiment", experiment)
    _write(table, output)


def join_comparisons(tables: Iterable[str], output: str) -> None:
    """Write the comparisons of several experiments into one CSV, one below the other."""
    as_text = dict(dtype=str, keep_default_na=False)  # so that no number changes
    _write(pd.concat([pd.read_csv(path, **as_text) for path in tables]), output)


def _write(table: pd.DataFrame, path: str) -> None:
    table.to_csv(path, index=False, lineterminator="\n")
