"""Two tables of a user, read from Parquet or csv."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from randvec.data.delimited import DAY, NUMBER, TEXT, open_delimited, read_columns, read_header
from randvec.data.reader import COORDINATES
from randvec.errors import InputError, meant

SERIES_KEYS = ("basin", "date", "discharge")
DESCRIPTOR_KEYS = ("basin", *COORDINATES)

PARQUET = (".parquet", ".pq")

#: What the index of a table is called where it was saved with it, or saved and read again.
SAVED_INDEX = re.compile(r"(__index_level_\d+__|Unnamed: \d+)?")

#: What a column of Parquet is expected to hold.
HOLDS = {TEXT: "text", NUMBER: "numbers", DAY: "dates, or timestamps without a time zone"}


def value_columns(path: str, keys: tuple[str, ...]) -> list[str]:
    """The columns of a table but for its keys; raises as `read_series`."""
    found = [name for name in _header(path) if name not in keys]
    if any(SAVED_INDEX.fullmatch(name.strip()) for name in found):
        raise InputError(
            f"{path}: a column has no name of its own, as when the index of a table was saved with "
            "it; save the table without"
        )
    if not found:
        raise InputError(f"{path}: no column besides {', '.join(keys)}; there must be one or more")
    return found


def check_columns(path: str, names: list[str], key: str) -> None:
    """Raise InputError for a name in a key of the configuration that is no column of the table."""
    known = _header(path)
    for name in names:
        if name not in known:
            hint = meant(name, known)
            raise InputError(f"config: {key}: {path} has no column '{name}'; {hint}")


def read_series(path: str, forcings: list[str], discharge: bool = True) -> pd.DataFrame:
    """Read the table of series; without `discharge` that column may be missing, and is then NaN.

    Returns
    -------
    DataFrame
        basin, date (datetime64[s]), forcings and discharge (float32); the index has the lines of
        csv, or the rows of Parquet from 1.

    Raises
    ------
    InputError
        Naming file, line and column, for what is no table with such columns.
    """
    known = ["discharge"] if discharge or "discharge" in _header(path) else []
    values = dict.fromkeys([*forcings, *known], NUMBER)
    table = _read(path, {"basin": TEXT, "date": DAY, **values})
    values = [*forcings, "discharge"]
    table = table.reindex(columns=["basin", "date", *values])
    with np.errstate(over="ignore"):  # what is too large is infinite then, and refused later
        return table.astype(dict.fromkeys(values, "f4"))


def read_descriptors(path: str, names: list[str]) -> pd.DataFrame:
    """Read the table of descriptors.

    Returns
    -------
    DataFrame
        basin, the columns asked for, gauge_lat and gauge_lon (NaN if not there), float64.

    Raises
    ------
    InputError
        As `read_series`.
    """
    known = [name for name in COORDINATES if name in _header(path)]
    wanted = dict.fromkeys([*names, *known], NUMBER)
    table = _read(path, {"basin": TEXT, **wanted})
    for name in COORDINATES:
        if name not in table:
            table[name] = np.nan
    return table


def place(path: str, row: int) -> str:
    """Name a row of a table by its place in the index."""
    return f"{path}, {'row' if _is_parquet(path) else 'line'} {row}"


def _is_parquet(path: str) -> bool:
    return Path(path).suffix.lower() in PARQUET


def _header(path: str) -> list[str]:
    return list(read_schema(path).names) if _is_parquet(path) else read_header(path)


def read_schema(path: str | Path) -> pa.Schema:
    """Names and types of the columns of a Parquet file.

    Raises
    ------
    InputError
        If it can't be read as one.
    """
    try:
        return pq.read_schema(path)
    except (OSError, pa.ArrowInvalid) as error:
        said = str(error).splitlines()[0]
        raise InputError(f"{path}: can't be read as Parquet ({said}); check the file") from None


def _fits(type_: pa.DataType, kind: str) -> bool:
    if kind == NUMBER:
        return pa.types.is_integer(type_) or pa.types.is_floating(type_)
    if kind == DAY:
        return pa.types.is_date(type_) or (pa.types.is_timestamp(type_) and type_.tz is None)
    type_ = type_.value_type if pa.types.is_dictionary(type_) else type_
    return pa.types.is_string(type_) or pa.types.is_large_string(type_)


def _read(path: str, columns: dict[str, str]) -> pd.DataFrame:
    if not _is_parquet(path):
        file = open_delimited(path, "basin")
        table = read_columns(file, columns)
        return table.set_axis(table.index + file.first)
    schema = read_schema(path)
    for name, kind in columns.items():
        if schema.names.count(name) != 1:
            raise InputError(f"{path}: expected one column {name}, found {', '.join(schema.names)}")
        if not _fits(schema.field(name).type, kind):
            raise InputError(
                f"{path}: column {name} is of type {schema.field(name).type}, expected "
                f"{HOLDS[kind]}; "
                "change its type, or name the columns to be used in the configuration"
            )
    try:
        table = pq.read_table(path, columns=list(columns))
    except (OSError, pa.ArrowInvalid) as error:
        said = str(error).splitlines()[0]
        raise InputError(f"{path}: can't be read as Parquet ({said}); check the file") from None
    return _frame(path, table, columns)


def _frame(path: str, table: pa.Table, columns: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(index=range(len(table)))
    for name, kind in columns.items():
        column = table[name]
        if kind == NUMBER:
            frame[name] = column.cast(pa.float64(), safe=False).to_numpy()
            wrong = np.isinf(frame[name].to_numpy())
        else:
            wrong = column.is_null().to_numpy()
            frame[name] = (
                column.cast(pa.string()).to_pandas() if kind == TEXT else _days(path, name, column)
            )
        if wrong.any():
            found = "infinite" if kind == NUMBER else "empty"
            raise InputError(
                f"{place(path, int(np.argmax(wrong)) + 1)}: {name} is {found}, expected {kind}"
            )
    if frame.empty:
        raise InputError(f"{path}: no row in it")
    return frame.set_axis(frame.index + 1)


def _days(path: str, name: str, column: pa.ChunkedArray) -> np.ndarray:
    times = column.cast(pa.timestamp("ns"), safe=False).to_numpy()
    days = times.astype("datetime64[D]")
    if (wrong := (days != times) & ~np.isnat(times)).any():
        at = int(np.argmax(wrong))
        raise InputError(
            f"{place(path, at + 1)}: {name} is {times[at]}, expected a day without a time"
        )
    return days.astype("datetime64[s]")
