"""A table of daily series in memory, checked and put into one block of numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from randvec.data.missing import is_mark
from randvec.data.scaler import Scaler
from randvec.data.series import Cube
from randvec.errors import InputError

#: A forcing whose mean lies so many standard deviations of the training from that of the training,
#: or varies so many times more or less, is in another unit. Kelvin for degrees Celsius is 25 of
#: them, hectopascal for pascal a factor of 100. One that is at its least on more than this share of
#: days may vary as little as it likes: a dry year, or a basin with little snow.
FAR, FACTOR, RARE = 8, 80, 0.95


def cube_of(series: pd.DataFrame, forcings: Sequence[str]) -> Cube:
    """The series of some basins on one calendar.

    Parameters
    ----------
    series : DataFrame
        ``basin`` (text), ``date``, the forcings, and where it is known ``discharge`` [mm/day]. A
        row a basin and day, in any order; NaN where a value is missing. Negative discharge is taken
        for missing.
    forcings : sequence of str
        Names of the forcings, in the order in which a network sees them.

    Returns
    -------
    Cube
        Basins sorted; days without a row are NaN.

    Raises
    ------
    InputError
        For a column that is not there or not known, basin ids that are no text, a day that is none
        or stands twice, or a value that is no number, or a forcing that stands for a missing one.
    """
    _check_columns(series, forcings)
    row, basins = pd.factorize(series["basin"], sort=True)
    days = days_of("series", series["date"])
    dates = np.arange(days.min(), days.max() + 1)
    at = row, (days - dates[0]).astype(int)
    _check_doubled(series["basin"], days, at[0] * len(dates) + at[1])
    names = [*forcings, "discharge"]
    values = np.full((len(names), len(basins), len(dates)), np.nan, np.float32)
    for place, name in enumerate(names):
        if name in series:
            values[place][at] = numbers_of("series", series[name])
    values[-1][values[-1] < 0] = np.nan
    forcing = np.ascontiguousarray(np.moveaxis(values[:-1], 0, -1))
    return Cube(tuple(basins), dates, tuple(forcings), forcing, values[-1])


def check_units(cube: Cube, scaler: Scaler) -> None:
    """Refuse forcings that can't be in the unit of the training.

    Parameters
    ----------
    cube : Cube
        Its forcings in the order of the scaler.
    scaler : Scaler
        Of the training.

    Raises
    ------
    InputError
        If the mean or the spread of a forcing over all basins and days is far from the training's.
    """
    known = zip(cube.forcings, scaler.forcing_mean, scaler.forcing_std, strict=True)
    for index, (name, mean, spread) in enumerate(known):
        values = cube.forcing[..., index]
        values = values[np.isfinite(values)].astype(np.float64)
        if not values.size:
            continue
        own_mean, own_spread = values.mean(), values.std()
        ratio = own_spread / spread
        low = ratio <= 1 / FACTOR and (values == values.min()).mean() <= RARE
        if low or ratio >= FACTOR or abs(own_mean - mean) > FAR * spread:
            raise InputError(
                f"series: {name} is {own_mean:.3g} on average and varies by {own_spread:.2g}, in "
                f"training it was {mean:.3g} and {spread:.2g}; expected the same unit as there, so "
                "convert it"
            )


def days_of(table: str, dates: pd.Series) -> np.ndarray:
    """The days that a table names, datetime64[D], those of its own time zone if it has one.

    Raises
    ------
    InputError
        For what is no day.
    """
    if pd.api.types.is_numeric_dtype(dates):
        raise InputError(
            f"{table}: date holds the number {dates.iloc[0]}, expected days, as dates or as text "
            "like 1990-10-01"
        )
    try:
        times = pd.to_datetime(dates).dt.tz_localize(None).to_numpy("datetime64[s]")
    except (ValueError, TypeError) as error:
        raise InputError(f"{table}: date holds what is no day ({error})") from None
    days = times.astype("datetime64[D]")
    wrong = np.isnat(times) | (times != days)
    if wrong.any():
        found = dates.iloc[int(np.argmax(wrong))]
        raise InputError(f"{table}: date holds {found}, expected days, without a time")
    return days


def numbers_of(table: str, values: pd.Series) -> np.ndarray:
    """The numbers of a column, float32, NaN where one is missing.

    Raises
    ------
    InputError
        For what is no number or infinite, and in a forcing for a mark of a missing value.
    """
    name = values.name
    try:
        numbers = values.to_numpy(np.float32, na_value=np.nan)
    except (ValueError, TypeError):
        raise InputError(
            f"{table}: {name} holds what is no number; expected numbers, NaN where one is missing"
        ) from None
    if np.isinf(numbers).any():
        raise InputError(
            f"{table}: {name} holds an infinite number; expected NaN where it is missing"
        )
    if name != "discharge" and (marks := is_mark(numbers)).any():
        raise InputError(
            f"{table}: {name} holds {numbers[marks][0]:g}, which looks like a mark for a missing "
            "value; expected NaN where it is missing"
        )
    return numbers


def day_twice(table: str, basin: str, day: np.datetime64 | pd.Timestamp) -> InputError:
    """The error for a table that has a day of a basin in two rows."""
    return InputError(
        f"{table}: basin {basin} has {pd.Timestamp(day):%Y-%m-%d} twice; expected a day once"
    )


def check_ids(table: str, basins: pd.Series) -> None:
    """Raise InputError for basin ids that are no text."""
    if wrong := [basin for basin in basins.unique() if not isinstance(basin, str)]:
        raise InputError(
            f"{table}: basin {wrong[0]} is no text; expected ids as text, since zeros in front "
            "count"
        )


def _check_columns(series: pd.DataFrame, forcings: Sequence[str]) -> None:
    expected = f"expected basin, date, {', '.join(forcings)}, and discharge where it is known"
    needed = ["basin", "date", *forcings]
    if missing := [name for name in needed if name not in series]:
        found = ", ".join(map(str, series.columns))
        raise InputError(f"series: no column {', '.join(missing)}, found {found}; {expected}")
    if unknown := [name for name in series if name not in {*needed, "discharge"}]:
        raise InputError(
            f"series: unknown column {', '.join(map(str, unknown))}; {expected}; leave others out"
        )
    if not len(series):
        raise InputError("series: no row in it; expected one a basin and day")
    check_ids("series", series["basin"])


def _check_doubled(basins: pd.Series, days: np.ndarray, places: np.ndarray) -> None:
    """Refuse rows of one place, which is one for each basin and day."""
    if (doubled := np.bincount(places)[places] > 1).any():
        row = int(np.argmax(doubled))
        raise day_twice("series", basins.iloc[row], days[row])
