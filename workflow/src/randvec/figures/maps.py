"""Maps of the conterminous United States.

The borders of the states come with the package bokeh_sampledata, so nothing is fetched. They are
simplified TIGER/Line shapes of the U.S. Census Bureau, in degrees.
"""

import numpy as np
from bokeh_sampledata.us_states import data as STATES
from matplotlib.axes import Axes

RADIUS = 6371.0  # km; of the sphere with the Earth's surface area
PARALLELS = (29.5, 45.5)  # degrees; standard parallels usual for the conterminous United States
ORIGIN = (-96.0, 23.0)  # degrees of longitude and latitude
NOT_SHOWN = ("AK", "HI")


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


def draw_states(ax: Axes) -> None:
    """Make axes a map in km: state borders in light grey, equal scales, no frame."""
    for code, state in STATES.items():
        if code not in NOT_SHOWN:
            ax.plot(*project(state["lons"], state["lats"]), color="#BFBFBF", lw=0.5, zorder=0.5)
    ax.set_aspect("equal")
    ax.set_axis_off()
