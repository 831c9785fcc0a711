"""The daily series of CAMELS-US (Newman et al. 2015): forcing and streamflow of one basin."""

from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.camels_us_header import NAMES_LINE, UNITS, read_header
from randvec.data.plain_text import DECIMAL, INTEGER, read_plain, read_table, refuse_where
from randvec.data.units import CUBIC_MM_IN_CUBIC_FOOT
from randvec.errors import InputError

#: Daily forcings: precipitation [mm/day], shortwave radiation [W/m2], largest and smallest
#: temperature [degC], vapour pressure [Pa].
COLUMNS = ("prcp", "srad", "tmax", "tmin", "vp")

#: What no day on Earth exceeds, in the units of the files: a value outside is a damaged one.
BOUNDS = {
    "prcp": (0, 2000), "srad": (0, 1000), "tmax": (-90, 65), "tmin": (-90, 65), "vp": (0, 10000),
}  # fmt: skip
MEAN_PRCP = 50  # mm/day, three times that of the wettest place on Earth

MAX_FLOW = 1e7  # cubic feet per second, more than the Amazon

FLAGS = "A|A:e|A:<|M"

#: Official Daymet files have days on which tmax is below tmin, in one basin of eight: up to 12 days
#: and by up to 2.5 degC in those at hand, 696 of 12784 days (5 %) in 12048000, the worst one known.
#: Where the columns are exchanged it is so on most days of some year. No daily range is above 40.
ODD_SHARE = 0.5
ODD_SIZE = 40  # degC


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
        ``attrs["note"]`` says what was assumed about its columns, if anything.
    area : float
        Drainage area, m2.

    Raises
    ------
    InputError
        Naming file and line, for whatever is not as it should be.
    """
    path = Path(path)
    lines = read_plain(path).split(b"\n", NAMES_LINE)
    header = read_header(path, lines)
    days = b"\n".join(lines[header.first - 1 :])
    if not days.strip():
        raise InputError(f"{path}: no day in it; expected a line a day from line {header.first}")
    table = read_table(path, days, header.columns, header.first)
    dates = _dates(path, table["year"], table["mnth"], table["day"], header.first)
    _check_order(path, dates, header.first, longest=1)
    _check_days(path, table, header.first)
    _check_temperatures(path, table, header.first)
    if len(dates) >= 365:
        _check_year(path, table, header.first)
    found = pd.DataFrame({"date": dates, **{name: table[name] for name in COLUMNS}})
    found.attrs["note"] = header.note
    return found, header.area


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
    return CUBIC_MM_IN_CUBIC_FOOT * flow * 86400 / (area * 1e6)


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


def _check_days(path: Path, table: dict, first: int) -> None:
    for name, (low, high) in BOUNDS.items():
        values = table[name]
        refuse_where(
            (values < low) | (values > high), path, first,
            lambda at, name=name, values=values, low=low, high=high:
                f"{name} is {values[at]}, expected {low} to {high} {UNITS[name]}",
        )  # fmt: skip
    warmest, vp = np.maximum(table["tmax"], table["tmin"]), table["vp"]
    # Saturation over water, Magnus form (Alduchov and Eskridge 1996), with room for rounding and
    # for sets that give a mean temperature.
    saturation = 610.94 * np.exp(17.625 * warmest / (warmest + 243.04))
    refuse_where(
        vp > 1.2 * saturation + 50, path, first,
        lambda at: f"vp {vp[at]} Pa is far above saturation at tmax {warmest[at]}",
    )  # fmt: skip


def _check_temperatures(path: Path, table: dict, first: int) -> None:
    """Let single days have tmax below tmin, as official files do, but not exchanged columns."""
    tmax, tmin = table["tmax"], table["tmin"]
    odd = tmax < tmin
    refuse_where(
        tmin - tmax > ODD_SIZE, path, first,
        lambda at: f"tmax {tmax[at]} is below tmin {tmin[at]} by more than {ODD_SIZE} degC",
    )  # fmt: skip
    year = min(365, len(odd))
    count = np.cumsum(np.concatenate([[0], odd]))
    count = count[year:] - count[:-year]  # in each stretch of a year
    refuse_where(
        count > ODD_SHARE * year, path, first,
        lambda at: f"from here on tmax is below tmin on {count[at]} of {year} days; are the "
        "columns exchanged?",
    )  # fmt: skip


def _check_year(path: Path, table: dict, first: int) -> None:
    """Check what holds in every year, so that exchanged columns are found."""
    flat = [name for name in COLUMNS if np.ptp(table[name]) == 0]
    if flat or table["prcp"].mean() > MEAN_PRCP:
        found = f"{', '.join(flat)} never changes" if flat else "the mean of prcp is impossible"
        raise InputError(
            f"{path}, line {first} to the end: {found}; are columns exchanged? Compare with "
            "the original file"
        )
