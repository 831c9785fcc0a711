"""Daily weather of virtual catchments. Equations and sources: docs/virtual.md."""

from dataclasses import dataclass

import numpy as np

YEAR = 365.25
SOLAR_CONSTANT = 1367.0  # W/m2
LARGEST_TRANSMISSIVITY = 0.78


@dataclass(frozen=True)
class Climate:
    """What sets one catchment's weather apart; every field has the shape (basins,).

    Attributes
    ----------
    latitude : ndarray
        Degrees north.
    elevation : ndarray
        m above sea level.
    temperature, amplitude : ndarray
        Annual mean and half the annual range of the daily mean temperature, degC.
    wet_share, wet_season, wet_phase : ndarray
        Mean share of wet days, its relative seasonal swing, and the day of the year of its peak.
    persistence : ndarray
        Autocorrelation of wet and dry days from one day to the next.
    depth : ndarray
        Mean precipitation of an ordinary wet day, mm.
    daily_range : ndarray
        Mean difference of tmax and tmin on dry days, degC.
    dryness : ndarray
        Vapour pressure on dry days as a share of saturation at tmin.
    """

    latitude: np.ndarray
    elevation: np.ndarray
    temperature: np.ndarray
    amplitude: np.ndarray
    wet_share: np.ndarray
    wet_season: np.ndarray
    wet_phase: np.ndarray
    persistence: np.ndarray
    depth: np.ndarray
    daily_range: np.ndarray
    dryness: np.ndarray


@dataclass(frozen=True)
class Weather:
    """Daily weather, each of shape (days, basins).

    Attributes
    ----------
    day_length : ndarray
        s.
    prcp : ndarray
        mm/day.
    srad : ndarray
        Mean over the daylight hours, W/m2, as in the official files.
    tmax, tmin : ndarray
        degC.
    vp : ndarray
        Pa.
    extraterrestrial : ndarray
        Radiation at the top of the atmosphere, mean over 24 hours, W/m2.
    """

    day_length: np.ndarray
    prcp: np.ndarray
    srad: np.ndarray
    tmax: np.ndarray
    tmin: np.ndarray
    vp: np.ndarray
    extraterrestrial: np.ndarray


def draw_climates(basins: int, random: np.random.Generator) -> Climate:
    """Draw climates: humid to semi-arid, wet in any season, snow-free to snow-dominated.

    What sets the regime is a Latin hypercube (McKay et al. 1979), so that even few catchments
    cover it: high and cold ones, and such with a dry summer, do not depend on luck.
    """

    def spread(low, high):
        return (
            low + (high - low) * (random.permutation(basins) + random.uniform(size=basins)) / basins
        )

    latitude = spread(29, 48)
    elevation = np.exp(spread(np.log(30), np.log(3500)))
    wetness = spread(0, 1)
    return Climate(
        latitude=latitude,
        elevation=elevation,
        temperature=26 - 0.75 * (latitude - 25) - 0.005 * elevation,
        amplitude=5 + 0.3 * (latitude - 25) + random.uniform(0, 4, basins),
        wet_share=0.2 + 0.35 * wetness,
        wet_season=spread(0, 0.8),
        wet_phase=spread(0, YEAR),
        persistence=random.uniform(0.15, 0.45, basins),
        depth=4 + 4 * wetness + random.uniform(0, 2, basins),
        daily_range=15 - 6 * wetness + random.uniform(-1, 1, basins),
        dryness=0.6 + 0.35 * wetness,
    )


def saturation(temperature: np.ndarray) -> np.ndarray:
    """Saturation vapour pressure [Pa] over water at a temperature [degC] (Tetens)."""
    return 610.8 * np.exp(17.27 * temperature / (temperature + 237.3))


