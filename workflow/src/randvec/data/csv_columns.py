"""Chosen columns of csv files, read strictly: what is not as it should be names its line."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from randvec.data.missing import MISSING_WORDS
from randvec.errors import InputError

TEXT, NUMBER, DAY = "text", "a number", "a day as 1990-10-01"
TYPES = {TEXT: pa.string(), NUMBER: pa.float64(), DAY: pa.timestamp("s")}

A_NUMBER = r"\s*-?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\s*"
A_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00:00)?"


def read_header(path: str | Path) -> list[str]:
    """Names of the columns of a csv file.

    Raises
    ------
    InputError
        If the file can't be read, is empty or is no text in UTF-8.
    """
    try:
        with Path(path).open("rb") as file:
            return _names(path, file.readline())
    except OSError as error:
        raise _unreadable(path, error) from None


def read_columns(path: str | Path, columns: dict[str, str]) -> pd.DataFrame:
    """Read columns of a csv file; others may hold anything.

    Parameters
    ----------
    path : path
        Comma-separated, UTF-8 with or without a byte order mark, names in the first line.
    columns : dict of str to {TEXT, NUMBER, DAY}
        Name and kind of each column.

    Returns
    -------
    DataFrame
        str, float64 with NaN where a number is missing, and datetime64[s].

    Raises
    ------
    InputError
        Naming file, line and column, for a column that is not there or a line that is damaged,
        empty, or may be cut, as a last one without a line end.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    header = _names(path, raw.split(b"\n", 1)[0])
    if wrong := [name for name in columns if header.count(name) != 1]:
        raise InputError(
            f"{path}, line 1: expected one column {', '.join(wrong)}, found {_few(header)}; "
            "columns are separated by commas and named in the first line"
        )
    if not raw.endswith(b"\n"):
        raise InputError(
            f"{path}: the file ends without a line end and may be cut; get the original file, or "
            "end the last line if it is whole"
        )
    raw = raw.rstrip() + b"\n"  # empty lines at the end say nothing
    try:
        table = _parse(raw, columns)
    except pa.ArrowInvalid as error:
        raise _bad_line(path, raw, columns, str(error).splitlines()[0]) from None
    if not len(table):
        raise InputError(f"{path}: no line after the names of the columns; get the original file")
    frame = pd.DataFrame(
        {
            name: table[name].to_pandas() if kind == TEXT else table[name].to_numpy()
            for name, kind in columns.items()
        }
    )
    numbers = frame[[name for name, kind in columns.items() if kind == NUMBER]]
    days = frame[[name for name, kind in columns.items() if kind == DAY]].to_numpy()
    if np.isinf(numbers.to_numpy()).any() or (days != days.astype("datetime64[D]")).any():
        raise _bad_line(path, raw, columns, "a number is infinite or a day has a time")
    return frame


def _parse(raw: bytes, columns: dict[str, str]) -> pa.Table:
    return arrow_csv.read_csv(
        pa.BufferReader(raw),
        arrow_csv.ReadOptions(use_threads=False),
        arrow_csv.ParseOptions(ignore_empty_lines=False),
        arrow_csv.ConvertOptions(
            include_columns=list(columns),
            column_types={name: TYPES[kind] for name, kind in columns.items()},
            null_values=list(MISSING_WORDS),
        ),
    )


def _names(path: str | Path, line: bytes) -> list[str]:
    try:
        text = line.decode("utf-8-sig")
        if "\0" in text:
            raise ValueError
    except ValueError:
        raise InputError(
            f"{path}, line 1: this is no text in UTF-8; save the file as csv in UTF-8"
        ) from None
    if not text.strip():
        raise InputError(f"{path}: the file is empty or its first line is; get the original file")
    return next(csv.reader([text.rstrip("\r\n")]))


def _few(names: list[str]) -> str:
    return ", ".join([*names[:8], *([f"and {len(names) - 8} more"] if len(names) > 8 else [])])


def _unreadable(path: str | Path, error: OSError) -> InputError:
    return InputError(f"{path}: can't be read ({error.strerror}); check the path")


def _bad_line(path: str | Path, raw: bytes, columns: dict[str, str], said: str) -> InputError:
    """The error for the first line that is damaged; with what arrow said if none is found."""
    lines = csv.reader(io.StringIO(raw.decode("utf-8-sig", errors="replace"), newline=""))
    header = next(lines)
    for words in lines:
        where = f"{path}, line {lines.line_num}"
        if not words:
            return InputError(f"{where}: the line is empty; remove it")
        if len(words) != len(header):
            return InputError(
                f"{where}: {len(words)} values, expected {len(header)} as in line 1; the line is "
                "cut or damaged"
            )
        for name, word in zip(header, words, strict=False):
            kind = columns.get(name)
            if kind and not _fits(word, kind):
                hint = " or nothing where it is missing" if kind == NUMBER else ""
                return InputError(f"{where}: {name} is '{word}', expected {kind}{hint}")
    return InputError(f"{path}: {said}; correct the file")


def _fits(word: str, kind: str) -> bool:
    if kind == NUMBER:
        return word in MISSING_WORDS or bool(re.fullmatch(A_NUMBER, word))
    if kind == TEXT:
        return "\ufffd" not in word  # what stands for bytes that are no UTF-8
    try:
        return bool(re.fullmatch(A_DAY, word)) and bool(date.fromisoformat(word[:10]))
    except ValueError:
        return False
