"""Static vectors of the basins of a simulation."""

from collections.abc import Sequence

import pandas as pd

from randvec.data.frame import check_ids
from randvec.errors import InputError, first_of
from randvec.evaluation.members import Member
from randvec.vectors.restored import of_descriptors


def static_vectors(
    member: Member,
    basins: Sequence[str],
    descriptors: pd.DataFrame | None,
    vectors: pd.DataFrame | None,
) -> pd.DataFrame | None:
    """Static vectors of basins: those given, else by descriptors, else those of the training.

    Parameters
    ----------
    member : Member
    basins : sequence of str
        Those to simulate.
    descriptors, vectors : DataFrame or None
        As `randvec.trained.Ensemble.simulate` takes them.

    Returns
    -------
    DataFrame or None
        ``basin`` and the static vector, of these basins and perhaps others; None for a model
        without.

    Raises
    ------
    InputError
        If a basin has none, or a table is not as it has to be or of none of the basins.
    """
    if member.vectors is None:
        return None
    name, stored = member.settings["vectors"], member.settings["static_vector"]
    own = member.vectors
    for table, given in {"descriptors": descriptors, "vectors": vectors}.items():
        if given is not None and "basin" in given:
            _check_basins(table, given["basin"], basins)
    if vectors is not None:
        own = _checked(vectors, list(own), described="columns" in stored)
    elif descriptors is not None:
        made = of_descriptors(name, stored, descriptors, basins)
        own = pd.concat([made, own[~own["basin"].isin(made["basin"])]])
    if unknown := sorted(set(basins) - set(own["basin"])):
        needed = (
            f"pass descriptors= with basin, {', '.join(stored['columns'])}"
            if stored.get("scaling")
            else "what was drawn or set for one basin says nothing of another, so pass vectors= or "
            "take a model with physical descriptors (as EP)"
        )
        raise InputError(
            f"{member.name}: no static vector of basin {first_of(unknown, 5)}, as "
            f"'{name}' is of the basins of the training's "
            f"data; {needed}"
        )
    return own


def _checked(vectors: pd.DataFrame, columns: list[str], described: bool) -> pd.DataFrame:
    """The vectors with their columns in the order of the training, if these have names."""
    numbers = vectors.drop(columns="basin", errors="ignore")
    of_numbers = all(pd.api.types.is_numeric_dtype(kind) for kind in numbers.dtypes)
    doubled = "basin" in vectors and vectors["basin"].duplicated().any()
    size = len(columns) - 1
    fit = set(vectors) == set(columns) if described else True
    fit &= "basin" in vectors and numbers.shape[1] == size
    if not fit or doubled or not of_numbers:
        named = f": {first_of(columns[1:], 30)}" if described else ""
        raise InputError(
            f"vectors: {len(vectors)} rows of {', '.join(map(str, vectors.columns[:5]))}...; "
            f"expected a column basin, each basin once, and {size} columns of numbers{named}"
        )
    return vectors[columns] if described else vectors


def _check_basins(table: str, given: pd.Series, basins: Sequence[str]) -> None:
    """Refuse a table of other basins, in place of which those of the training would be taken."""
    check_ids(table, given)
    if not set(basins) & set(given):
        found = first_of(sorted(set(given)), 5) or "no row"
        raise InputError(
            f"{table}: none of the basins of the series, {first_of(basins, 5)}, is in it, found "
            f"{found}; expected their ids, with zeros in front"
        )
