"""What may be wrong with the tables of a user; a sentence for each fault."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from randvec.data.basin_list import BASIN_ID
from randvec.data.missing import MARKS, MAY_MARK, is_mark
from randvec.data.reader import COORDINATES
from randvec.data.table_discharge import PRECIPITATION, told_by_forcing, wrong_unit
from randvec.data.table_files import place
from randvec.errors import first_of

#: What values of a column may be, and their unit. Precipitation may be an anomaly, -99 is none.
POSSIBLE = {
    "discharge": (-np.inf, 5000, "mm/day"), "precipitation": (-50, 2000, "mm/day"),
    "gauge_lat": (-90, 90, "degrees north"), "gauge_lon": (-180, 360, "degrees east"),
}  # fmt: skip
#: Of all other columns: what is beyond, as 1e20, stands for a missing value.
ANY = (-1e12, 1e12, "a number, or an empty field where it is missing")

#: Basins that a sentence names.
NAMED = 4


def damaged(
    series: pd.DataFrame,
    descriptors: pd.DataFrame,
    paths: tuple[str, str],
    for_training: bool = True,
) -> list[str]:
    """What makes the tables wrong as a whole.

    Parameters
    ----------
    series, descriptors : DataFrame
        As `table_files` reads them.
    paths : tuple of str
        Their files, for the sentences.
    for_training : bool
        Whether networks learn from them, and so nothing from a column that never changes.

    Returns
    -------
    list of str
    """
    faults = [
        *lost_zeros(paths[0], series["basin"].unique(), paths[1], descriptors["basin"]),
        *_bad_ids(series, paths[0]),
        *_bad_ids(descriptors, paths[1]),
        *_days(series, paths[0]),
        *_doubled_basins(descriptors, paths[1]),
        *_marks(series.drop(columns="discharge"), paths[0]),
        *_marks(descriptors, paths[1]),
        # Negative discharge is taken for missing whatever it is.
        *_may_mark(series.assign(discharge=series["discharge"].clip(lower=0)), paths[0]),
        *_may_mark(descriptors.drop(columns=list(COORDINATES)), paths[1]),
        *_impossible(descriptors, paths[1]),
    ]
    impossible = _impossible(series, paths[0])
    faults += impossible or wrong_unit(series, descriptors, paths[0])
    if not for_training:
        return faults
    faults += [] if impossible else told_by_forcing(series, paths[0])
    faults += _constant(series.drop(columns=["basin", "date", "discharge"]), paths[0])
    faults += _static(series, paths)
    if descriptors["basin"].nunique() > 1:
        faults += _constant(descriptors.drop(columns=["basin", *COORDINATES]), paths[1])
    return faults


def incomplete(
    series: pd.DataFrame, descriptors: pd.DataFrame, paths: tuple[str, str]
) -> list[str]:
    """What makes single basins unusable; parameters and result as of `damaged`."""
    here, there = set(series["basin"].unique()), set(descriptors["basin"])
    faults = [
        f"{path}: no row of {_some(missing)}, which {other} has; add it there, or remove it here, "
        "or name the basins to be used in dataset.basins"
        for path, other, missing in ((*paths, there - here), (*paths[::-1], here - there))
        if missing
    ]
    for name in descriptors.columns.drop(["basin", *COORDINATES]):
        empty = descriptors[name].isna()
        if empty.any():
            where = place(paths[1], descriptors.index[empty][0])
            faults.append(
                f"{where}: {name} is missing for {_some(descriptors['basin'][empty])}; fill it in, "
                "or remove the basin or the column"
            )
    return faults


def lost_zeros(path: str, basins: Iterable[str], other: str, others: Iterable[str]) -> list[str]:
    """Basins whose ids differ between two places by zeros in front, as where numbers were read.

    Parameters
    ----------
    path, other : str
        The two files.
    basins, others : iterable of str
        Ids of each.

    Returns
    -------
    list of str
        A sentence, if there are any.
    """
    here, there = set(basins), set(others)
    by_number = {basin.lstrip("0"): basin for basin in there - here}
    lost = [
        (basin, by_number[number])
        for basin in sorted(here - there)
        if (number := basin.lstrip("0")) in by_number
    ]
    return [
        f"{path}: basin {basin} is {same} in {other}, as if one of them had lost zeros in front; "
        f"read and save ids as text{_of(len(lost), 'such basins')}"
        for basin, same in lost[:1]
    ]


def _some(basins) -> str:
    named = sorted(basins)
    return f"basin{'s' if len(named) > 1 else ''} {first_of(named, NAMED)}"


def _bad_ids(table: pd.DataFrame, path: str) -> list[str]:
    for row, basin in table["basin"].drop_duplicates().items():
        if not re.fullmatch(BASIN_ID, basin):
            return [
                f"{place(path, row)}: '{basin}' is no basin id; expected letters, digits, dots, "
                "underscores and dashes"
            ]
    return []


def _days(series: pd.DataFrame, path: str) -> list[str]:
    """Days that a basin has twice, and days between the first and the last that it lacks."""
    ordered = series[["basin", "date"]].sort_values(["basin", "date"], kind="stable")
    steps = ordered["date"].diff().dt.days.where(ordered["basin"] == ordered["basin"].shift())
    doubled, gaps = np.flatnonzero(steps == 0), np.flatnonzero(steps > 1)
    faults = []
    if len(doubled):
        first, second = ordered.index[[doubled[0] - 1, doubled[0]]]
        faults.append(
            f"{place(path, second)}: basin {series['basin'][second]} has the day "
            f"{series['date'][second]:%Y-%m-%d} already ({place(path, first)}); remove one"
            f"{_of(len(doubled), 'doubled days')}"
        )
    if len(gaps):
        row = ordered.index[gaps[0]]
        faults.append(
            f"{place(path, row)}: basin {series['basin'][row]} lacks {int(steps.iloc[gaps[0]]) - 1}"
            f" days before {series['date'][row]:%Y-%m-%d}; add a row for each, with nothing where "
            f"a number is missing{_of(len(gaps), 'gaps')}"
        )
    return faults


def _of(count: int, what: str) -> str:
    return f" (the first of {count} {what})" if count > 1 else ""


def _doubled_basins(descriptors: pd.DataFrame, path: str) -> list[str]:
    rows = descriptors.index[descriptors["basin"].duplicated()]
    return [
        f"{place(path, row)}: basin {descriptors['basin'][row]} has a row already; remove one"
        for row in rows[:1]
    ]


def _marks(table: pd.DataFrame, path: str) -> list[str]:
    faults = []
    for name in table.columns.drop(["basin", "date"], errors="ignore"):
        # A gauge can lie at 99.99 degrees west.
        marks = [mark for mark in MARKS if mark < -180 or name != "gauge_lon"]
        wrong = is_mark(table[name], marks)
        if wrong.any():
            row = table.index[wrong][0]
            faults.append(
                f"{place(path, row)}: {name} is {table[name][row]:g}, which marks a missing value; "
                f"leave the field empty{_of(int(wrong.sum()), 'such values')}"
            )
    return faults


def _may_mark(table: pd.DataFrame, path: str) -> list[str]:
    """Numbers that stand apart from all others of a column, as nothing but a mark would."""
    faults = []
    for name in table.columns.drop(["basin", "date"], errors="ignore"):
        low, high, _ = _bounds(name, table)
        values = table[name][table[name].between(low, high)]  # of others `_impossible` tells
        marks = is_mark(values, MAY_MARK)
        others = values[~marks & ~is_mark(values)]
        if not marks.any() or others.empty:
            continue
        spread = others.max() - others.min()
        below = values < (0 if others.min() >= 0 else others.min() - spread / 2)
        # One basin may be much larger than all others; a day of a forcing among many is not.
        above = (values > others.max() + spread) & ("date" in table)
        wrong = marks & (below | above)
        if wrong.any():
            row = values.index[wrong][0]
            faults.append(
                f"{place(path, row)}: {name} is {values[row]:g}, all else of it {others.min():g} "
                f"to {others.max():g}, so it seems to mark a missing value; leave the field empty"
                f"{_of(int(wrong.sum()), 'such values')}"
            )
    return faults


def _impossible(table: pd.DataFrame, path: str) -> list[str]:
    """Values that nothing can have; the first of each column."""
    faults = []
    for name in table.columns.drop(["basin", "date"], errors="ignore"):
        low, high, unit = _bounds(name, table)
        wrong = (table[name] < low) | (table[name] > high)
        wrong &= ~is_mark(table[name])  # of which `_marks` tells
        if wrong.any():
            row = table.index[wrong][0]
            low = "at most" if low == -np.inf else f"{low:g} to"
            bounds = unit if unit == ANY[2] else f"{low} {high:g} {unit}"
            faults.append(
                f"{place(path, row)}: {name} is {table[name][row]:g}, expected {bounds}"
                f"{_of(int(wrong.sum()), 'such values')}"
            )
    return faults


def _bounds(name: str, table: pd.DataFrame) -> tuple[float, float, str]:
    """Least and largest value that a column may have, and its unit."""
    is_precipitation = "date" in table and PRECIPITATION.fullmatch(name)
    return POSSIBLE.get("precipitation" if is_precipitation else name, ANY)


def _constant(values: pd.DataFrame, path: str) -> list[str]:
    # A column without any value is told of as a missing one.
    flat = [name for name in values if values[name].nunique() == 1]
    return [
        f"{path}: column {name} is {values[name].dropna().iloc[0]:g} in every row of the basins "
        "that are used and tells a network nothing; remove it, or name the columns to be used in "
        "the configuration"
        for name in flat
    ]


def _static(series: pd.DataFrame, paths: tuple[str, str]) -> list[str]:
    """Forcings that differ between basins alone: descriptors, which all models would then have."""
    by_basin = series.drop(columns=["date", "discharge"]).groupby("basin")
    low, high = by_basin.min(), by_basin.max()
    static = ((low == high) | high.isna()).all() & (low.min() < high.max())
    return [
        f"{paths[0]}: column {name} is the same on all days of a basin, so it tells every network "
        f"which basin it looks at; move it to {paths[1]}, or name the columns to be used in "
        "dataset.forcings"
        for name in static.index[static]
    ]
