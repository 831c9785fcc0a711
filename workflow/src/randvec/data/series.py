"""The store of daily series: series.parquet, and the same as one block of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from randvec.errors import InputError

#: What is no forcing.
OTHERS = ("basin", "date", "discharge")

#: Forcings have two decimals, so one dictionary over all basins keeps each value in two bytes or
#: so; that needs one row group and room for the dictionary. Discharge has as many values as areas.
LAYOUT = {
    "compression": "zstd",
    "compression_level": 9,
    "row_group_size": 2**26,
    "dictionary_pagesize_limit": 2**26,
    "column_encoding": {"date": "DELTA_BINARY_PACKED"},
}


@dataclass(frozen=True)
class Cube:
    """All series on one calendar.

    Attributes
    ----------
    basins : tuple of str
    dates : ndarray of datetime64[D], shape (days,)
        Without gaps, from the first to the last day of any basin.
    forcings : tuple of str
        Names of the forcings.
    forcing : ndarray of float32, shape (basins, days, forcings)
        In that order; NaN where a basin has no record or a value is missing.
    discharge : ndarray of float32, shape (basins, days)
        mm/day; NaN where missing.
    """

    basins: tuple[str, ...]
    dates: np.ndarray
    forcings: tuple[str, ...]
    forcing: np.ndarray
    discharge: np.ndarray

    def day(self, date: str) -> int:
        """Index of a day.

        Raises
        ------
        InputError
            If the day is outside the record.
        """
        day = np.datetime64(date, "D")
        if not self.dates[0] <= day <= self.dates[-1]:
            raise InputError(
                f"{date} is outside the record, which is {self.dates[0]} to {self.dates[-1]}; "
                "change the periods of the configuration"
            )
        return int((day - self.dates[0]).astype(int))

    def days(self, first: str, last: str) -> slice:
        """Indices of a period, both days inclusive; raises as `day`."""
        return slice(self.day(first), self.day(last) + 1)

    def take(self, basins: Sequence[str]) -> "Cube":
        """The same days of some basins, in the order given."""
        rows = [self.basins.index(basin) for basin in basins]
        return replace(
            self,
            basins=tuple(basins),
            forcing=self.forcing[rows],
            discharge=self.discharge[rows],
        )


def write_series(frame: pd.DataFrame, path: str | Path) -> None:
    """Write series.parquet; the same table gives the same bytes.

    Parameters
    ----------
    frame : DataFrame
        basin (text), date, discharge, and the forcings; missing values NaN.
    path : path
        Written under a temporary name first, so a half file never has this name.
    """
    path = Path(path)
    ordered = frame.sort_values(["basin", "date"], kind="stable")
    forcings = [name for name in frame.columns if name not in OTHERS]
    schema = pa.schema(
        [
            ("basin", pa.string()),
            ("date", pa.timestamp("ms")),
            *((name, pa.float32()) for name in (*forcings, "discharge")),
        ]
    )
    table = pa.Table.from_pandas(ordered[schema.names], schema=schema, preserve_index=False)
    temporary = path.with_name(f".{path.name}.partial")
    plain = table.replace_schema_metadata(None)
    pq.write_table(plain, temporary, **LAYOUT, use_dictionary=["basin", *forcings])
    temporary.replace(path)


def load_cube(path: str | Path, basins: Sequence[str] | None = None) -> Cube:
    """Read series.parquet as one block.

    Parameters
    ----------
    path : path
        Of series.parquet.
    basins : sequence of str, optional
        Which basins, in which order; all of them, sorted, by default.

    Raises
    ------
    InputError
        If the file lacks one of the basins.
    """
    table = pq.read_table(path)
    forcings = tuple(name for name in table.column_names if name not in OTHERS)
    names = table["basin"].combine_chunks().dictionary_encode()
    known = names.dictionary.to_pylist()
    wanted = tuple(sorted(known) if basins is None else basins)
    if missing := [basin for basin in wanted if basin not in set(known)]:
        raise InputError(f"{path}: no basin {', '.join(missing)}; it has {len(known)} basins")
    days = table["date"].to_numpy().astype("datetime64[D]")
    dates = np.arange(days.min(), days.max() + 1)
    place = np.full(len(known), -1)
    place[[known.index(basin) for basin in wanted]] = np.arange(len(wanted))
    row = place[names.indices.to_numpy()]
    keep = row >= 0
    at = row[keep], (days - dates[0]).astype(int)[keep]
    forcing = np.full((len(wanted), len(dates), len(forcings)), np.nan, np.float32)
    discharge = np.full((len(wanted), len(dates)), np.nan, np.float32)
    for index, name in enumerate(forcings):
        forcing[(*at, index)] = table[name].to_numpy()[keep]
    discharge[at] = table["discharge"].to_numpy()[keep]
    del table, names
    pa.default_memory_pool().release_unused()  # arrow would keep a third of a gigabyte
    return Cube(wanted, dates, forcings, forcing, discharge)
