"""Descriptors of virtual catchments, and the parameters that follow from them in part.

The climate descriptors have the definitions of Addor et al. (2017). docs/virtual.md says more.
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from randvec.data.virtual import hydrology
from randvec.data.virtual.weather import Climate, Weather

#: Share of the variance of a parameter that follows from descriptors; the rest is hidden.
SHARE_OF_DESCRIPTORS = 2 / 3

#: Parameter: the descriptors that it follows from, with their signs.
INFLUENCES = {
    "melt": {"frac_forest": -1, "elev_mean": 1, "slope_mean": 1},
    "capacity": {"soil_depth_statsgo": 1, "max_water_content": 1, "lai_max": 1},
    "shape": {"clay_frac": -1, "soil_porosity": 1, "p_seasonality": 1},
    "percolation": {"soil_conductivity": 1, "geol_permeability": 1, "carbonate_rocks_frac": 1},
    "fast": {"slope_mean": 1, "frac_forest": -1, "area_gages2": -1},
    "slow": {"geol_permeability": -1, "soil_depth_pelletier": -1, "aridity": 1},
}

SEASONS = ("djf", "mam", "jja", "son")


def climate_descriptors(weather: Weather, dates: np.ndarray) -> pd.DataFrame:
    """The nine climate descriptors and two timings, one row a basin.

    Parameters
    ----------
    weather : Weather
    dates : ndarray of datetime64[D], shape (days,)
    """
    prcp = weather.prcp
    frost = (weather.tmax + weather.tmin) / 2 < 0
    evaporation = hydrology.potential_evapotranspiration(weather).mean(axis=0)
    mean = prcp.mean(axis=0)
    high = prcp >= 5 * mean
    low = prcp < 1
    years = len(dates) / 365.25
    return pd.DataFrame(
        {
            "p_mean": mean,
            "pet_mean": evaporation,
            "p_seasonality": _seasonality(weather, dates),
            "frac_snow": (prcp * frost).sum(axis=0) / prcp.sum(axis=0),
            "aridity": evaporation / mean,
            "high_prec_freq": high.sum(axis=0) / years,
            "high_prec_dur": mean_duration(high),
            "high_prec_timing": _busiest_season(high, dates),
            "low_prec_freq": low.sum(axis=0) / years,
            "low_prec_dur": mean_duration(low),
            "low_prec_timing": _busiest_season(low, dates),
        }
    )


def draw_land(climate: Climate, by_weather: pd.DataFrame, random) -> pd.DataFrame:
    """Draw topography, vegetation, soil and geology, plausible for the climate.

    Parameters
    ----------
    climate : Climate
    by_weather : DataFrame
        What `climate_descriptors` gave.
    random : Generator
    """
    basins = len(by_weather)

    def normal(scale=1.0):
        return random.normal(0, scale, basins)

    humid = norm.ppf((by_weather["aridity"].rank(ascending=False) - 0.5) / basins)
    steep = norm.ppf((pd.Series(climate.elevation).rank() - 0.5) / basins)
    forest = norm.cdf(0.7 * humid + 0.3 * steep + normal(0.6))
    leaf = 1 + 4 * forest + random.uniform(0, 0.6, basins)
    green = 0.32 + 0.5 * forest + random.uniform(0, 0.1, basins)
    sand = np.clip(45 + normal(15), 10, 85)
    clay = (100 - sand) * random.uniform(0.2, 0.6, basins)
    carbonate = np.where(random.uniform(size=basins) < 0.5, 0, random.uniform(0, 1, basins))
    permeability = np.clip(-14.2 + carbonate + normal(1.1), -16.5, -10.9)
    depth = np.clip(1.1 - 0.15 * steep + normal(0.2), 0.3, 1.5)
    area = np.exp(random.uniform(np.log(60), np.log(2500), basins))
    return pd.DataFrame(
        {
            "gauge_lat": climate.latitude,
            "gauge_lon": random.uniform(-122, -72, basins),
            "elev_mean": climate.elevation,
            "slope_mean": np.exp(3 + 0.9 * steep + normal(0.4)).clip(0.8, 260),
            "area_gages2": area,
            "area_geospa_fabric": area * random.uniform(0.97, 1.03, basins),
            "frac_forest": forest,
            "lai_max": leaf,
            "lai_diff": leaf * random.uniform(0.4, 0.8, basins),
            "gvf_max": green,
            "gvf_diff": green * random.uniform(0.2, 0.6, basins),
            "soil_depth_pelletier": np.exp(1.5 - 0.8 * steep + normal(0.8)).clip(0.5, 50),
            "soil_depth_statsgo": depth,
            "soil_porosity": 0.5 - 0.0012 * sand + normal(0.01),
            "soil_conductivity": np.exp(-1 + 0.03 * sand + normal(0.2)),
            "max_water_content": depth * (0.5 - 0.002 * sand) + normal(0.02),
            "sand_frac": sand,
            "silt_frac": 100 - sand - clay,
            "clay_frac": clay,
            "carbonate_rocks_frac": carbonate,
            "geol_permeability": permeability,
            "geol_1st_class": _rocks(carbonate, permeability),
            "dom_land_cover": _land_cover(forest, climate.temperature),
        }
    )


def draw_parameters(descriptors: pd.DataFrame, random) -> hydrology.Parameters:
    """Parameters that follow from descriptors in part and from a hidden term for the rest.

    Parameters
    ----------
    descriptors : DataFrame
        One row a basin, all columns that `INFLUENCES` names.
    random : Generator
        Of the hidden terms, which no descriptor shows.
    """
    drawn = {}
    for name, influences in INFLUENCES.items():
        shown = _scores(sum(sign * _scores(descriptors[c]) for c, sign in influences.items()))
        hidden = random.normal(size=len(descriptors))
        score = SHARE_OF_DESCRIPTORS**0.5 * shown + (1 - SHARE_OF_DESCRIPTORS) ** 0.5 * hidden
        low, high = hydrology.RANGES[name]
        drawn[name] = low * (high / low) ** norm.cdf(score)
    return hydrology.Parameters(**drawn)


def _rocks(carbonate: np.ndarray, permeability: np.ndarray) -> np.ndarray:
    """The GLiM class that goes with a permeability [log10 m2], after Gleeson et al. (2011)."""
    return np.select(
        [carbonate > 0.5, permeability > -12.75, permeability > -13.55, permeability > -14.65],
        ["Carbonate sedimentary rocks", "Basic volcanic rocks", "Unconsolidated sediments",
         "Metamorphics"],
        "Siliciclastic sedimentary rocks",
    )  # fmt: skip


def _land_cover(forest: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """The IGBP class that goes with a share of forest and an annual mean temperature [degC]."""
    return np.select(
        [(forest > 0.7) & (temperature < 7), (forest > 0.7) & (temperature > 12), forest > 0.7,
         forest > 0.4, forest > 0.2],
        ["Evergreen Needleleaf Forest", "Deciduous Broadleaf Forest", "Mixed Forests",
         "Woody Savannas", "Croplands"],
        "Grasslands",
    )  # fmt: skip


def _scores(values: pd.Series) -> np.ndarray:
    """Ranks as the quantiles of a standard normal distribution."""
    values = pd.Series(np.asarray(values))
    return norm.ppf((values.rank() - 0.5) / len(values))


def _seasonality(weather: Weather, dates: np.ndarray) -> np.ndarray:
    """Seasonality of precipitation after Woods (2009): amplitude times cosine of the lag."""
    angle = 2 * np.pi * (dates - dates.astype("datetime64[Y]")).astype(int) / 365.25
    waves = np.stack([np.ones(len(dates)), np.cos(angle), np.sin(angle)], axis=1)
    temperature = (weather.tmax + weather.tmin) / 2
    rain, warmth = (
        np.linalg.lstsq(waves, series, rcond=None)[0] for series in (weather.prcp, temperature)
    )
    lag = np.arctan2(rain[2], rain[1]) - np.arctan2(warmth[2], warmth[1])
    return np.hypot(rain[1], rain[2]) / rain[0] * np.cos(lag)


def mean_duration(marked: np.ndarray) -> np.ndarray:
    """Mean length of the spells of marked days, days; 0 without any."""
    starts = marked[0] + (marked[1:] & ~marked[:-1]).sum(axis=0)
    return marked.sum(axis=0) / np.maximum(starts, 1)


def _busiest_season(marked: np.ndarray, dates: np.ndarray) -> list[str]:
    season = (dates.astype("datetime64[M]").astype(int) % 12 + 1) % 12 // 3
    counts = np.stack([marked[season == index].sum(axis=0) for index in range(4)])
    return [SEASONS[index] for index in counts.argmax(axis=0)]
