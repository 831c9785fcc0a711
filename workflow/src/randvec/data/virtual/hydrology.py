"""Rainfall to runoff in virtual catchments. Equations and sources: docs/virtual.md."""

from dataclasses import dataclass, fields

import numpy as np

from randvec.data.virtual.weather import Weather

LATENT_HEAT = 2.45e6  # J/kg

#: Parameter: smallest and largest value. A catchment's value lies between them on a log scale.
RANGES = {
    "melt": (1.5, 6.0),
    "capacity": (50.0, 400.0),
    "shape": (1.0, 5.0),
    "percolation": (0.3, 4.0),
    "fast": (0.05, 0.8),
    "slow": (0.01, 0.1),
}


@dataclass(frozen=True)
class Parameters:
    """Parameters of the rainfall-runoff model, each of shape (basins,).

    Attributes
    ----------
    melt : ndarray
        Degree-day factor, mm/degC/day.
    capacity : ndarray
        Largest soil moisture, mm.
    shape : ndarray
        Exponent of the recharge.
    percolation : ndarray
        Largest flow from the fast to the slow store, mm/day.
    fast, slow : ndarray
        Share of each store that leaves in a day, 1/day.
    """

    melt: np.ndarray
    capacity: np.ndarray
    shape: np.ndarray
    percolation: np.ndarray
    fast: np.ndarray
    slow: np.ndarray


@dataclass(frozen=True)
class Runoff:
    """What the model gives, each of shape (days, basins) in mm/day, stores in mm.

    Attributes
    ----------
    discharge, evapotranspiration : ndarray
    snow : ndarray
        Snow store at the end of the day.
    storage : ndarray
        All stores together at the end of the day.
    """

    discharge: np.ndarray
    evapotranspiration: np.ndarray
    snow: np.ndarray
    storage: np.ndarray


def potential_evapotranspiration(weather: Weather) -> np.ndarray:
    """Hargreaves and Samani (1985), mm/day, shape (days, basins)."""
    mean = (weather.tmax + weather.tmin) / 2
    water = weather.extraterrestrial * 86400 / LATENT_HEAT
    spread = np.sqrt(weather.tmax - weather.tmin)
    return np.maximum(0.0023 * water * (mean + 17.8) * spread, 0.0)


def snowfall_share(weather: Weather) -> np.ndarray:
    """Share of the precipitation that falls as snow: all below -1 degC, none above 1 degC."""
    return np.clip((1 - (weather.tmax + weather.tmin) / 2) / 2, 0, 1)


def simulate(weather: Weather, parameters: Parameters, spin_up: int = 730) -> Runoff:
    """Run snow, soil and two stores, day by day.

    Parameters
    ----------
    weather : Weather
    parameters : Parameters
    spin_up : int
        The first so many days are run once beforehand, so that the stores do not start empty.
    """
    days = len(weather.prcp)
    evaporation = potential_evapotranspiration(weather)
    snowfall = weather.prcp * snowfall_share(weather)
    rain = weather.prcp - snowfall
    mean = (weather.tmax + weather.tmin) / 2
    order = [*range(min(spin_up, days)), *range(days)]
    out = {field.name: np.zeros(weather.prcp.shape) for field in fields(Runoff)}
    snow = soil = fast = slow = np.zeros(weather.prcp.shape[1])
    for day in order:
        melt = np.minimum(snow + snowfall[day], parameters.melt * np.maximum(mean[day], 0))
        snow = snow + snowfall[day] - melt
        water = rain[day] + melt
        recharge = water * np.minimum(soil / parameters.capacity, 1) ** parameters.shape
        soil = soil + water - recharge
        # What does not fit the soil joins the recharge.
        excess = np.maximum(soil - parameters.capacity, 0)
        soil = soil - excess
        moisture = np.minimum(soil / (0.7 * parameters.capacity), 1)
        evapotranspiration = np.minimum(evaporation[day] * moisture, soil)
        soil = soil - evapotranspiration
        fast = fast + recharge + excess
        percolation = np.minimum(parameters.percolation, fast)
        fast, slow = fast - percolation, slow + percolation
        from_fast, from_slow = parameters.fast * fast, parameters.slow * slow
        fast, slow = fast - from_fast, slow - from_slow
        out["discharge"][day] = from_fast + from_slow
        out["evapotranspiration"][day] = evapotranspiration
        out["snow"][day] = snow
        out["storage"][day] = snow + soil + fast + slow
    return Runoff(**out)
