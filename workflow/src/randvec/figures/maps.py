"""Maps: of the conterminous United States with their borders, of other places without.

The borders of the states come with the package bokeh_sampledata, so nothing is fetched. They are
simplified TIGER/Line shapes of the U.S. Census Bureau, in degrees.
"""

import numpy as np
import pandas as pd
from bokeh_sampledata.us_states import data as STATES
from matplotlib.axes import Axes

RADIUS = 6371.0  # km; of the sphere with the Earth's surface area
PARALLELS = (29.5, 45.5)  # degrees; standard parallels usual for the conterminous United States
ORIGIN = (-96.0, 23.0)  # degrees of longitude and latitude
NOT_SHOWN = ("AK", "HI")
BOX = (-125.5, -66.5), (24.0, 50.0)  # degrees; holds the conterminous United States


def project(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Albers equal-area conic projection of the sphere.

    Equations 14-1 to 14-6 of Snyder (1987), Map projections: a working manual, U.S. Geological
    Survey Professional Paper 1395.

    Parameters
    ----------
    longitude, latitude : np.ndarray
        Degrees, east and north positive, of one shape.

    Returns
    -------
    x, y : np.ndarray
        km east and north of the origin, of the same shape.
    """
    first, second = np.sin(np.radians(PARALLELS))
    n = (first + second) / 2
    c = 1 - first**2 + 2 * n * first
    rho, rho_origin = (
        RADIUS * np.sqrt(c - 2 * n * np.sin(np.radians(degrees))) / n
        for degrees in (np.asarray(latitude), ORIGIN[1])
    )
    theta = n * np.radians(np.asarray(longitude) - ORIGIN[0])
    return rho * np.sin(theta), rho_origin - rho * np.cos(theta)


def placed(basins: pd.DataFrame) -> pd.Series:
    """Whether each basin has a place on a map, by its columns gauge_lat and gauge_lon."""
    return basins[["gauge_lat", "gauge_lon"]].notna().all(axis=1)


def nowhere_note(basins: pd.DataFrame) -> str:
    """How many basins have no place on a map; empty if all have."""
    nowhere = (~placed(basins)).sum()
    return f"{nowhere} without coordinates, not drawn" if nowhere else ""


def place(ax: Axes, longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make axes a map in km, equal scales and no frame, and find where points lie on it.

    Parameters
    ----------
    ax : Axes
    longitude, latitude : np.ndarray
        Degrees, east and north positive, of one shape; NaN where they are not known.

    Returns
    -------
    x, y : np.ndarray
        km. Points that all lie in the conterminous United States are projected by `project`, with
        the borders of the states in light grey; others by Lambert's azimuthal equal-area projection
        about their middle (equations 24-2 to 24-4 of Snyder 1987), without borders. Points whose
        place is not known are NaN.
    """
    ax.set_aspect("equal")
    ax.set_axis_off()
    longitude, latitude = np.asarray(longitude, float), np.asarray(latitude, float)
    known = np.isfinite(longitude) & np.isfinite(latitude)
    (west, east), (south, north) = BOX
    inside = (longitude > west) & (longitude < east) & (latitude > south) & (latitude < north)
    if known.any() and inside[known].all():
        _draw_states(ax)
        return project(longitude, latitude)
    return _azimuthal(longitude, latitude, known)


def _azimuthal(
    longitude: np.ndarray, latitude: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if not known.any():
        return np.full(longitude.shape, np.nan), np.full(latitude.shape, np.nan)
    middle = [np.radians((v[known].min() + v[known].max()) / 2) for v in (longitude, latitude)]
    east, north = np.radians(longitude) - middle[0], np.radians(latitude)
    along = np.cos(north) * np.cos(east)
    k = np.sqrt(2 / (1 + np.sin(middle[1]) * np.sin(north) + np.cos(middle[1]) * along))
    x = RADIUS * k * np.cos(north) * np.sin(east)
    return x, RADIUS * k * (np.cos(middle[1]) * np.sin(north) - np.sin(middle[1]) * along)


def _draw_states(ax: Axes) -> None:
    for code, state in STATES.items():
        if code not in NOT_SHOWN:
            ax.plot(*project(state["lons"], state["lats"]), color="#BFBFBF", lw=0.5, zorder=0.5)
