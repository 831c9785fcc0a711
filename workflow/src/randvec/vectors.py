"""Static vectors: the table that tells a network which basin it looks at.

A table has one row per basin: the column ``basin`` and then the columns exactly as the network
sees them, scaled where they are scaled. Li et al. 2022 compare four kinds (and none at all).
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from randvec.errors import InputError


def standardise(values: np.ndarray) -> np.ndarray:
    """Give every column mean 0 and standard deviation 1 over the basins.

    Parameters
    ----------
    values : ndarray, shape (basins, d)

    Returns
    -------
    ndarray, shape (basins, d)
        The population standard deviation is used; that of a constant column counts as 1.
    """
    spread = values.std(axis=0)
    # A constant column may show a spread of rounding errors only.
    constant = spread <= 1e-12 * np.maximum(np.abs(values).max(axis=0), 1e-300)
    return (values - values.mean(axis=0)) / np.where(constant, 1.0, spread)


def physical(descriptors: pd.DataFrame) -> pd.DataFrame:
    """Standardised physical descriptors, one column each.

    Parameters
    ----------
    descriptors : DataFrame
        ``basin`` and the 27 descriptors of descriptors.parquet, coordinates left out.
    """
    names = list(descriptors.columns.drop("basin"))
    return _table(descriptors, standardise(descriptors[names].to_numpy(np.float64)), names)


def gaussian(descriptors: pd.DataFrame, dimension: int, seed: int) -> pd.DataFrame:
    """Independent draws from N(0, 1), standardised over the basins.

    Only the order of the basins is taken from `descriptors`. The draw depends on the seed, the
    number of basins and the dimension.
    """
    draws = np.random.default_rng(seed).standard_normal((len(descriptors), dimension))
    return _table(descriptors, standardise(draws), [f"gaussian_{i:03d}" for i in range(dimension)])


def one_hot(descriptors: pd.DataFrame) -> pd.DataFrame:
    """A 1 in the basin's own column and 0 elsewhere, not scaled; as many columns as basins."""
    names = [f"is_{basin}" for basin in descriptors["basin"]]
    return _table(descriptors, np.eye(len(descriptors)), names)


def mixed(descriptors: pd.DataFrame, dimension: int, seed: int) -> pd.DataFrame:
    """The 27 standardised descriptors, filled up to `dimension` with Gaussian columns."""
    known = physical(descriptors)
    random = gaussian(descriptors, dimension - len(known.columns.drop("basin")), seed)
    return known.merge(random, on="basin", validate="one_to_one")


#: Kind of vector: its function. Those that draw numbers take a dimension and a seed as well.
VECTORS: dict[str, Callable[..., pd.DataFrame]] = {
    "physical": physical,
    "gaussian": gaussian,
    "one_hot": one_hot,
    "mixed": mixed,
}


def build(name: str, descriptors: pd.DataFrame) -> pd.DataFrame:
    """Make the static vector table of the given name.

    Parameters
    ----------
    name : str
        A kind of `VECTORS`, and for the random ones dimension and vector seed:
        ``physical``, ``gaussian-256-s1``.
    descriptors : DataFrame
        ``basin``, the 27 descriptors, and the coordinates ``gauge_lat`` and ``gauge_lon``, which
        no network sees.

    Returns
    -------
    DataFrame
        ``basin`` (text) and d columns, float32, sorted by basin.

    Raises
    ------
    InputError
        If no kind of vector has this name.
    """
    kind, *numbers = re.fullmatch(r"(\w+?)(?:-(\d+)-s(\d+))?", name).groups()
    if kind not in VECTORS:
        raise InputError(f"vector '{name}': unknown kind; there are {', '.join(VECTORS)}")
    chosen = descriptors.drop(columns=["gauge_lat", "gauge_lon"]).sort_values("basin")
    return VECTORS[kind](chosen, *(int(number) for number in numbers if number))


def _table(descriptors: pd.DataFrame, values: np.ndarray, names: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(values.astype(np.float32), columns=names)
    table.insert(0, "basin", descriptors["basin"].to_numpy())
    return table
