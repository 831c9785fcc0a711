"""Signatures of discharge for camels_hydro.txt, with the definitions of Addor et al. (2017)."""

import numpy as np
import pandas as pd

from randvec.data.virtual.landscape import mean_duration


def signatures(discharge: np.ndarray, prcp: np.ndarray, dates: np.ndarray) -> pd.DataFrame:
    """Thirteen signatures, one row a basin.

    Parameters
    ----------
    discharge, prcp : ndarray, shape (days, basins)
        mm/day, complete.
    dates : ndarray of datetime64[D], shape (days,)
    """
    mean = discharge.mean(axis=0)
    years = len(dates) / 365.25
    high = discharge > 9 * np.median(discharge, axis=0)
    low = discharge < 0.2 * mean
    steep = np.log(np.quantile(discharge, [0.33, 0.66], axis=0))
    return pd.DataFrame(
        {
            "q_mean": mean,
            "runoff_ratio": mean / prcp.mean(axis=0),
            "slope_fdc": (steep[1] - steep[0]) / (0.66 - 0.33),
            "baseflow_index": _baseflow_index(discharge),
            "stream_elas": _elasticity(discharge, prcp, dates),
            "q5": np.quantile(discharge, 0.05, axis=0),
            "q95": np.quantile(discharge, 0.95, axis=0),
            "high_q_freq": high.sum(axis=0) / years,
            "high_q_dur": mean_duration(high),
            "low_q_freq": low.sum(axis=0) / years,
            "low_q_dur": mean_duration(low),
            "zero_q_freq": (discharge == 0).mean(axis=0),
            "hfd_mean": _half_flow_day(discharge, dates),
        }
    )


def _baseflow_index(discharge: np.ndarray, weight: float = 0.925) -> np.ndarray:
    """Share of baseflow after the digital filter of Lyne and Hollick (1979), one forward pass."""
    quick = np.zeros(discharge.shape[1])
    baseflow = np.zeros(discharge.shape)
    baseflow[0] = discharge[0]
    for day in range(1, len(discharge)):
        rise = discharge[day] - discharge[day - 1]
        quick = np.maximum(weight * quick + (1 + weight) / 2 * rise, 0)
        baseflow[day] = np.clip(discharge[day] - quick, 0, discharge[day])
    return baseflow.sum(axis=0) / discharge.sum(axis=0)


def _elasticity(discharge, prcp, dates) -> np.ndarray:
    """Median relative change of annual discharge over that of precipitation (Sankarasubramanian
    et al. 2001), complete water years alone.
    """
    years = _water_years(dates)
    annual_q = np.stack([discharge[year].mean(axis=0) for year in years])
    annual_p = np.stack([prcp[year].mean(axis=0) for year in years])
    change_q = (annual_q - annual_q.mean(axis=0)) / annual_q.mean(axis=0)
    change_p = (annual_p - annual_p.mean(axis=0)) / annual_p.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.median(change_q / change_p, axis=0), posinf=0, neginf=0)


def _half_flow_day(discharge, dates) -> np.ndarray:
    """Mean day of the water year by which half of its discharge has passed."""
    days = []
    for year in _water_years(dates):
        passed = discharge[year].cumsum(axis=0)
        days.append((passed < passed[-1] / 2).sum(axis=0) + 1)
    return np.mean(days, axis=0)


def _water_years(dates: np.ndarray) -> list[np.ndarray]:
    """Days of each complete water year (October to September); all days if there is none."""
    labels = (dates.astype("datetime64[M]") + 3).astype("datetime64[Y]")
    complete = [labels == label for label in np.unique(labels) if (labels == label).sum() >= 365]
    return complete or [np.ones(len(dates), bool)]
