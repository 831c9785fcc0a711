"""The outcome of an experiment: medians with intervals, and paired comparisons of its cells.

A cell is a scenario and a model. The folds of one division of the basins count as one scenario,
``folds-N``, in which every basin is tested once, on networks that have never seen it.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from randvec import matrix, scenarios
from randvec.comparison.pairs import Cell, joined
from randvec.comparison.statistics import comparisons, median_interval
from randvec.errors import InputError
from randvec.evaluation.tables import read_metrics

COLUMNS = [
    "scenario",
    "model",
    "architecture",
    "vector",
    "basins",
    "nse_median",
    "nse_low",
    "nse_high",
    "member_lowest",
    "member_highest",
]
SEED = 1  # of the bootstrap


def read_cells(cells: Iterable[Cell], paths: Iterable[str]) -> dict[Cell, pd.DataFrame]:
    """Metrics of each cell, the folds of one division of the basins joined.

    Parameters
    ----------
    cells : iterable of (scenario, model)
    paths : iterable of str
        For each cell its metrics.csv or metrics_of_members.csv.

    Raises
    ------
    InputError
        If a division of the basins lacks a fold.
    """
    parts: dict[Cell, list[pd.DataFrame]] = {}
    folds: dict[Cell, list[int]] = {}
    for (scenario, model), path in zip(cells, paths, strict=True):
        choice = scenarios.parse(scenario).basins or {}
        cell = (joined(scenario), model)
        parts.setdefault(cell, []).append(read_metrics(path))
        if "fold" in choice:
            folds.setdefault(cell, []).append(choice["fold"])
    for (scenario, model), found in folds.items():
        count = int(scenario.removeprefix("folds-"))
        if missing := sorted(set(range(1, count + 1)) - set(found)):
            raise InputError(
                f"config: model '{model}' lacks the scenario fold-{missing[0]}-of-{count}; name "
                "all folds, or each basin is not tested once"
            )
    return {
        cell: pd.concat(tables).sort_values("basin", kind="stable", ignore_index=True)
        for cell, tables in parts.items()
    }


def medians(
    ensembles: Mapping[Cell, pd.DataFrame], members: Mapping[Cell, pd.DataFrame]
) -> pd.DataFrame:
    """Median NSE of each cell, over the basins that all of the cells were tested on.

    Parameters
    ----------
    ensembles : mapping of (scenario, model) to pd.DataFrame
        Columns basin, nse.
    members : mapping of (scenario, model) to pd.DataFrame
        The same with a column member.

    Returns
    -------
    pd.DataFrame
        One row a cell: scenario, model, architecture, vector; basins with a defined NSE;
        nse_median of the ensemble with its bootstrap interval (95 %) over the basins, nse_low and
        nse_high; the lowest and highest median of a member.

    Raises
    ------
    InputError
        If the cells share no basin.
    """
    shared = set.intersection(*(set(table["basin"]) for table in ensembles.values()))
    if not shared:
        raise InputError(
            "config: the scenarios of an experiment share no tested basin, so they can't be "
            "compared; draw subsets of basins with the same seed"
        )
    rows = []
    for (scenario, code), table in ensembles.items():
        model = matrix.parse(code)
        nse = table.loc[table["basin"].isin(shared), "nse"].dropna().to_numpy()
        each = members[scenario, code]
        each = each[each["basin"].isin(shared)].groupby("member")["nse"].median()
        values = [
            *(scenario, code, model.architecture, model.vector),
            len(nse),
            np.median(nse) if len(nse) else np.nan,
            *median_interval(nse, SEED),
            *(each.min(), each.max()),
        ]
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return pd.DataFrame(rows, columns=COLUMNS)


def write_medians(
    cells: Iterable[Cell], ensembles: Iterable[str], members: Iterable[str], output: str
) -> None:
    """Write the `medians` of an experiment as CSV.

    Parameters
    ----------
    cells : iterable of (scenario, model)
    ensembles, members : iterable of str
        For each cell metrics.csv and metrics_of_members.csv.
    output : str
    """
    cells = [tuple(cell) for cell in cells]
    table = medians(read_cells(cells, ensembles), read_cells(cells, members))
    _write(table, output)


def write_comparisons(
    experiment: str,
    cells: Iterable[Cell],
    pairs: Iterable[tuple[Cell, Cell]],
    ensembles: Iterable[str],
    output: str,
) -> None:
    """Write the comparisons of an experiment as CSV: `statistics.comparisons` and its name.

    Parameters
    ----------
    experiment : str
    cells : iterable of (scenario, model)
    pairs : iterable of (cell, cell)
        What is compared with what (`randvec.comparison.pairs.pairs`).
    ensembles : iterable of str
        For each cell metrics.csv.
    output : str
    """
    scores = read_cells([tuple(cell) for cell in cells], ensembles)
    pairs = [(tuple(cell), tuple(other)) for cell, other in pairs]
    table = comparisons(scores, pairs, SEED)
    table.insert(0, "experiment", experiment)
    _write(table, output)


def join_comparisons(tables: Iterable[str], output: str) -> None:
    """Write the comparisons of several experiments into one CSV, one below the other."""
    as_text = dict(dtype=str, keep_default_na=False)  # so that no number changes
    _write(pd.concat([pd.read_csv(path, **as_text) for path in tables]), output)


def _write(table: pd.DataFrame, path: str) -> None:
    table.to_csv(path, index=False, lineterminator="\n")
