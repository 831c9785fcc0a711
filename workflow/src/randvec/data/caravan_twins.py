"""Twins: the same gauge in two sub-datasets of Caravan."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

#: Gauges so near [km] with areas that differ by no more than this share of the larger one.
DISTANCE, SHARE = 1.5, 0.05

EARTH_RADIUS = 6371.0  # km


def find_twins(gauges: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of basins of two sub-datasets that are the same one by place and area.

    Parameters
    ----------
    gauges : DataFrame
        basin, sub_dataset, gauge_lat and gauge_lon [degrees], area [km2]. Those without a number
        have no twin.

    Returns
    -------
    list of tuple of str
        Two ids each, sorted.
    """
    known = gauges.dropna(subset=["gauge_lat", "gauge_lon", "area"]).sort_values("basin")
    latitude, longitude = (
        np.radians(known[name].to_numpy()) for name in ("gauge_lat", "gauge_lon")
    )
    places = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
         np.sin(latitude)], axis=1,
    )  # fmt: skip
    # Over so short a way the straight line is as long as that along the ground.
    near = cKDTree(places).query_pairs(DISTANCE / EARTH_RADIUS, output_type="ndarray")
    first, second = near.T
    area, group = known["area"].to_numpy(), known["sub_dataset"].to_numpy()
    larger = np.maximum(area[first], area[second])
    same = np.abs(area[first] - area[second]) <= SHARE * larger
    pairs = near[same & (group[first] != group[second])]
    basins = known["basin"].to_numpy()
    return sorted((str(basins[one]), str(basins[other])) for one, other in pairs)
