"""The daily series of Caravan: one file a basin, csv or netCDF, old and new names of columns."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.caravan_names import BOUNDS, find_column
from randvec.data.days_and_basins import DATE, check_days, read_days
from randvec.data.delimited import open_delimited
from randvec.errors import InputError

#: Discharge, mm/day.
STREAMFLOW = "streamflow"

CALENDARS = ("standard", "gregorian", "proleptic_gregorian")


def read_series(path: str | Path, forcings: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Read one basin's series.

    Parameters
    ----------
    path : path
        Of a .csv or .nc file.
    forcings : list of str
        Columns, by their old or new names; the result has the names as they are given here.

    Returns
    -------
    days : DataFrame
        date (datetime64[s]), the forcings and discharge [mm/day], float32; each day once, in order.
    notes : list of str
        What is odd in it.

    Raises
    ------
    InputError
        If a column is missing, or the file is damaged: a text in a number, a line that is cut, a
        day that is doubled, missing or out of order, a value that no day has.
    """
    path = Path(path)
    read = _read_netcdf if path.suffix == ".nc" else _read_csv
    days = read(path, dict.fromkeys([*forcings, STREAMFLOW]))
    notes = []
    for name in forcings:
        if "evaporation" in name and (below := int((days[name] < 0).sum())):
            notes.append(f"{name} is negative on {below} of {len(days)} days")
    if below := int((days[STREAMFLOW] < 0).sum()):
        days[STREAMFLOW] = days[STREAMFLOW].where(days[STREAMFLOW] >= 0)
        notes.append(f"negative discharge on {below} days, taken for missing")
    columns = dict.fromkeys([*forcings, "discharge"], np.float32)
    return days.rename(columns={STREAMFLOW: "discharge"}).astype(columns), notes


def _find(path: Path, names: dict, header: list[str]) -> dict[str, str]:
    """The column of the file for each name that is asked for."""
    found = {name: find_column(name, header) for name in names}
    if missing := [name for name, column in found.items() if column is None]:
        raise InputError(
            f"{path}: no column {', '.join(missing)}; it has {', '.join(sorted(header))}. Change "
            "dataset.forcings, or get the original file"
        )
    return found


def _read_csv(path: Path, names: dict) -> pd.DataFrame:
    file = open_delimited(path, DATE)
    found = _find(path, names, file.names)
    days = read_days(file, found.values(), BOUNDS)
    return pd.DataFrame({DATE: days[DATE], **{n: days[column] for n, column in found.items()}})


def _read_netcdf(path: Path, names: dict) -> pd.DataFrame:
    try:
        import h5py
    except ImportError:
        raise InputError(
            f"{path}: reading netCDF needs h5py, which is not installed; install the extra "
            "`netcdf` (.venv/bin/pip install -e '.[netcdf]'), or use Caravan as csv"
        ) from None
    try:
        with h5py.File(path) as file:
            found = _find(path, names, list(file))
            values = {DATE: _dates(path, file)}
            values |= {name: _values(file[column]) for name, column in found.items()}
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"{path}: can't be read as netCDF-4 ({error}); get the original file"
        ) from None
    if not len(values[DATE]) or len({len(column) for column in values.values()}) > 1:
        raise InputError(f"{path}: columns of different lengths or without a day; get the original")
    days = pd.DataFrame(values)
    check_days(days, BOUNDS, path)
    return days


def _dates(path: Path, file) -> np.ndarray:
    if "date" not in file:
        raise InputError(f"{path}: no column date; get the original file")
    since, calendar = (_text(file["date"].attrs.get(key, "")) for key in ("units", "calendar"))
    start = re.fullmatch(r"days since ([0-9]{4}-[0-9]{2}-[0-9]{2})([ T]00:00(:00(\.0+)?)?)?", since)
    days = _stored(file["date"])
    whole = days.astype(np.int64)
    if not start or (calendar and calendar not in CALENDARS) or (whole != days).any():
        raise InputError(
            f"{path}: dates are '{since}' in the calendar '{calendar}', expected whole days since "
            f"a day in one of {', '.join(CALENDARS)}"
        )
    return (np.datetime64(start[1], "D") + whole).astype("datetime64[s]")


def _text(attribute) -> str:
    return attribute.decode() if isinstance(attribute, bytes) else str(attribute)


def _stored(variable) -> np.ndarray:
    """The numbers of a variable as they are stored."""
    name = variable.name[1:]
    if variable.dtype.kind not in "iuf":
        raise OSError(f"{name} holds no numbers")
    if variable.ndim != 1:
        raise OSError(f"{name} has {variable.ndim} dimensions, expected the days alone")
    return variable[:]


def _values(variable) -> np.ndarray:
    """The numbers of a variable, unpacked by the conventions of netCDF."""
    stored = _stored(variable)
    values = stored.astype(np.float64)
    for key in ("_FillValue", "missing_value"):
        if key in variable.attrs:
            values[stored == np.ravel(variable.attrs[key])[0]] = np.nan
    scale, offset = (
        float(np.ravel(variable.attrs.get(key, default))[0])
        for key, default in (("scale_factor", 1), ("add_offset", 0))
    )
    return values * scale + offset
