"""Scores of the ensembles of an experiment.

The folds of one division of the basins count as one scenario, ``folds-N``, in which every basin is
tested once, on networks that have never seen it.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from randvec import scenarios
from randvec.comparison.pairs import joined
from randvec.errors import InputError
from randvec.evaluation.tables import read_metrics
from randvec.scenarios import Ensemble


def shared_basins(scores: Mapping[Ensemble, pd.DataFrame]) -> set[str]:
    """Basins that all ensembles of an experiment were tested on.

    Parameters
    ----------
    scores : mapping of (scenario, model) to pd.DataFrame
        With a column basin.

    Raises
    ------
    InputError
        If there is none.
    """
    shared = set.intersection(*(set(table["basin"]) for table in scores.values()))
    if not shared:
        raise InputError(
            "config: the scenarios of an experiment share no tested basin, so they can't be "
            "compared; draw subsets of basins with the same seed"
        )
    return shared


def read_scores(
    ensembles: Iterable[Ensemble], paths: Iterable[str]
) -> dict[Ensemble, pd.DataFrame]:
    """Metrics of each ensemble, the folds of one division of the basins joined.

    Parameters
    ----------
    ensembles : iterable of (scenario, model)
    paths : iterable of str
        For each its metrics.csv or metrics_of_members.csv.

    Raises
    ------
    InputError
        If a division of the basins lacks a fold.
    """
    parts: dict[Ensemble, list[pd.DataFrame]] = {}
    folds: dict[Ensemble, list[int]] = {}
    for (scenario, model), path in zip(ensembles, paths, strict=True):
        choice = scenarios.parse(scenario).basins or {}
        ensemble = (joined(scenario), model)
        parts.setdefault(ensemble, []).append(read_metrics(path))
        if "fold" in choice:
            folds.setdefault(ensemble, []).append(choice["fold"])
    for (scenario, model), found in folds.items():
        count = int(scenario.removeprefix("folds-"))
        if missing := sorted(set(range(1, count + 1)) - set(found)):
            raise InputError(
                f"config: model '{model}' lacks the scenario fold-{missing[0]}-of-{count}; name "
                "all folds, or each basin is not tested once"
            )
    return {
        ensemble: pd.concat(tables).sort_values("basin", kind="stable", ignore_index=True)
        for ensemble, tables in parts.items()
    }
