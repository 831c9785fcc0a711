"""Files of separated values read strictly: what is not as it should be is refused with its line."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from randvec.data.basin_list import BASIN_ID
from randvec.data.missing import MARKS, MISSING_WORDS
from randvec.data.plain_text import read_lines, refuse_where
from randvec.errors import InputError

#: No attribute that is read here can have these, nor -99. In series a number never stands for a
#: missing value, and negative discharge is a matter of the source.
CODES = (-99, *MARKS)

#: Pattern and plain name of the words of each type of column.
WORDS = {
    pa.date32(): ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day as YYYY-MM-DD"),
    pa.float64(): (r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", "a number"),
    pa.string(): (".*", "text"),
}


@dataclass(frozen=True)
class Delimited:
    """A file of separated values, not yet converted.

    Attributes
    ----------
    path : Path
    names : list of str
        Of all its columns.
    body : bytes
        The lines after that of the names, UTF-8.
    first : int
        Number in the file of the first of them.
    separator : str
    """

    path: Path
    names: list[str]
    body: bytes
    first: int
    separator: str


def open_delimited(path: Path, key: str, other_encoding: str | None = None) -> Delimited:
    """Read a file whose columns are separated by commas or semicolons.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark. Lines that begin with # may go before the names.
    key : str
        Name of the first column.
    other_encoding : str, optional
        What the file may be in instead of UTF-8.

    Raises
    ------
    InputError
        If the file can't be read, is empty, has another encoding, does not begin with the line of
        names, has no line after it or may be cut at its end.
    """
    text = _in_utf8(path, read_lines(path), other_encoding)
    if not text.strip():
        raise InputError(f"{path}: the file is empty; get the original file")
    comments = re.match(rb"(?:#[^\n]*\n)*", text).group()
    header, _, body = text[len(comments) :].partition(b"\n")
    line = comments.count(b"\n") + 1
    separator = ";" if header.count(b";") > header.count(b",") else ","
    names = [name.strip().strip('"') for name in header.decode().split(separator)]
    if names[0] != key:
        raise InputError(
            f"{path}, line {line}: found '{header.decode()[:60]}', expected the names of the "
            f"columns, {key} first, separated by ','; compare with the original file"
        )
    if not body.strip():
        raise InputError(f"{path}: no line after the names of the columns; get the original file")
    if not body.endswith(b"\n"):
        raise InputError(
            f"{path}, line {line + body.count(10) + 1}: the file ends without a line end and may "
            "be cut; get the original file, or end the line if it is whole"
        )
    return Delimited(path, names, body.rstrip() + b"\n", line + 1, separator)


def read_columns(file: Delimited, types: dict[str, pa.DataType]) -> dict[str, np.ndarray]:
    """Convert some columns of a file.

    Parameters
    ----------
    file : Delimited
    types : dict of str to DataType
        By name of column; a key of `WORDS`.

    Returns
    -------
    dict of str to ndarray
        datetime64[D], float64 with NaN for `missing.MISSING_WORDS`, or text.

    Raises
    ------
    InputError
        If there is not one column of a name, or naming the line that is cut or has a word that is
        not of its type.
    """
    if wrong := [name for name in types if file.names.count(name) != 1]:
        raise InputError(
            f"{file.path}, line {file.first - 1}: expected one column {', '.join(wrong)}, found "
            f"{', '.join(file.names)[:200]}; compare with the original file"
        )
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(file.body),
            arrow_csv.ReadOptions(column_names=file.names, use_threads=False),
            arrow_csv.ParseOptions(delimiter=file.separator, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=list(MISSING_WORDS)
            ),
        )
    except pa.ArrowInvalid as error:
        _name_bad_line(file, types)
        raise InputError(f"{file.path}: {str(error).splitlines()[0][:200]}") from None
    found = {name: table[name].to_numpy() for name in types}
    # Arrow takes inf for a number, and lets a day be missing.
    numbers = [values for values in found.values() if values.dtype == np.float64]
    if any(np.isinf(values).any() for values in numbers) or _days_are_missing(table, types):
        _name_bad_line(file, types)
    return found


def read_days(path: Path, columns: dict[str, str], bounds: dict[str, tuple]) -> pd.DataFrame:
    """Read a file with a line a day, the day in the first column `date`.

    Parameters
    ----------
    path : Path
    columns : dict of str to str
        Name in the file of each column to read, and what to call it.
    bounds : dict of str to tuple
        Smallest and largest possible value and unit, by how the name in the file begins.

    Returns
    -------
    DataFrame
        date (datetime64[s]) and the columns, float64, NaN where missing; no day is missing.

    Raises
    ------
    InputError
        As `open_delimited` and `read_columns`, and naming file and line for a day that is doubled,
        missing or out of order, or a value out of its bounds.
    """
    file = open_delimited(path, "date")
    types = {"date": pa.date32(), **dict.fromkeys(columns, pa.float64())}
    table = read_columns(file, types)
    dates = table.pop("date")
    _check_calendar(file, dates)
    for name, values in table.items():
        for low, high, unit in (bounds[key] for key in bounds if name.startswith(key)):
            refuse_where(
                (values < low) | (values > high), path, file.first,
                lambda at, name=name, values=values, possible=f"{low} to {high} {unit}":
                    f"{name} is {values[at]:g}, expected {possible}",
            )  # fmt: skip
    days = {"date": dates.astype("datetime64[s]"), **{columns[n]: v for n, v in table.items()}}
    return pd.DataFrame(days)


def read_rows(file: Delimited, names: list[str]) -> pd.DataFrame:
    """Convert some columns of a file with a line a basin, its id in the first column.

    Parameters
    ----------
    file : Delimited
    names : list of str
        Columns of numbers.

    Returns
    -------
    DataFrame
        A row a basin, indexed by its id; float64, NaN where missing.

    Raises
    ------
    InputError
        As `read_columns`, and naming file and line for an id that is none or stands twice, or a
        number that other data sets write for a missing value.
    """
    key = file.names[0]
    types = {key: pa.string(), **dict.fromkeys(names, pa.float64())}
    table = read_columns(file, types)
    ids = table.pop(key).astype(str)
    refuse_where(
        np.array([not re.fullmatch(BASIN_ID, one) for one in ids]), file.path, file.first,
        lambda at: f"{key} is '{ids[at]}', which is no id of a basin",
    )  # fmt: skip
    refuse_where(
        pd.Series(ids).duplicated().to_numpy(), file.path, file.first,
        lambda at: f"basin {ids[at]} stands twice; remove one",
    )  # fmt: skip
    for name, values in table.items():
        refuse_where(
            np.isin(values, CODES), file.path, file.first,
            lambda at, name=name, values=values: f"{name} of basin {ids[at]} is {values[at]:g}, "
            "which looks like a mark for a missing value; expected a number, or NaN where it is "
            "missing",
        )  # fmt: skip
    return pd.DataFrame(table, index=pd.Index(ids, name="basin"), columns=names, dtype=np.float64)


def _in_utf8(path: Path, text: bytes, other_encoding: str | None) -> bytes:
    try:
        if not text.isascii():
            text.decode("utf-8")
    except UnicodeDecodeError as error:
        if other_encoding:
            return text.decode(other_encoding).encode()
        raise InputError(
            f"{path}, line {text.count(10, 0, error.start) + 1}: found byte "
            f"{text[error.start]:#04x}, expected text in UTF-8; save the file as UTF-8"
        ) from None
    return text


def _check_calendar(file: Delimited, dates: np.ndarray) -> None:
    steps = np.diff(dates).astype(int)

    def say(at: int) -> str:
        fault = (
            "a day is doubled" if steps[at] == 0
            else "a day is out of order" if steps[at] < 0
            else f"days are missing, {steps[at] - 1} of them"
        )  # fmt: skip
        return f"{dates[at + 1]} after {dates[at]}: {fault}; expected every day once, in order"

    refuse_where(steps != 1, file.path, file.first + 1, say)


def _name_bad_line(file: Delimited, types: dict[str, pa.DataType]) -> None:
    """Raise InputError for the first line that is cut or has a word that is not of its type."""
    for number, words in enumerate(_split(file), file.first):
        if len(words) != len(file.names):
            raise InputError(
                f"{file.path}, line {number}: {len(words)} values, expected {len(file.names)} as "
                f"in line {file.first - 1}; the line is cut or damaged"
            )
        row = dict(zip(file.names, words, strict=True))
        for name, kind in types.items():
            pattern, meant = WORDS[kind]
            if not _fits(row[name].strip(), pattern, kind):
                raise InputError(
                    f"{file.path}, line {number}: {name} is '{row[name][:40]}', expected {meant}; "
                    "compare with the original file"
                )


def _days_are_missing(table: pa.Table, types: dict[str, pa.DataType]) -> bool:
    return any(table[name].null_count for name, kind in types.items() if kind == pa.date32())


def _split(file: Delimited) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(file.body.decode(), newline=""), delimiter=file.separator)


def _fits(word: str, pattern: str, kind: pa.DataType) -> bool:
    if word in MISSING_WORDS:
        return kind != pa.date32()
    if not re.fullmatch(pattern, word):
        return False
    if kind == pa.date32():
        try:
            date.fromisoformat(word)
        except ValueError:
            return False
    return True
