"""Is one model better than another? Intervals, paired tests and effect sizes over basins.

References
----------
Efron (1979), Bootstrap methods: another look at the jackknife, Ann. Stat. 7.
Wilcoxon (1945), Individual comparisons by ranking methods, Biometrics Bull. 1.
Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Stat. 6.
Kerby (2014), The simple difference formula: an approach to teaching nonparametric correlation,
Compr. Psychol. 3: the matched-pairs rank-biserial correlation.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from randvec.errors import InputError

RESAMPLES = 9999
CONFIDENCE = 0.95
SEED = 1  # of the bootstrap
FEWEST = 6  # basins: the whole range of fewer holds their median in less than 95 % of draws
TIE = 0.01  # two models tie in a basin where their NSE differs by no more than this


def median_interval(values: np.ndarray) -> tuple[float, float]:
    """Percentile bootstrap interval of a median (Efron 1979), 95 %, from 9,999 resamples.

    Parameters
    ----------
    values : np.ndarray
        One finite value per basin [basin]; basins are what is drawn anew.

    Returns
    -------
    low, high : float
        NaN for fewer than `FEWEST` basins.
    """
    if len(values) < FEWEST:
        return np.nan, np.nan
    interval = stats.bootstrap(
        (values,),
        np.median,
        n_resamples=RESAMPLES,
        batch=1000,  # bounds the memory; resamples x basins at once otherwise
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def wilcoxon(differences: np.ndarray) -> float:
    """Two-sided p-value of the Wilcoxon signed-rank test; differences of zero are dropped.

    Parameters
    ----------
    differences : np.ndarray
        Paired differences [basin].

    Returns
    -------
    float
        NaN if no difference is left.
    """
    differences = differences[differences != 0]
    return float(stats.wilcoxon(differences).pvalue) if differences.size else np.nan


def rank_biserial(differences: np.ndarray) -> float:
    """Matched-pairs rank-biserial correlation (Kerby 2014), the effect size to `wilcoxon`.

    Parameters
    ----------
    differences : np.ndarray
        Paired differences [basin]; those of zero are dropped.

    Returns
    -------
    float
        Share of the rank sum in favour minus the share against: 1 if every difference is positive,
        -1 if every one is negative; NaN if no difference is left.
    """
    differences = differences[differences != 0]
    if not differences.size:
        return np.nan
    ranks = stats.rankdata(np.abs(differences))
    return float((ranks * np.sign(differences)).sum() / ranks.sum())


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values for the number of tests made (Holm 1979).

    Parameters
    ----------
    p_values : np.ndarray
        One per test [test]; NaN marks a test that could not be made and does not count.

    Returns
    -------
    np.ndarray
        Adjusted p-values [test], NaN where they were NaN.
    """
    p_values = np.asarray(p_values, np.float64)
    order = np.argsort(p_values)[: np.isfinite(p_values).sum()]  # NaN sort last
    factors = np.arange(order.size, 0, -1)
    adjusted = np.full(p_values.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * p_values[order]), 1)
    return adjusted


def comparisons(
    metrics: Mapping[tuple[str, str], pd.DataFrame],
    pairs: Iterable[tuple[tuple[str, str], tuple[str, str]]],
) -> pd.DataFrame:
    """Compare the NSE of models in pairs, basin by basin, on the basins that both have.

    Parameters
    ----------
    metrics : mapping of (scenario, model) to pd.DataFrame
        Columns basin, nse.
    pairs : iterable of ((scenario, model), reference)
        What is compared; a reference is a scenario and a model too. The Holm correction is over
        exactly these.

    Returns
    -------
    pd.DataFrame
        One row a pair: scenario, model, reference_scenario, reference; basins that both were
        tested on, and how many of them lack a NSE of either and are left out; median NSE of both
        and of the difference model - reference, each with its interval; wins, ties and losses of
        the model (see `TIE`); p_value, p_holm, rank_biserial.

    Raises
    ------
    InputError
        If a model has no metrics or two models share no basin.
    """
    rows = [_compare(metrics, ensemble, reference) for ensemble, reference in pairs]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["p_holm"] = holm(table["p_value"].to_numpy())
    return table


COLUMNS = [
    "scenario",
    "model",
    "reference_scenario",
    "reference",
    *(f"difference_{what}" for what in ("median", "low", "high")),
    "p_holm",
    "p_value",
    "wins",
    "ties",
    "losses",
    "rank_biserial",
    *(f"{of}_{what}" for of in ("model", "reference") for what in ("median", "low", "high")),
    "basins",
    "basins_undefined",
]


def _compare(metrics: Mapping, ensemble: tuple, reference: tuple) -> dict:
    ours, theirs = (_nse(metrics, of) for of in (ensemble, reference))
    both = pd.concat({"model": ours, "reference": theirs}, axis=1, join="inner").sort_index()
    if both.empty:
        raise InputError(
            f"comparison of {' '.join(ensemble)} with {' '.join(reference)}: they share no basin; "
            "compare models that were tested on the same basins"
        )
    defined = both.dropna()
    values = {**defined, "difference": defined["model"] - defined["reference"]}
    difference = values["difference"].to_numpy()
    row = {
        "scenario": ensemble[0],
        "model": ensemble[1],
        "reference_scenario": reference[0],
        "reference": reference[1],
        "basins": len(both),
        "basins_undefined": len(both) - len(defined),
        "wins": int((difference > TIE).sum()),
        "ties": int((np.abs(difference) <= TIE).sum()),
        "losses": int((difference < -TIE).sum()),
        "p_value": wilcoxon(difference),
        "rank_biserial": rank_biserial(difference),
    }
    for name, series in values.items():
        row[f"{name}_median"] = series.median()
        row[f"{name}_low"], row[f"{name}_high"] = median_interval(series.to_numpy())
    return row


def _nse(metrics: Mapping, ensemble: tuple[str, str]) -> pd.Series:
    if ensemble not in metrics:
        raise InputError(
            f"comparison with {' '.join(ensemble)}: no such model, expected one of "
            + ", ".join(" ".join(known) for known in metrics)
        )
    return metrics[ensemble].set_index("basin")["nse"]
