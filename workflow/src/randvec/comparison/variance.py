"""What another draw of the random vectors changes, and what other initial weights change.

Every table of random vectors meets every set of initial weights once: a two-way layout with one
observation each (Scheffé 1959, The Analysis of Variance, chapter 4).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from randvec import scenarios
from randvec.evaluation.tables import read_metrics


def crossed(members: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Median NSE of the members of a crossed design.

    Parameters
    ----------
    members : mapping of vector seed to DataFrame
        Metrics of the members that read the vectors of this seed: member (its seed), basin, nse.

    Returns
    -------
    DataFrame
        One row per vector seed, one column per seed of the weights.
    """
    medians = {seed: table.groupby("member")["nse"].median() for seed, table in members.items()}
    return pd.DataFrame(medians).T.sort_index()


def spread(nse: pd.DataFrame) -> pd.DataFrame:
    """Two-way analysis of variance without replication.

    Parameters
    ----------
    nse : DataFrame
        One row per vector seed, one column per seed of the weights.

    Returns
    -------
    DataFrame
        Rows vectors, weights and residual. sum_of_squares and freedom as in the table of the
        analysis; sd the standard deviation of the row means, of the column means, and of what
        neither explains; by_chance the standard deviation that means of rows or columns would have
        if there were nothing but the residual; f the mean square over that of the residual, and
        p_value the probability of as large a one by chance (F-test, normal residuals). NaN where
        there is no freedom, or a value is missing.
    """
    values = nse.to_numpy(np.float64)
    vectors, weights = values.shape
    rows = values.mean(axis=1, keepdims=True) - values.mean()
    columns = values.mean(axis=0, keepdims=True) - values.mean()
    residual = values - values.mean() - rows - columns
    table = pd.DataFrame(
        {
            "sum_of_squares": [
                weights * (rows**2).sum(),
                vectors * (columns**2).sum(),
                (residual**2).sum(),
            ],
            "freedom": [vectors - 1, weights - 1, (vectors - 1) * (weights - 1)],
        },
        index=pd.Index(["vectors", "weights", "residual"], name="source"),
    )
    mean_square = table["sum_of_squares"] / table["freedom"].where(table["freedom"] > 0)
    averaged = np.array([weights, vectors, 1])  # members in each mean
    table["sd"] = np.sqrt(mean_square / averaged)
    table["by_chance"] = np.sqrt(mean_square["residual"] / averaged)
    table["f"] = mean_square / mean_square["residual"]
    residual_freedom = table.loc["residual", "freedom"]
    table["p_value"] = stats.f.sf(table["f"], table["freedom"], residual_freedom)
    table.loc["residual", ["by_chance", "f", "p_value"]] = np.nan
    return table


def crossed_members(
    ensembles: Iterable[tuple[str, str]], metrics: Iterable[str | Path]
) -> dict[str, pd.DataFrame]:
    """The crossed design of each model.

    Parameters
    ----------
    ensembles : iterable of (scenario, model)
        Of the experiment; those that set no vector seed are left out.
    metrics : iterable of str or Path
        For each its metrics_of_members.csv.

    Returns
    -------
    dict of model to DataFrame
        As `crossed` gives them.
    """
    members: dict[str, dict[int, pd.DataFrame]] = {}
    for (scenario, model), path in zip(ensembles, metrics, strict=True):
        seed = scenarios.parse(scenario).vector_seed
        if seed is not None:
            members.setdefault(model, {})[seed] = read_metrics(path)
    return {model: crossed(tables) for model, tables in members.items()}


def write(
    ensembles: Iterable[tuple[str, str]],
    metrics: Iterable[str],
    metrics_of_members: Iterable[str],
    output: str,
) -> None:
    """Write the `spread` of every model as CSV.

    Parameters
    ----------
    ensembles : iterable of (scenario, model)
    metrics, metrics_of_members : iterable of str
        For each metrics.csv, which is not read, and metrics_of_members.csv.
    output : str
    """
    crossed_design = crossed_members(ensembles, metrics_of_members)
    tables = {model: spread(nse) for model, nse in crossed_design.items()}
    table = pd.concat(tables, names=["model"]).reset_index()
    table.to_csv(output, index=False, lineterminator="\n")
