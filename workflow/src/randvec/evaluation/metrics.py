"""Skill of simulated discharge, one number per basin and metric.

Every metric drops the days without observed discharge first. It is NaN where it is undefined (no
valid day, a denominator of zero as with constant observed discharge, a simulated value that is not
finite): never an exception, never an infinity.

The flow duration curve metrics (``fhv``, ``flv``, ``fms``) follow Yilmaz et al. (2008) with the
guards usual in the field: discharge at or below zero becomes 1e-6 mm/day before a logarithm, and
1e-6 is added to logarithmic denominators.

References
----------
Gupta, Kling, Yilmaz and Martinez (2009), Decomposition of the mean squared error and NSE
performance criteria, J. Hydrol. 377.
Knoben, Freer and Woods (2019), Inherent benchmark or not? Comparing Nash-Sutcliffe and Kling-Gupta
efficiency scores, Hydrol. Earth Syst. Sci. 23.
Yilmaz, Gupta and Wagener (2008), A process-based diagnostic approach to model evaluation,
Water Resour. Res. 44, W09417.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.nse import is_constant, nse, valid_days

FLOW_FLOOR = 1e-6  # mm/day; what a logarithm sees of a dry day
LOG_GUARD = 1e-6  # keeps logarithmic denominators from zero, as in the field's implementations
# Yilmaz et al. (2008):
HIGH, LOW = 0.02, 0.3  # shares of the days
MIDDLE = (0.2, 0.7)  # exceedance probabilities between which the slope is taken


def kge(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Kling-Gupta efficiency of Gupta et al. (2009), with equal weights.

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        1 is perfect; NaN if undefined, also where the observed mean is zero. A constant simulation
        has a correlation of 0, as in Knoben et al. (2019): or the basins that a model simulates
        worst would be left out of its median.
    """
    observed, simulated = valid_days(observed, simulated)
    if is_constant(observed) or observed.mean() == 0:
        return np.nan
    r = 0.0 if is_constant(simulated) else _correlation(observed, simulated)
    alpha = simulated.std() / observed.std()
    beta = simulated.mean() / observed.mean()
    return float(1 - np.sqrt((r - 1) ** 2 + (alpha - 1) ** 2 + (beta - 1) ** 2))


def alpha_nse(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Ratio of standard deviations, simulated to observed (Gupta et al. 2009).

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        1 is perfect; NaN if undefined.
    """
    observed, simulated = valid_days(observed, simulated)
    return np.nan if is_constant(observed) else float(simulated.std() / observed.std())


def beta_nse(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Difference of means over the observed standard deviation (Gupta et al. 2009).

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        0 is perfect; NaN if undefined.
    """
    observed, simulated = valid_days(observed, simulated)
    if is_constant(observed):
        return np.nan
    return float((simulated.mean() - observed.mean()) / observed.std())


def fhv(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Bias of the highest flows of the flow duration curve, in percent (Yilmaz et al. 2008).

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        0 is perfect; NaN if undefined, also where fewer days are valid than make one high-flow day.
    """
    observed, simulated = (np.sort(x)[::-1] for x in valid_days(observed, simulated))
    days = round(HIGH * observed.size)
    volume = observed[:days].sum()
    if volume <= 0:
        return np.nan
    return float((simulated[:days] - observed[:days]).sum() / volume * 100)


def flv(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Bias of the lowest flows of the flow duration curve, in percent (Yilmaz et al. 2008).

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        0 is perfect; NaN if undefined, also where all observed low flows are equal, as in a river
        that runs dry for that long.
    """
    observed, simulated = (np.sort(x) for x in valid_days(observed, simulated))
    days = round(LOW * observed.size)
    if days == 0:
        return np.nan
    observed_low, simulated_low = _log(observed[:days]), _log(simulated[:days])
    observed_volume = (observed_low - observed_low.min()).sum()
    simulated_volume = (simulated_low - simulated_low.min()).sum()
    if observed_volume == 0:
        return np.nan
    return float((observed_volume - simulated_volume) / (observed_volume + LOG_GUARD) * 100)


def fms(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Bias of the slope of the middle flow duration curve, in percent (Yilmaz et al. 2008).

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        0 is perfect; NaN if undefined, also where the observed slope is zero.
    """
    observed, simulated = (np.sort(x)[::-1] for x in valid_days(observed, simulated))
    ends = [round(end * observed.size) for end in MIDDLE]
    if ends[1] >= observed.size:
        return np.nan
    observed_high, observed_low = _log(observed[ends])
    simulated_high, simulated_low = _log(simulated[ends])
    slope = observed_high - observed_low
    if slope == 0:
        return np.nan
    return float(((simulated_high - simulated_low) - slope) / (slope + LOG_GUARD) * 100)


METRICS: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "nse": nse,
    "kge": kge,
    "alpha_nse": alpha_nse,
    "beta_nse": beta_nse,
    "fhv": fhv,
    "flv": flv,
    "fms": fms,
}


def basin_metrics(predictions: pd.DataFrame) -> pd.DataFrame:
    """All metrics of every basin.

    Parameters
    ----------
    predictions : pd.DataFrame
        Columns basin (text), date, observed, simulated (mm/day); missing observed is NaN.

    Returns
    -------
    pd.DataFrame
        Columns basin, those of `METRICS`, and days (valid days used), sorted by basin.
    """
    rows = []
    for basin, days in predictions.groupby("basin", sort=True):
        observed = days["observed"].to_numpy(np.float64)
        simulated = days["simulated"].to_numpy(np.float64)
        scores = {name: metric(observed, simulated) for name, metric in METRICS.items()}
        rows.append({"basin": basin, **scores, "days": int((~np.isnan(observed)).sum())})
    return pd.DataFrame(rows, columns=["basin", *METRICS, "days"])


def write_metrics(metrics: pd.DataFrame, path: Path) -> None:
    """Write metrics as CSV: shortest numbers that read back exactly, undefined as empty."""
    metrics.to_csv(path, index=False, lineterminator="\n")


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    first, second = first - first.mean(), second - second.mean()
    return (first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum())


def _log(discharge: np.ndarray) -> np.ndarray:
    return np.log(np.where(discharge <= 0, FLOW_FLOOR, discharge))
