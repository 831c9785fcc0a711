"""The Nash-Sutcliffe efficiency, which training watches and evaluation reports."""

import numpy as np


def nse(observed: np.ndarray, simulated: np.ndarray) -> float:
    """Nash-Sutcliffe efficiency (Nash and Sutcliffe 1970, J. Hydrol. 10, 282-290).

    Parameters
    ----------
    observed, simulated : np.ndarray
        Discharge [day] in mm/day; NaN in `observed` marks a missing day.

    Returns
    -------
    float
        1 is perfect, 0 as good as the observed mean; NaN if undefined.
    """
    observed, simulated = valid_days(observed, simulated)
    if is_constant(observed):
        return np.nan
    errors = ((simulated - observed) ** 2).sum()
    return float(1 - errors / ((observed - observed.mean()) ** 2).sum())


def valid_days(observed: np.ndarray, simulated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both series as float64 on the days with observed discharge; no day if one is not finite."""
    observed, simulated = np.asarray(observed, np.float64), np.asarray(simulated, np.float64)
    if observed.shape != simulated.shape or observed.ndim != 1:
        raise ValueError(
            f"observed {observed.shape} and simulated {simulated.shape}: expected equal lengths"
        )
    valid = ~np.isnan(observed)
    observed, simulated = observed[valid], simulated[valid]
    if not (np.isfinite(observed).all() and np.isfinite(simulated).all()):
        return observed[:0], simulated[:0]
    return observed, simulated


def is_constant(series: np.ndarray) -> bool:
    """Whether all days are equal or there is none; NaN marks a missing day."""
    series = series[~np.isnan(series)]
    # Compares the extremes: the variance of equal numbers is not always exactly zero.
    return series.size == 0 or bool(series.max() == series.min())
