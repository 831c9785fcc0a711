"""What is checked in a file with a line a day, and in one with a line a basin."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.basin_list import BASIN_ID
from randvec.data.delimited import DAY, NUMBER, TEXT, Delimited, read_columns
from randvec.data.missing import MARKS, is_mark
from randvec.data.plain_text import refuse_where

#: The columns that name the day and the basin.
DATE, KEY = "date", "gauge_id"

#: No attribute can have these, but for columns in which a number about -100 is possible. In series
#: a number never stands for a missing value, and negative discharge is a matter of the source.
CODES = (-99, *MARKS)

#: Of what has no bounds.
ANYTHING = (-1e30, 1e30, "")


def read_days(file: Delimited, columns: Iterable[str], bounds: dict[str, tuple]) -> pd.DataFrame:
    """Convert some columns of a file with a line a day.

    Parameters
    ----------
    file : Delimited
    columns : iterable of str
        Columns of numbers.
    bounds : dict of str to tuple
        As for `check_days`.

    Returns
    -------
    DataFrame
        date (datetime64[s]) and the columns, float64, NaN where missing; no day is missing.

    Raises
    ------
    InputError
        As `delimited.read_columns` and `check_days`.
    """
    days = read_columns(file, {DATE: DAY, **dict.fromkeys(columns, NUMBER)})
    check_days(days, bounds, file.path, file.first)
    return days


def check_days(
    days: pd.DataFrame, bounds: dict[str, tuple], path: Path, first: int | None = None
) -> None:
    """Refuse days that are not each there once, in order, and values that no day has.

    Parameters
    ----------
    days : DataFrame
        date and columns of numbers.
    bounds : dict of str to tuple
        Smallest and largest possible value and unit, by a part of a column's name.
    path : Path
        For messages.
    first : int, optional
        Line of the first day. Messages name the day in a file that has no lines.

    Raises
    ------
    InputError
        Naming file and line or day.
    """
    dates = days[DATE].to_numpy().astype("datetime64[D]")
    steps = np.diff(dates).astype(int)

    def say(at: int) -> str:
        fault = (
            "a day is doubled" if steps[at] == 0
            else "a day is out of order" if steps[at] < 0
            else f"days are missing, {steps[at] - 1} of them"
        )  # fmt: skip
        return f"{dates[at + 1]} after {dates[at]}: {fault}; expected every day once, in order"

    refuse_where(steps != 1, path, first + 1 if first else dates[1:], say)
    for name in days.columns.drop(DATE):
        limits = next((bounds[part] for part in bounds if part in name), ANYTHING)
        _check_bounds(path, first or dates, name, days[name].to_numpy(), limits)


def read_rows(
    file: Delimited, names: Iterable[str], about_100: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Convert some columns of a file with a line a basin.

    Parameters
    ----------
    file : Delimited
    names : iterable of str
        Columns of numbers.
    about_100 : tuple of str
        How names of columns begin in which -99 and -99.99 are numbers as others are.

    Returns
    -------
    DataFrame
        A row a basin, indexed by its id; float64, NaN where missing.

    Raises
    ------
    InputError
        As `delimited.read_columns`, and naming file and line for an id that is none or stands
        twice, or a number that other data sets write for a missing value.
    """
    table = read_columns(file, {KEY: TEXT, **dict.fromkeys(names, NUMBER)})
    ids = table.pop(KEY)
    refuse_where(
        ~ids.str.fullmatch(BASIN_ID).to_numpy(), file.path, file.first,
        lambda at: f"{KEY} is '{ids[at]}', which is no id of a basin",
    )  # fmt: skip
    refuse_where(
        ids.duplicated().to_numpy(), file.path, file.first,
        lambda at: f"basin {ids[at]} stands twice; remove one",
    )  # fmt: skip
    for name in table:
        codes = [code for code in CODES if code < -100 or not name.startswith(about_100)]
        refuse_where(
            is_mark(table[name], codes), file.path, file.first,
            lambda at, name=name: f"{name} of basin {ids[at]} is {table[name][at]:g}, which looks "
            "like a mark for a missing value; expected a number, or NaN where it is missing",
        )  # fmt: skip
    return table.set_index(pd.Index(ids, name="basin"))


def _check_bounds(
    path: Path, first: int | np.ndarray, name: str, values: np.ndarray, limits: tuple
) -> None:
    low, high, unit = limits
    refuse_where(
        (values < low) | (values > high), path, first,
        lambda at: f"{name} is {values[at]:g}, expected {low:g} to {high:g} {unit}".rstrip(),
    )  # fmt: skip