def sunshine(day_of_year: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Length of the day [s] and extraterrestrial radiation [W/m2, mean over 24 hours].

    Parameters
    ----------
    day_of_year : ndarray, shape (days,)
    latitude : ndarray, shape (basins,)
        Degrees; within the polar circles.

    Returns
    -------
    tuple of ndarray, shape (days, basins)
    """
    angle = 2 * np.pi * day_of_year[:, None] / 365
    distance = 1 + 0.033 * np.cos(angle)
    declination = 0.409 * np.sin(angle - 1.39)
    latitude = np.radians(latitude)
    sunset = np.arccos(-np.tan(latitude) * np.tan(declination))
    height = sunset * np.sin(latitude) * np.sin(declination)
    height = height + np.cos(latitude) * np.cos(declination) * np.sin(sunset)
    return 86400 * sunset / np.pi, SOLAR_CONSTANT / np.pi * distance * height


def simulate(climate: Climate, dates: np.ndarray, random: np.random.Generator) -> Weather:
    """Make daily weather, rounded to the two decimals of the text files.

    Parameters
    ----------
    climate : Climate
    dates : ndarray of datetime64[D], shape (days,)
    random : Generator
    """
    day_of_year = (dates - dates.astype("datetime64[Y]")).astype(int) + 1
    day_length, extraterrestrial = sunshine(day_of_year, climate.latitude)
    wet = _wet_days(climate, day_of_year, random)
    prcp = _amounts(climate, wet, random)
    wet = prcp > 0
    mean = _temperature(climate, day_of_year, wet, random)
    departure = random.gamma(16, 1 / 16, wet.shape)
    spread = np.maximum(climate.daily_range * np.where(wet, 0.6, 1.0) * departure, 1.0)
    tmin = (mean - spread / 2).round(2)
    humidity = np.where(wet, 1.0, climate.dryness)
    # Clear skies let in sunshine and let out warmth: the square root of Hargreaves and Samani.
    clear = np.where(wet, 0.45, 0.72) * np.sqrt(departure) * random.gamma(80, 1 / 80, wet.shape)
    transmissivity = np.clip(clear, 0.1, LARGEST_TRANSMISSIVITY)
    return Weather(
        day_length=day_length.round(2),
        prcp=prcp,
        srad=(extraterrestrial * transmissivity * 86400 / day_length).round(2),
        tmax=(mean + spread / 2).round(2) + 0.0,  # no negative zero
        tmin=tmin + 0.0,
        # Rounded down, so that the air is never above saturation.
        vp=np.floor(humidity * saturation(tmin) * 100) / 100,
        extraterrestrial=extraterrestrial,
    )


def _wet_days(climate: Climate, day_of_year: np.ndarray, random) -> np.ndarray:
    """A two-state Markov chain whose share of wet days follows the season (Richardson 1981)."""
    season = np.cos(2 * np.pi * (day_of_year[:, None] - climate.wet_phase) / YEAR)
    share = np.clip(climate.wet_share * (1 + climate.wet_season * season), 0.03, 0.9)
    draws = random.uniform(size=share.shape)
    wet = np.zeros(share.shape, bool)
    wet[0] = draws[0] < share[0]
    for day in range(1, len(share)):
        after_wet = share[day] + climate.persistence * (1 - share[day])
        after_dry = share[day] * (1 - climate.persistence)
        wet[day] = draws[day] < np.where(wet[day - 1], after_wet, after_dry)
    return wet


def _amounts(climate: Climate, wet: np.ndarray, random) -> np.ndarray:
    """Mixed exponential amounts: one wet day in eight is a storm of three times the mean depth."""
    storm = random.uniform(size=wet.shape) < 1 / 8
    amounts = random.exponential(size=wet.shape) * climate.depth * np.where(storm, 3.0, 1.0)
    return np.where(wet, amounts, 0.0).round(2)


def _temperature(climate: Climate, day_of_year, wet, random) -> np.ndarray:
    """A seasonal cycle, coldest in mid-January, with first-order autoregressive departures."""
    season = -np.cos(2 * np.pi * (day_of_year[:, None] - 15) / YEAR)
    shocks = random.normal(0, 2.5, wet.shape)
    departure = np.zeros(wet.shape)
    for day in range(1, len(wet)):
        departure[day] = 0.7 * departure[day - 1] + shocks[day]
    # Clouds cool a summer's day and warm a winter's.
    return climate.temperature + climate.amplitude * season + departure - 1.5 * season * wet
