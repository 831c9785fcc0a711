"""A table of static vectors, by its name.

It has one row per basin: the column ``basin`` and then the columns exactly as the network sees
them, scaled where they are scaled.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module

import numpy as np
import pandas as pd

from randvec.data.reader import COORDINATES
from randvec.errors import InputError
from randvec.vectors import ANY, DESCRIPTORS, VECTORS, module_of, physical
from randvec.vectors.columns import table, varies

_NAME = r"(\w+?)(?:-(\d+))?(?:-s(\d+))?(?:-(noise|without|only)_([a-z0-9_.]+))?"

#: Of the errors of descriptors; a Gaussian vector is drawn from one number, a vector seed.
ERROR_SEED = (1, 1)


def build(
    name: str, descriptors: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Make the static vector table of the given name.

    Parameters
    ----------
    name : str
        A kind of `VECTORS`, for the random ones the dimension and the vector seed, and what is
        changed in the descriptors: ``physical``, ``gaussian-256-s1``, ``physical-without_soil``,
        ``mixed-32-s1-only_climate``, ``physical-noise_0.5``.
    descriptors : DataFrame
        ``basin``, the descriptors, and the coordinates ``gauge_lat`` and ``gauge_lon``, for a kind
        that is located. For a vector that holds no descriptors ``basin`` is enough.
    groups : mapping of str to sequence of str
        Names of the descriptors by group.

    Returns
    -------
    DataFrame
        ``basin`` (text) and d columns, float32, sorted by basin.

    Raises
    ------
    InputError
        If no kind of vector has this name, a group of descriptors is unknown, or there is only one
        basin for a vector that is standardised.
    ValueError
        If what the kind of vector makes has other basins, another length or no numbers.
    """
    kinds = [kind for kind, of in VECTORS.items() if of.dimension != 0]
    found = re.fullmatch(_NAME, name)
    if not found or found[1] not in kinds:
        raise InputError(f"vector '{name}': unknown kind; there are {', '.join(kinds)}")
    dimension, seed, change, value = found.groups()[1:]
    descriptors = descriptors.sort_values("basin")
    chosen = descriptors.drop(columns=list(COORDINATES), errors="ignore")
    if change == "noise":
        chosen = add_noise(chosen, float(value))
    elif change:
        chosen = _choose_group(chosen, change, value, groups)
    if VECTORS[found[1]].located:
        places = {name: descriptors[name].to_numpy() for name in COORDINATES}
        chosen = chosen.assign(**places)
    numbers = [int(number) for number in (dimension, seed) if number]
    made = import_module(module_of(name)).make(chosen, *numbers)
    _check(name, made, chosen, VECTORS[found[1]].dimension, *numbers[:1])
    return made


def _check(
    name: str,
    made: pd.DataFrame,
    descriptors: pd.DataFrame,
    dimension: int | str | None,
    asked: int | None = None,
) -> None:
    """Refuse a table that is not what its record in `VECTORS` promises."""
    lengths = {ANY: asked, DESCRIPTORS: descriptors.shape[1] - 1, None: len(descriptors)}
    length = lengths.get(dimension, dimension)
    if list(made["basin"]) != list(descriptors["basin"]):
        raise ValueError(f"vector '{name}': make gave other basins, or in another order")
    values = made.drop(columns="basin").to_numpy()
    if values.shape[1] != length:
        raise ValueError(
            f"vector '{name}': make gave {values.shape[1]} columns, expected {length} by its "
            "dimension in VECTORS"
        )
    if not np.isfinite(values).all():
        raise ValueError(f"vector '{name}': make gave numbers that are missing or not finite")


def _choose_group(
    descriptors: pd.DataFrame, change: str, group: str, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    if group not in groups:
        raise InputError(f"descriptors of '{group}': no such group; there are {', '.join(groups)}")
    names = list(groups[group])
    if change == "only":
        return descriptors[["basin", *names]]
    return descriptors.drop(columns=names)


def add_noise(descriptors: pd.DataFrame, size: float) -> pd.DataFrame:
    """Descriptors that are known with an error only, the same whoever reads them.

    Errors of each member's own would cancel in the mean of an ensemble, which those of real
    descriptors do not.

    Parameters
    ----------
    descriptors : DataFrame
        ``basin`` and the descriptors.
    size : float
        Standard deviation of the error, in those of each descriptor as `standardise` takes them.

    Returns
    -------
    DataFrame
        Standardised descriptors plus errors. A vector made of them is standardised again, so that
        what grows with `size` is the share of the error, not the numbers. One that is the same in
        all basins stays so: its standard deviation, and so its error, is zero.
    """
    exact = physical.make(descriptors)
    names = exact.columns.drop("basin")
    values = exact[names].to_numpy(np.float64)
    draws = np.random.default_rng(ERROR_SEED).standard_normal(values.shape)
    return table(exact, values + size * draws * varies(values), list(names))
