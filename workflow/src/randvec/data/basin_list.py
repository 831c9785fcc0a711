"""A basin list of any source: one id a line."""

import re
from pathlib import Path

from randvec.data.plain_text import read_utf8
from randvec.errors import InputError

#: It begins with a letter or digit, so that no id is a path: files and folders are named after it.
BASIN_ID = "[A-Za-z0-9][A-Za-z0-9._-]*"


#: What is not taken for an id.
HEADINGS = ("basin", "basins", "basin_id", "gauge_id", "gauge", "id")

#: What a message says of it.
SIGNS = "one id a line, of letters, digits, dots, underscores and dashes"


def read_ids(path: str | Path, pattern: str = BASIN_ID, expected: str = SIGNS) -> list[str]:
    """Read a basin list: one id a line, as text, in the order of the file.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark; blank lines are ignored.
    pattern : str
        Of an id, as a regular expression.
    expected : str
        What such an id is, for messages.

    Raises
    ------
    InputError
        If the file can't be read, an id is no such one, an id stands twice, or there is none.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(read_utf8(path).decode().split("\n"), 1):
        basin = line.strip()
        if not basin:
            continue
        if basin.lower() in HEADINGS:
            raise InputError(
                f"{path}, line {number}: '{basin}' is a heading; expected {expected}, without one"
            )
        if not re.fullmatch(pattern, basin):
            raise InputError(
                f"{path}, line {number}: '{basin}' is no basin id; expected {expected}"
            )
        if basin in found:
            raise InputError(
                f"{path}, line {number}: basin {basin} stands in line {found[basin]} already; "
                "remove one"
            )
        found[basin] = number
    if not found:
        raise InputError(f"{path}: no basin in it; expected one id a line")
    return list(found)
