"""Whether a reader gives what `Reader` asks of it, so that a new one can't err unseen."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from randvec.data.missing import MARKS, is_mark
from randvec.data.reader import COORDINATES, Reader, Record
from randvec.errors import InputError

#: Marks that no forcing can reach; thermal radiation may be -99.99 W/m2.
NO_VALUES = [mark for mark in MARKS if mark <= -999]

PROMISE = "randvec/data/reader.py says what a reader gives"


def basins_of(reader: Reader, listed: str) -> list[str]:
    """The basins that are asked for, sorted; raises InputError for none, and for one twice."""
    basins = sorted(reader.basins())
    if not basins:
        raise InputError(f"{listed}: no basin that can be used; name some in dataset.basins")
    if twice := [one for one, other in pairwise(basins) if one == other]:
        where = f"{type(reader).__name__}.basins"
        raise InputError(f"{where}: basin {twice[0]} stands twice; {PROMISE}")
    return basins


def attributes_of(reader: Reader, descriptors: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The attributes by basin.

    Raises
    ------
    InputError
        If they lack a descriptor or a coordinate, have a basin twice, or one that is no text.
    """
    attributes = reader.attributes()
    names = [name for group in descriptors.values() for name in group]
    needed = ["basin", *names, *COORDINATES]
    where = f"{type(reader).__name__}.attributes"
    if missing := [name for name in needed if name not in attributes]:
        raise InputError(f"{where}: no column {', '.join(missing)}; {PROMISE}")
    ids = attributes["basin"]
    if wrong := [basin for basin in ids if not isinstance(basin, str)]:
        raise InputError(f"{where}: basin {wrong[0]} is no text; {PROMISE}")
    if ids.duplicated().any():
        raise InputError(f"{where}: basin {ids[ids.duplicated()].iloc[0]} stands twice; {PROMISE}")
    return attributes.set_index("basin")


def check_record(reader: Reader, basin: str, record: Record) -> None:
    """Refuse a series with a day too many or too few, or with a number that can't be one.

    Raises
    ------
    InputError
        Which names the basin, and the day.
    """
    days, where = record.days, f"{type(reader).__name__}.record: basin {basin}"
    if missing := [name for name in ("date", "discharge") if name not in days]:
        raise InputError(f"{where}: no column {', '.join(missing)}; {PROMISE}")
    if days.empty and not record.faults:
        raise InputError(f"{where}: no day, and no fault that says why; {PROMISE}")
    dates = days["date"].to_numpy("datetime64[s]")
    if (timed := dates[dates != dates.astype("datetime64[D]")]).size:
        raise InputError(f"{where}: {timed[0]} has a time of day; expected days; {PROMISE}")
    jumps = np.flatnonzero(np.diff(dates) != np.timedelta64(1, "D"))
    if len(jumps):
        before, after = dates[jumps[0] : jumps[0] + 2].astype("datetime64[D]")
        raise InputError(
            f"{where}: {before} is followed by {after}; expected every day from the first to the "
            f"last once, in order, with NaN where a value is missing; {PROMISE}"
        )
    for name in days.columns.drop("date"):
        values = days[name].to_numpy(np.float32)
        wrong = np.isinf(values) | is_mark(values, NO_VALUES)
        if name == "discharge":
            wrong |= values < 0
        for day in np.flatnonzero(wrong)[:1]:
            raise InputError(
                f"{where}: {name} is {values[day]:g} on {dates[day].astype('datetime64[D]')}; "
                f"expected a number, or NaN where it is missing; {PROMISE}"
            )
