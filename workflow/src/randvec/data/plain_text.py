"""Text files read strictly: whatever is not as it should be is an error that names the line."""

import codecs
import io
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from randvec.errors import InputError

#: Patterns of words. No official series file has a plus sign or an exponent, so that a letter in a
#: number is never taken for one. All measured values have decimals: one without may have been cut.
INTEGER = "[0-9]{1,9}"
DECIMAL = "-?[0-9]+[.][0-9]+"

#: What files of other kinds begin with, and what to do about them.
NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook or a zip archive; save the sheet as csv, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as csv",
    b"\x1f\x8b": "a file compressed by gzip; unpack it",
}

TYPES = {INTEGER: pa.int64(), DECIMAL: pa.float64()}


def read_lines(path: str | Path) -> bytes:
    """Read the bytes of a file with line feeds for whatever ends its lines.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the path") from None
    raw = raw.removeprefix(codecs.BOM_UTF8)  # some editors put this mark in front of the text
    # To look for one byte first is twenty times faster.
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in raw else raw


def read_plain(path: str | Path) -> bytes:
    """Read a text file as ASCII with line feeds, whatever its line ends are.

    Raises
    ------
    InputError
        If the file can't be read, is empty, or holds bytes that are no plain text.
    """
    text = read_lines(path)
    if not text.isascii() or b"\0" in text:
        at = re.search(rb"[\0\x80-\xff]", text).start()
        raise _no_text(path, text, at, "plain ASCII text, as the official files are")
    if not text.strip():
        raise InputError(f"{path}: the file is empty; get the original file")
    return text


def read_utf8(path: str | Path, other_encoding: str | None = None) -> bytes:
    """Read a text file as UTF-8 with line feeds, whatever its line ends are.

    Parameters
    ----------
    path : path
    other_encoding : str, optional
        What the file may be in instead.

    Raises
    ------
    InputError
        If the file can't be read or has another encoding.
    """
    text = read_lines(path)
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError as error:
            if not other_encoding:
                raise _no_text(path, text, error.start, "text in UTF-8") from None
            text = text.decode(other_encoding).encode()
    if (at := text.find(b"\0")) >= 0:
        raise _no_text(path, text, at, "text in UTF-8")
    return text


def same_text(first: str | Path, second: str | Path) -> bool:
    """Whether two files are the same but for their line ends and a mark in front of the text.

    Raises
    ------
    InputError
        If one can't be read.
    """
    return read_lines(first).removesuffix(b"\n") == read_lines(second).removesuffix(b"\n")


def read_table(path: Path, text: bytes, words: dict[str, str], first: int) -> dict:
    """Read lines of words between blanks.

    Parameters
    ----------
    path : Path
        For messages.
    text : bytes
        The lines, as `read_plain` gives them.
    words : dict of str to str
        Name of each column and pattern of its words.
    first : int
        Number in the file of the text's first line.

    Returns
    -------
    dict of str to ndarray
        int64 for `INTEGER`, float64 for `DECIMAL`, else text.

    Raises
    ------
    InputError
        Naming file and line, for one that does not match.
    """
    whole = text.endswith(b"\n")
    text = text.rstrip() + b"\n"
    # Atomic groups: a line that matches is never looked at again.
    line = "[ \t]*+" + "[ \t]++".join(f"(?:{word})" for word in words.values()) + "[ \t]*+\n"
    if not re.fullmatch(f"(?:{line})++".encode(), text):
        _name_bad_line(path, text, words, first)
    if not whole and list(words.values())[-1] == DECIMAL:
        _check_last_number(path, text, first)
    table = csv.read_csv(
        io.BytesIO(_single_blanks(text)),
        csv.ReadOptions(column_names=list(words), use_threads=False),
        csv.ParseOptions(delimiter=" ", quote_char=False),
        csv.ConvertOptions(
            column_types={name: TYPES.get(word, pa.string()) for name, word in words.items()},
            null_values=[],
        ),
    )
    return {name: table[name].to_numpy() for name in words}


def refuse_where(wrong: np.ndarray, path: Path, first: int | np.ndarray, say) -> None:
    """Raise InputError for the first row where `wrong` is true.

    Parameters
    ----------
    wrong : ndarray of bool
    path : Path
    first : int or ndarray
        Line of the first row, or names of the rows of a file without lines.
    say : function
        Tells what is wrong in a row, which it gets counted from 0.
    """
    if wrong.any():
        at = int(np.argmax(wrong))
        place = f"line {first + at}" if isinstance(first, int) else first[at]
        raise InputError(f"{path}, {place}: {say(at)}; compare with the original file")


def _no_text(path: str | Path, text: bytes, at: int, expected: str) -> InputError:
    for start, what in NO_TEXT.items():
        if text.startswith(start):
            return InputError(f"{path}: expected {expected}, found {what}")
    return InputError(
        f"{path}, line {text.count(10, 0, at) + 1}: found byte {text[at]:#04x}, expected "
        f"{expected}; save the file as UTF-8"
    )


def _single_blanks(text: bytes) -> bytes:
    text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text.replace(b"\n ", b"\n").replace(b" \n", b"\n").lstrip()


def _name_bad_line(path: Path, text: bytes, words: dict[str, str], first: int) -> None:
    for number, line in enumerate(text.decode().rstrip("\n").split("\n"), first):
        found = re.findall("[^ \t]+", line)
        if len(found) != len(words):
            raise InputError(
                f"{path}, line {number}: {len(found)} values in '{line.strip()}', expected "
                f"{len(words)}: {' '.join(words)}; the line is cut or damaged"
            )
        for (name, pattern), word in zip(words.items(), found, strict=True):
            if not re.fullmatch(pattern, word):
                raise InputError(
                    f"{path}, line {number}: {name} is '{word}', expected {_expected(pattern)}; "
                    "compare with the original file"
                )
    raise AssertionError("every line matches, but the text does not")


def _expected(pattern: str) -> str:
    known = {INTEGER: "a whole number", DECIMAL: "a number with decimals"}
    return known.get(pattern, pattern.replace("|", " or "))


def _check_last_number(path: Path, text: bytes, first: int) -> None:
    decimals = [len(line.rpartition(b".")[2].rstrip()) for line in text.splitlines()]
    if decimals[-1] < max(decimals):
        raise InputError(
            f"{path}, line {first + len(decimals) - 1}: the file ends without a line end and may "
            "be cut inside its last number; get the original file, or end the line if it is whole"
        )
