"""Static vectors: the table that tells a network which basin it looks at.

A table has one row per basin: the column ``basin`` and then the columns exactly as the network
sees them, scaled where they are scaled. Li et al. 2022 compare four kinds (and none at all).
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from randvec.descriptors import GROUPS
from randvec.errors import InputError


def standardise(values: np.ndarray) -> np.ndarray:
    """Give every column mean 0 and standard deviation 1 over the basins.

    Parameters
    ----------
    values : ndarray, shape (basins, d)

    Returns
    -------
    ndarray, shape (basins, d)
        As in the code of Li et al. (2022) the sample standard deviation is used (n - 1 in the
        denominator; that of forcing and discharge has n). That of a constant column counts as 1.

    Raises
    ------
    InputError
        For fewer than two basins, which have no standard deviation.
    """
    if len(values) < 2:
        raise InputError(
            f"static vectors: {len(values)} basin, expected 2 or more to standardise them over; "
            "add basins, or take models without a static vector (CN)"
        )
    spread = values.std(axis=0, ddof=1)
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
    """The standardised descriptors, filled up to `dimension` with Gaussian columns."""
    random = gaussian(descriptors, dimension - (descriptors.shape[1] - 1), seed)
    return physical(descriptors).merge(random, on="basin", validate="one_to_one")


def add_noise(descriptors: pd.DataFrame, size: float, seed: int) -> pd.DataFrame:
    """Descriptors that are known with an error only.

    Parameters
    ----------
    descriptors : DataFrame
        ``basin`` and the descriptors.
    size : float
        Standard deviation of the error, in those of each descriptor as `standardise` takes them.
    seed : int
        Of the draw.

    Returns
    -------
    DataFrame
        Standardised descriptors plus errors. A vector made of them is standardised again, so that
        what grows with `size` is the share of the error, not the numbers.
    """
    exact = physical(descriptors)
    names = exact.columns.drop("basin")
    # A stream of its own: gaussian() draws from the plain seed.
    draws = np.random.default_rng([seed, 1]).standard_normal((len(exact), len(names)))
    return _table(exact, exact[names].to_numpy(np.float64) + size * draws, list(names))


#: Kind of vector: its function. Those that draw numbers take a dimension and a seed as well.
VECTORS: dict[str, Callable[..., pd.DataFrame]] = {
    "physical": physical,
    "gaussian": gaussian,
    "one_hot": one_hot,
    "mixed": mixed,
}


_NAME = r"(\w+?)(?:-(\d+))?(?:-s(\d+))?(?:-(noise|without|only)_([a-z]+|[0-9.]+))?"


def build(name: str, descriptors: pd.DataFrame) -> pd.DataFrame:
    """Make the static vector table of the given name.

    Parameters
    ----------
    name : str
        A kind of `VECTORS`, for the random ones the dimension and the vector seed, and what is
        changed in the descriptors: ``physical``, ``gaussian-256-s1``, ``physical-without_soil``,
        ``mixed-32-s1-only_climate``, ``physical-s1-noise_0.5``.
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
        If no kind of vector has this name, a group of descriptors is unknown, or there is only one
        basin for a vector that is standardised.
    """
    found = re.fullmatch(_NAME, name)
    if not found or found[1] not in VECTORS:
        raise InputError(f"vector '{name}': unknown kind; there are {', '.join(VECTORS)}")
    kind, dimension, seed, change, value = found.groups()
    chosen = descriptors.drop(columns=["gauge_lat", "gauge_lon"]).sort_values("basin")
    if change == "noise":
        chosen = add_noise(chosen, float(value), int(seed))
    elif change:
        chosen = _choose_group(chosen, change, value)
    numbers = [int(dimension), int(seed)] if dimension else []
    return VECTORS[kind](chosen, *numbers)


def _choose_group(descriptors: pd.DataFrame, change: str, group: str) -> pd.DataFrame:
    if group not in GROUPS:
        raise InputError(f"descriptors of '{group}': no such group; there are {', '.join(GROUPS)}")
    names = list(GROUPS[group])
    if change == "only":
        return descriptors[["basin", *names]]
    return descriptors.drop(columns=names)


def _table(descriptors: pd.DataFrame, values: np.ndarray, names: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(values.astype(np.float32), columns=names)
    table.insert(0, "basin", descriptors["basin"].to_numpy())
    return table
