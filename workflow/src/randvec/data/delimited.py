"""Files of separated values read strictly: what is not as it should be is refused with its line."""

import csv
import io
import math
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from randvec.data.missing import MISSING_WORDS
from randvec.data.plain_text import read_utf8
from randvec.errors import InputError, first_of

#: What a column may hold, as messages say it.
TEXT, NUMBER = "text", "a number or nothing where it is missing"
DAY = "a day as 1990-10-01"
TYPES = {TEXT: pa.string(), NUMBER: pa.float64(), DAY: pa.timestamp("s")}

SEPARATORS = ",;\t"

#: Words that arrow reads; midnight is the day that begins with it.
A_NUMBER = r"[ \t]*[-+]?(nan|([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?)[ \t]*"
A_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00(:00(:00)?)?)?"


@dataclass(frozen=True)
class Delimited:
    """A file of separated values, not yet converted.

    Attributes
    ----------
    path : Path
    names : list of str
        Of all its columns.
    separator : str
    text : bytes
        The whole file in UTF-8, without empty lines at its end.
    first : int
        Number of the first line after that of the names.
    """

    path: Path
    names: list[str]
    separator: str
    text: bytes
    first: int


def read_header(path: str | Path) -> list[str]:
    """Names of the columns of a file of separated values; raises as `open_delimited`."""
    with suppress(OSError, UnicodeDecodeError), Path(path).open(encoding="utf-8-sig") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            if line.strip() and "\0" not in line:
                return _names(line.rstrip("\n"))[0]
            break
    return _open(Path(path), None).names  # says what is wrong


def open_delimited(path: str | Path, key: str, other_encoding: str | None = None) -> Delimited:
    """Read a file whose columns are separated by commas, semicolons or tabs.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark. Lines that begin with # may go before the names.
    key : str
        A column that it has to have.
    other_encoding : str, optional
        What the file may be in instead of UTF-8.

    Raises
    ------
    InputError
        If the file can't be read, is empty, has another encoding, does not begin with the line of
        names, has no line after it or may be cut at its end.
    """
    file = _open(Path(path), other_encoding)
    _check_names(file, [key])
    return file


def read_columns(file: Delimited, columns: dict[str, str]) -> pd.DataFrame:
    """Convert some columns of a file; others may hold anything.

    Parameters
    ----------
    file : Delimited
    columns : dict of str to {TEXT, NUMBER, DAY}
        Name and kind of each column.

    Returns
    -------
    DataFrame
        str, float64 with NaN for `missing.MISSING_WORDS`, and datetime64[s].

    Raises
    ------
    InputError
        If there is not one column of a name, or naming the line that is empty, cut or has a word
        that is not of its kind.
    """
    _check_names(file, columns)
    skipped = file.first - 1
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(file.text),
            arrow_csv.ReadOptions(column_names=file.names, skip_rows=skipped, use_threads=False),
            arrow_csv.ParseOptions(delimiter=file.separator, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(
                include_columns=list(columns),
                column_types={name: TYPES[kind] for name, kind in columns.items()},
                null_values=list(MISSING_WORDS),
            ),
        )
    except pa.ArrowInvalid as error:
        raise _bad_line(file, columns, str(error).splitlines()[0][:200]) from None
    found = {
        name: table[name].to_pandas() if kind == TEXT else table[name].to_numpy()
        for name, kind in columns.items()
    }
    # Arrow takes inf for a number, lets a day be missing, and quotation marks may hold many lines.
    lost = b'"' in file.text and len(table) != file.text.count(b"\n") - skipped
    if lost or any(
        np.isinf(found[name]).any() if kind == NUMBER
        else (found[name] != found[name].astype("datetime64[D]")).any()
        for name, kind in columns.items() if kind != TEXT
    ):  # fmt: skip
        raise _bad_line(file, columns, "a value goes over several lines")
    return pd.DataFrame(found)


def _open(path: Path, other_encoding: str | None) -> Delimited:
    text = read_utf8(path, other_encoding)
    if not re.search(rb"\S", text):
        raise InputError(f"{path}: the file is empty; get the original file")
    comments, header = re.match(rb"((?:#[^\n]*\n)*)([^\n]*)", text).groups()
    line = comments.count(b"\n") + 1
    if not header.strip():
        raise InputError(
            f"{path}, line {line}: the line is empty, expected the names of the columns; remove it"
        )
    if not re.compile(rb"\S").search(text, len(comments) + len(header)):
        raise InputError(f"{path}: no line after the names of the columns; get the original file")
    if not text.endswith(b"\n"):
        raise InputError(
            f"{path}, line {text.count(10) + 1}: the file ends without a line end and may be cut; "
            "get the original file, or end the line if it is whole"
        )
    if text.endswith((b"\n\n", b" \n")):
        text = text.rstrip(b" \n") + b"\n"
    return Delimited(path, *_names(header.decode()), text, line + 1)


def _names(header: str) -> tuple[list[str], str]:
    """The names in a line, and what separates them."""
    separator = max(SEPARATORS, key=header.count)
    return [name.strip(' "') for name in _split(header, separator)], separator


def _check_names(file: Delimited, names: Iterable[str]) -> None:
    if wrong := [name for name in names if file.names.count(name) != 1]:
        shown = first_of([name[:40] for name in file.names], 8)
        raise InputError(
            f"{file.path}, line {file.first - 1}: expected one column {', '.join(wrong)}, found "
            f"{shown}; the first line, but for comments with #, has to name "
            "the columns, separated by ',', ';' or tabs"
        )


def _bad_line(file: Delimited, columns: dict[str, str], said: str) -> InputError:
    """The error for the first line that is damaged; with what is `said` if none is found."""
    # Line by line, so that a quotation mark that nothing closes spoils its own alone.
    lines = islice(io.BytesIO(file.text), file.first - 1, None)
    for number, line in enumerate(lines, file.first):
        where = f"{file.path}, line {number}"
        if not line.strip(b" \n"):
            return InputError(f"{where}: the line is empty; remove it")
        words = _split(line[:-1].decode(), file.separator)
        if len(words) != len(file.names):
            return InputError(
                f"{where}: {len(words)} values, expected {len(file.names)} as in line "
                f"{file.first - 1}; the line is cut or damaged"
            )
        row = dict(zip(file.names, words, strict=True))
        for name, kind in columns.items():
            if not _fits(row[name], kind):
                hint = ", with '.' for ','" if _fits(row[name].replace(",", "."), kind) else ""
                advice = ("correct it", "get the original file")
                if kind == NUMBER:
                    advice += ("or leave this column out in the configuration",)
                return InputError(
                    f"{where}: {name} is '{row[name][:40]}', expected {kind}{hint}; "
                    f"{', '.join(advice)}"
                )
    return InputError(f"{file.path}: {said}; correct it or get the original file")


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:  # a quotation mark is not closed, or a word is too long for one
        return [line]


def _fits(word: str, kind: str) -> bool:
    if kind == NUMBER:
        number = re.fullmatch(A_NUMBER, word, re.IGNORECASE)
        return word in MISSING_WORDS or bool(number and not math.isinf(float(word)))
    try:
        return kind == TEXT or bool(re.fullmatch(A_DAY, word) and date.fromisoformat(word[:10]))
    except ValueError:
        return False
