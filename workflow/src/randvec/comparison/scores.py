"""Scores of the ensembles of an experiment.

The folds of one division of the basins count as one scenario, ``folds-N``, in which every basin is
tested once, on networks that have never seen it.
"""

from collections.abc import Iterable

import pandas as pd

from randvec import scenarios
from randvec.comparison.pairs import joined
from randvec.errors import InputError
from randvec.evaluation.tables import read_metrics
from randvec.scenarios import Ensemble


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
