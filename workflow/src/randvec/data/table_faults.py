"""What may be wrong with the tables of a user; a sentence for each fault."""

import re

import numpy as np
import pandas as pd

from randvec.data.basin_list import BASIN_ID
from randvec.data.missing import MARKS
from randvec.data.reader import COORDINATES
from randvec.data.table_files import place
from randvec.errors import first_of

#: No set of catchments has this median of mean discharges [mm/day].
MOST_DISCHARGE = 30

#: The mean discharge is more than so many times the mean precipitation in more than this share of
#: the basins, if it is in m3/s: in 40 % of those of CAMELS-CH, of which 3 % do so in mm/day.
RUNOFF, SHARE = 1.5, 0.25

#: How a column of precipitation may be called, with a unit behind it or not.
PRECIPITATION = re.compile(
    r"(p|pr|rr|tp|pp|pcp|ppt)([ _]?[(\[]?mm(?!hg).*)?|prcp.*|.*prec.*|(.*[ _])?rain.*"
    r"|niederschlag.*|regen.*|pluie.*",
    re.IGNORECASE,
)

#: What values of a column may be, and their unit. Precipitation may be an anomaly, -99 is none.
POSSIBLE = {
    "discharge": (-np.inf, 5000, "mm/day"), "precipitation": (-50, 2000, "mm/day"),
    "gauge_lat": (-90, 90, "degrees north"), "gauge_lon": (-180, 360, "degrees east"),
}  # fmt: skip
#: Of all other columns: what is beyond, as 1e20, stands for a missing value.
ANY = (-1e12, 1e12, "a number, or an empty field where it is missing")

#: A forcing of this rank correlation with discharge, in the median basin, is made of discharge.
SAME = 0.995

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
        *_bad_ids(series, paths[0]),
        *_bad_ids(descriptors, paths[1]),
        *_days(series, paths[0]),
        *_doubled_basins(descriptors, paths[1]),
        *_marks(series.drop(columns="discharge"), paths[0]),
        *_marks(descriptors, paths[1]),
        *_impossible(descriptors, paths[1]),
    ]
    impossible = _impossible(series, paths[0])
    faults += impossible or _discharge(series, paths[0])
    if not for_training:
        return faults
    faults += [] if impossible else _discharge_again(series, paths[0])
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
        wrong = table[name].isin(np.array(marks, table[name].dtype))
        if wrong.any():
            row = table.index[wrong][0]
            faults.append(
                f"{place(path, row)}: {name} is {table[name][row]:g}, which marks a missing value; "
                f"leave the field empty{_of(int(wrong.sum()), 'such values')}"
            )
    return faults


def _impossible(table: pd.DataFrame, path: str) -> list[str]:
    """Values that nothing can have; the first of each column."""
    faults = []
    for name in table.columns.drop(["basin", "date"], errors="ignore"):
        meaning = "precipitation" if PRECIPITATION.fullmatch(name) and "date" in table else name
        low, high, unit = POSSIBLE.get(meaning, ANY)
        wrong = (table[name] < low) | (table[name] > high)
        wrong &= ~table[name].isin(np.array(MARKS, table[name].dtype))  # of which `_marks` tells
        if wrong.any():
            row = table.index[wrong][0]
            low = "at most" if low == -np.inf else f"{low:g} to"
            bounds = f"{low} {high:g} {unit}" if meaning in POSSIBLE else unit
            faults.append(
                f"{place(path, row)}: {name} is {table[name][row]:g}, expected {bounds}"
                f"{_of(int(wrong.sum()), 'such values')}"
            )
    return faults


def _discharge_again(series: pd.DataFrame, path: str) -> list[str]:
    """Forcings that are discharge in another unit, or the water level, which tells it as well."""
    known = series[series["discharge"] >= 0].drop(columns="date")
    names = known.columns.drop(["basin", "discharge"])
    by_basin = [
        days[names].rank().corrwith(days["discharge"].rank())
        for _, days in known.groupby("basin")
        if days["discharge"].nunique() > 2
    ]
    if not by_basin:
        return []
    follows = pd.DataFrame(by_basin).median() > SAME
    return [
        f"{path}: column {name} goes up and down as discharge does, as if it were discharge in "
        "another unit or the water level at the gauge, which is to be predicted; remove it, or "
        "name the columns to be used in dataset.forcings"
        for name in names[follows.to_numpy()]
    ]


def _constant(values: pd.DataFrame, path: str) -> list[str]:
    # A column without any value is told of as a missing one.
    flat = [name for name in values if values[name].nunique() == 1]
    return [
        f"{path}: column {name} is {values[name].dropna().iloc[0]:g} in every row and tells a "
        "network nothing; remove it, or name the columns to be used in the configuration"
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


def _discharge(series: pd.DataFrame, path: str) -> list[str]:
    """Discharge that by its size is not in mm/day."""
    advice = "; if discharge is in m3/s, multiply it by 86.4 and divide by the area in km2"
    valid = series[series["discharge"] >= 0]
    means = valid.drop(columns="date").groupby("basin").mean()
    discharge = means["discharge"].median()
    if discharge > MOST_DISCHARGE:
        return [
            f"{path}: in the median basin the mean discharge is {discharge:.3g}, expected mm/day, "
            f"of which no catchment has so much{advice}"
        ]
    # Of several the largest: one may be a part of another, as convective rain.
    called_so = [name for name in means if PRECIPITATION.fullmatch(name)]
    for name in sorted(called_so, key=lambda name: means[name].median())[-1:]:
        high = int((means["discharge"] > RUNOFF * means[name]).sum())
        if high == len(means) > 0 or high > max(1, SHARE * len(means)):
            return [
                f"{path}: in {high} of {len(means)} basins the mean discharge is more than "
                f"{RUNOFF} times the mean {name} (their medians over all basins are "
                f"{discharge:.3g} and {means[name].median():.3g}), expected both in mm/day{advice}"
            ]
    return []
