"""The head of a forcing file of CAMELS-US: latitude, elevation, area, and the names of columns."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from randvec.data.plain_text import DECIMAL, INTEGER
from randvec.errors import InputError

#: Columns in the official order, and their units.
UNITS = {
    "year": None, "mnth": None, "day": None, "hr": None, "dayl": "s", "prcp": "mm/day",
    "srad": "w/m2", "swe": "mm", "tmax": "c", "tmin": "c", "vp": "pa",
}  # fmt: skip
NAMES = {name if unit is None else f"{name}({unit})": name for name, unit in UNITS.items()}

#: The first lines, a number each: what it says, and what is possible for it. No basin of a gauge is
#: below a tenth of a square kilometre, or above a million.
LINES = (
    ("latitude", -90, 90, "degrees"),
    ("elevation", -500, 9000, "m"),
    ("drainage area", 1e5, 1e12, "m2"),
)
NAMES_LINE = 4


@dataclass(frozen=True)
class Header:
    """What the head of a forcing file says.

    Attributes
    ----------
    area : float
        Drainage area, m2.
    columns : dict of str to str
        Name of each column and pattern of its words, as `read_table` takes them.
    first : int
        Number of the first line that is a day.
    note : str
        What is assumed about the columns; empty if their names are all there.
    """

    area: float
    columns: dict[str, str]
    first: int
    note: str


def read_header(path: Path, lines: list[bytes]) -> Header:
    """Read the head of a forcing file.

    Names may be in any order. A few plain Maurer files are said to lack names; then the official
    order of columns is assumed, but only where what is there does not speak against it: no line of
    names, an empty one, or some of the names, or their beginnings, in that order.

    Parameters
    ----------
    path : Path
        For messages.
    lines : list of bytes
        The first four lines at least, as `read_plain` gives them.

    Raises
    ------
    InputError
        If a number is impossible, or the names are others.
    """
    area = _read_area(path, lines)
    found = lines[3].decode().lower().split() if len(lines) >= NAMES_LINE else []
    first, names = NAMES_LINE + 1, list(UNITS)
    if found and found[0].isdigit():
        first, found = NAMES_LINE, []
    elif sorted(found) == sorted(NAMES):
        names = [NAMES[word] for word in found]
    elif not _begin_in_order(found):
        raise InputError(
            f"{path}, line {NAMES_LINE}: found '{' '.join(found)}', expected the columns Year Mnth "
            "Day Hr dayl(s) prcp(mm/day) srad(W/m2) swe(mm) tmax(C) tmin(C) vp(Pa); compare with "
            "the original file"
        )
    whole = sum(word in NAMES for word in found)
    note = (
        f"the forcing file has {whole} of {len(NAMES)} column names, the official order is assumed"
        if whole < len(NAMES) else ""
    )  # fmt: skip
    columns = {name: INTEGER if UNITS[name] is None else DECIMAL for name in names}
    return Header(area, columns, first, note)


def _read_area(path: Path, lines: list[bytes]) -> float:
    for number, (name, low, high, unit) in enumerate(LINES, 1):
        found = lines[number - 1].decode().strip() if len(lines) > number else ""
        value = float(found) if re.fullmatch("-?[0-9]+([.][0-9]+)?", found) else np.nan
        if not low <= value <= high:
            raise InputError(
                f"{path}, line {number}: found '{found}', expected the {name}, {low:g} to {high:g} "
                f"{unit}; without a right area there is no discharge in mm/day"
            )
    return value


def _begin_in_order(words: list[str]) -> bool:
    """Whether each word begins a name, all in the official order."""
    names = iter(NAMES)
    return all(any(name.startswith(word) for name in names) for word in words)
