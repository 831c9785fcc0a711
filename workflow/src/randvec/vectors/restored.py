"""Static vectors from a member's settings, as `randvec.vectors.stored` wrote them there."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from randvec.data.missing import MARKS, is_mark
from randvec.errors import InputError
from randvec.vectors.build import build
from randvec.vectors.columns import table, varies
from randvec.vectors.physical import scaled
from randvec.vectors.stored import digest_of

#: A descriptor so many standard deviations of the training from its mean is in another unit, or of
#: a basin of which the network can know nothing.
FAR = 100


def restore(name: str, stored: dict) -> pd.DataFrame:
    """The table that `randvec.vectors.stored.describe` was given.

    Parameters
    ----------
    name : str
        Of the table.
    stored : dict
        What `describe` gave.

    Raises
    ------
    InputError
        If its numbers are not those that the member was trained with.
    """
    basins = pd.DataFrame({"basin": stored["basins"]})
    if "values" in stored:
        rows = [stored["values"][basin] for basin in stored["basins"]]
        vectors = table(basins, np.array(rows, np.float32), stored["columns"])
    else:
        vectors = build(name, basins, {})
    if digest_of(vectors) != stored["digest"]:
        raise InputError(
            f"static vector '{name}': its numbers are not those that the member was trained with; "
            "the settings were changed, or this version of numpy draws otherwise"
        )
    return vectors


def of_descriptors(
    name: str, stored: dict, descriptors: pd.DataFrame, basins: Collection[str]
) -> pd.DataFrame:
    """Static vectors of basins from their descriptors, scaled as those of the training.

    A descriptor that was the same in all basins of the run is zero, as it was there: its weights
    were never trained, so that any other number would be noise.

    Parameters
    ----------
    name, stored
        As `restore` takes them.
    descriptors : DataFrame
        ``basin`` and a numeric column for each descriptor, in its own unit; others are not read.
    basins : collection of str
        Those to make, as far as the table has them.

    Raises
    ------
    InputError
        If a basin stands twice, the vector is not made of descriptors alone, or one of them is not
        there, no number, missing, a mark for a missing value, or further from those of the training
        than any in their unit.
    """
    if "basin" not in descriptors or descriptors["basin"].duplicated().any():
        raise InputError("descriptors: expected a column basin, and each basin once")
    if not stored.get("scaling"):
        raise InputError(
            f"static vector '{name}' can't be made of descriptors: a drawn number stands for the "
            "basin that it was drawn for and says nothing of another one; pass vectors=, or take "
            "a model with physical descriptors (as EP)"
        )
    names = stored["columns"]
    if missing := [column for column in names if column not in descriptors]:
        raise InputError(
            f"descriptors: no column {', '.join(missing)}; expected basin, {', '.join(names)}"
        )
    descriptors = descriptors[descriptors["basin"].isin(basins)]
    for column in names:
        numbers = pd.to_numeric(descriptors[column], errors="coerce")
        numbers = numbers.to_numpy(np.float64, na_value=np.nan)
        wrong = ~np.isfinite(numbers) | is_mark(numbers)
        if wrong.any():
            raise InputError(
                f"descriptors: {column} of basin {descriptors['basin'][wrong].iloc[0]} is missing "
                f"or no number, or a mark as {MARKS[1]}; fill it in, as a network was never "
                "trained without it"
            )
    scaling = stored["scaling"]
    made = scaled(
        descriptors, names, np.array(scaling["mean"]), np.array(scaling["standard_deviation"])
    )
    constant = ~varies(np.array(list(stored["values"].values())))
    made.iloc[:, 1 + np.flatnonzero(constant)] = np.float32(0)
    _check_distance(made, scaling)
    return made


def _check_distance(made: pd.DataFrame, scaling: Mapping[str, Sequence[float]]) -> None:
    values = made.drop(columns="basin")
    far = np.argwhere(np.abs(values.to_numpy()) > FAR)
    for row, column in far[:1]:
        mean, spread = scaling["mean"][column], scaling["standard_deviation"][column]
        own = mean + spread * values.iloc[row, column]
        raise InputError(
            f"descriptors: {values.columns[column]} of basin {made['basin'].iloc[row]} is "
            f"{own:.4g}, in training it was {mean:.4g} on average, more than {FAR} standard "
            "deviations away; expected the same unit as there, so convert it, or leave it out"
        )
