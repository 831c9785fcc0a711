"""The medians of an experiment, with intervals."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from randvec import matrix
from randvec.comparison.scores import read_scores, shared_basins
from randvec.comparison.statistics import median_interval
from randvec.evaluation.tables import mark_paper
from randvec.scenarios import Ensemble

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


def medians(
    ensembles: Mapping[Ensemble, pd.DataFrame], members: Mapping[Ensemble, pd.DataFrame]
) -> pd.DataFrame:
    """Median NSE of each ensemble, over the basins that all of them were tested on.

    Parameters
    ----------
    ensembles : mapping of (scenario, model) to pd.DataFrame
        Columns basin, nse.
    members : mapping of (scenario, model) to pd.DataFrame
        The same with a column member.

    Returns
    -------
    pd.DataFrame
        One row each: scenario, model, architecture, vector; basins with a defined NSE;
        nse_median of the ensemble with its bootstrap interval (95 %) over the basins, nse_low and
        nse_high; the lowest and highest median of a member.

    Raises
    ------
    InputError
        If the ensembles share no basin.
    """
    shared = shared_basins(ensembles)
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
            *median_interval(nse),
            *(each.min(), each.max()),
        ]
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return pd.DataFrame(rows, columns=COLUMNS)


def write(
    ensembles: Iterable[Ensemble],
    metrics: Iterable[str],
    metrics_of_members: Iterable[str],
    output: str,
) -> None:
    """Write the `medians` of an experiment as CSV.

    Parameters
    ----------
    ensembles : iterable of (scenario, model)
    metrics, metrics_of_members : iterable of str
        For each metrics.csv and metrics_of_members.csv.
    output : str
    """
    ensembles = [tuple(ensemble) for ensemble in ensembles]
    scores = read_scores(ensembles, metrics), read_scores(ensembles, metrics_of_members)
    table = medians(*scores)
    mark_paper(table).to_csv(output, index=False, lineterminator="\n")
