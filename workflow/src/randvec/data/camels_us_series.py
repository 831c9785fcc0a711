"""The daily series of CAMELS-US (Newman et al. 2015): forcing and streamflow of one basin."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.plain_text import DECIMAL, INTEGER, read_plain, read_table, refuse_where
from randvec.data.series import FORCING
from randvec.errors import InputError

UNITS = {
    "year": None, "mnth": None, "day": None, "hr": None, "dayl": "s", "prcp": "mm/day",
    "srad": "w/m2", "swe": "mm", "tmax": "c", "tmin": "c", "vp": "pa",
}  # fmt: skip

#: The header, a number a line: what it says, and what is possible for it. No basin of a gauge is
#: below a tenth of a square kilometre, or above a million.
HEADER = (
    ("latitude", -90, 90, "degrees"),
    ("elevation", -500, 9000, "m"),
    ("drainage area", 1e5, 1e12, "m2"),
)

#: What no day on Earth exceeds, in the units of the files: a value outside is a damaged one.
BOUNDS = {
    "prcp": (0, 2000), "srad": (0, 1000), "tmax": (-90, 65), "tmin": (-90, 65), "vp": (0, 10000),
}  # fmt: skip
MEAN_PRCP = 50  # mm/day, three times that of the wettest place on Earth

MAX_FLOW = 1e7  # cubic feet per second, more than the Amazon

FLAGS = "A|A:e|A:<|M"
FIRST_ROW = 5  # line number of the first day in a forcing file
MM_PER_CUBIC_FOOT = 28316846.592  # 1 cubic foot in cubic millimetres, over 1e6 mm2 in a m2


def read_forcing(path: str | Path) -> tuple[pd.DataFrame, float]:
    """Read one basin's forcing.

    Parameters
    ----------
    path : path
        Three header lines (latitude, elevation [m], area [m2]), a line of names, a line a day.

    Returns
    -------
    days : DataFrame
        date, prcp [mm/day], srad [W/m2], tmax and tmin [degC], vp [Pa], float64; no day missing.
    area : float
        Drainage area, m2.

    Raises
    ------
    InputError
        Naming file and line, for whatever is not as it should be.
    """
    path = Path(path)
    lines = read_plain(path).split(b"\n", FIRST_ROW - 1)
    area = _read_area(path, lines)
    words = _read_names(path, lines)
    if len(lines) < FIRST_ROW or not lines[-1].strip():
        raise InputError(f"{path}: no day in it; expected a line a day from line {FIRST_ROW}")
    table = read_table(path, lines[-1], words, FIRST_ROW)
    dates = _dates(path, table["year"], table["mnth"], table["day"], FIRST_ROW)
    _check_order(path, dates, FIRST_ROW, longest=1)
    _check_days(path, table)
    if len(dates) >= 365:
        _check_year(path, table)
    return pd.DataFrame({"date": dates, **{name: table[name] for name in FORCING}}), area


def read_streamflow(path: str | Path, basin: str) -> pd.DataFrame:
    """Read one basin's streamflow.

    Parameters
    ----------
    path : path
        A line a day: basin, year, month, day, cubic feet per second, flag. Missing is -999.00 M.
    basin : str
        Whose file it should be.

    Returns
    -------
    DataFrame
        date, discharge [cubic feet per second], NaN where missing. Days may be missing altogether.

    Raises
    ------
    InputError
        Naming file and line, for whatever is not as it should be.
    """
    path = Path(path)
    words = {
        "basin": basin, "year": INTEGER, "month": INTEGER, "day": INTEGER, "discharge": DECIMAL,
        "flag": FLAGS,
    }  # fmt: skip
    table = read_table(path, read_plain(path), words, 1)
    dates = _dates(path, table["year"], table["month"], table["day"], 1)
    _check_order(path, dates, 1)
    flow = table["discharge"]
    missing = table["flag"] == "M"
    refuse_where(
        (missing != (flow == -999)) | (~missing & ((flow < 0) | (flow > MAX_FLOW))), path, 1,
        lambda at: f"discharge {flow[at]} with flag {table['flag'][at]}; expected 0 to "
        f"{MAX_FLOW:g}, or -999.00 with flag M for a missing day",
    )  # fmt: skip
    return pd.DataFrame({"date": dates, "discharge": np.where(missing, np.nan, flow)})


def to_millimetres(flow: pd.Series, area: float) -> pd.Series:
    """Discharge from cubic feet per second to mm/day over a drainage area in m2."""
    return MM_PER_CUBIC_FOOT * flow * 86400 / (area * 1e6)


def _read_area(path: Path, lines: list[bytes]) -> float:
    for number, (name, low, high, unit) in enumerate(HEADER, 1):
        found = lines[number - 1].decode().strip() if len(lines) > number else ""
        value = float(found) if re.fullmatch("-?[0-9]+([.][0-9]+)?", found) else np.nan
        if not low <= value <= high:
            raise InputError(
                f"{path}, line {number}: found '{found}', expected the {name}, {low:g} to {high:g} "
                f"{unit}; without a right area there is no discharge in mm/day"
            )
    return value


def _read_names(path: Path, lines: list[bytes]) -> dict[str, str]:
    found = lines[3].decode().lower().split() if len(lines) > 3 else []
    expected = [name if unit is None else f"{name}({unit})" for name, unit in UNITS.items()]
    if sorted(found) != sorted(expected):
        raise InputError(
            f"{path}, line 4: found '{' '.join(found)}', expected the columns Year Mnth Day Hr "
            "dayl(s) prcp(mm/day) srad(W/m2) swe(mm) tmax(C) tmin(C) vp(Pa)"
        )
    names = [word.partition("(")[0] for word in found]
    return {name: INTEGER if UNITS[name] is None else DECIMAL for name in names}


def _dates(path: Path, year, month, day, first: int) -> np.ndarray:
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    dates = months.astype("datetime64[D]") + (day - 1)
    # A month or day too large has run over into the next year or month.
    wrong = (dates.astype("datetime64[M]") != months) | (month < 1) | (month > 12)
    refuse_where(
        wrong | (year < 1800) | (year > 2200), path, first,
        lambda at: f"{year[at]}-{month[at]}-{day[at]} is no day of the calendar",
    )  # fmt: skip
    return dates


def _check_order(path: Path, dates: np.ndarray, first: int, longest: float = np.inf) -> None:
    """Check that each day comes after the one before, by no more than `longest` days."""
    steps = np.diff(dates).astype(int)

    def say(at: int) -> str:
        fault = (
            "a day is doubled or out of order" if steps[at] < 1
            else f"days are missing, {steps[at] - 1} of them"
        )  # fmt: skip
        return f"{dates[at + 1]} after {dates[at]}: {fault}"

    refuse_where((steps < 1) | (steps > longest), path, first + 1, say)


def _check_days(path: Path, table: dict) -> None:
    for name, (low, high) in BOUNDS.items():
        values = table[name]
        refuse_where(
            (values < low) | (values > high), path, FIRST_ROW,
            lambda at, name=name, values=values, low=low, high=high:
                f"{name} is {values[at]}, expected {low} to {high} {UNITS[name]}",
        )  # fmt: skip
    tmax, tmin, vp = table["tmax"], table["tmin"], table["vp"]
    refuse_where(
        tmax < tmin, path, FIRST_ROW, lambda at: f"tmax {tmax[at]} is below tmin {tmin[at]}"
    )
    # Saturation over water, Magnus form (Alduchov and Eskridge 1996), with room for rounding and
    # for sets that give a mean temperature.
    saturation = 610.94 * np.exp(17.625 * tmax / (tmax + 243.04))
    refuse_where(
        vp > 1.2 * saturation + 50, path, FIRST_ROW,
        lambda at: f"vp {vp[at]} Pa is far above saturation at tmax {tmax[at]}",
    )  # fmt: skip


def _check_year(path: Path, table: dict) -> None:
    """Check what holds in every year, so that exchanged columns are found."""
    flat = [name for name in FORCING if np.ptp(table[name]) == 0]
    if flat or table["prcp"].mean() > MEAN_PRCP:
        found = f"{', '.join(flat)} never changes" if flat else "the mean of prcp is impossible"
        raise InputError(
            f"{path}, line {FIRST_ROW} to the end: {found}; are columns exchanged? Compare with "
            "the original file"
        )
