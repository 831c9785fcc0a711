"""The store of daily series: series.parquet, and the same as one block of numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from randvec.errors import InputError

#: What is no forcing.
OTHERS = ("basin", "date", "discharge")

#: Rows of a row group at most: all days of CAMELS-US are in one. A group is held in memory until it
#: is written, with six columns of numbers 0.9 GB.
GROUP = 2**24

#: Forcings have two decimals, so one dictionary over all basins of a row group keeps each value in
#: two bytes or so; that needs room for the dictionary. Discharge has as many values as areas.
LAYOUT = {
    "compression": "zstd",
    "compression_level": 9,
    "dictionary_pagesize_limit": 2**26,
    "column_encoding": {"date": "DELTA_BINARY_PACKED"},
}

#: Rows that are read at a time: some basins, so that their numbers stay in the processor's cache.
BATCH = 2**17

#: Bytes of a column that are read at a time.
BUFFER = 2**20


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
                f"{date} is outside the series, which are {self.dates[0]} to {self.dates[-1]}; "
                "choose days within them"
            )
        return int((day - self.dates[0]).astype(int))

    def days(self, first: str, last: str) -> slice:
        """Indices of a period, both days inclusive; raises as `day`."""
        return slice(self.day(first), self.day(last) + 1)

    def take(self, basins: Sequence[str]) -> "Cube":
        """The same days of some basins, in the order given; itself if these are its basins."""
        if tuple(basins) == self.basins:
            return self
        rows = [self.basins.index(basin) for basin in basins]
        return replace(
            self,
            basins=tuple(basins),
            forcing=self.forcing[rows],
            discharge=self.discharge[rows],
        )

    def order(self, forcings: Sequence[str]) -> "Cube":
        """The same with the given forcings, in that order."""
        if tuple(forcings) == self.forcings:
            return self
        columns = [self.forcings.index(name) for name in forcings]
        return replace(self, forcings=tuple(forcings), forcing=self.forcing[..., columns])


class SeriesWriter:
    """Writes series.parquet basin by basin; the same series give the same bytes.

    A context: where it ends well the file gets its name, and where an exception ends it nothing is
    left, so that a half file never has this name and a file that had it stays as it is.

    Parameters
    ----------
    path : path
        Written under a temporary name beside it.
    """

    def __init__(self, path: str | Path):
        self._path = Path(path)
        self._temporary = self._path.with_name(f".{self._path.name}.partial")
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, basin: str, days: pd.DataFrame) -> None:
        """Take the next basin.

        Parameters
        ----------
        basin : str
            After those before it in order, as the file is sorted.
        days : DataFrame
            date in order, discharge, and the forcings; missing values NaN.
        """
        names = [*(name for name in days.columns if name not in OTHERS), "discharge"]
        schema = pa.schema([("date", pa.timestamp("ms")), *((n, pa.float32()) for n in names)])
        table = pa.Table.from_pandas(days[schema.names], schema=schema, preserve_index=False)
        column = pa.repeat(pa.scalar(basin, pa.string()), len(days))
        if self._waiting and sum(map(len, self._waiting)) + len(days) > GROUP:
            self._write_group()
        self._waiting.append(table.replace_schema_metadata(None).add_column(0, "basin", column))

    def _write_group(self) -> None:
        table = pa.concat_tables(self._waiting)
        if self._file is None:
            forcings = [name for name in table.column_names if name not in OTHERS]
            self._file = pq.ParquetWriter(
                self._temporary, table.schema, **LAYOUT, use_dictionary=["basin", *forcings]
            )
        self._file.write_table(table, row_group_size=GROUP)
        self._waiting.clear()

    def __enter__(self) -> "SeriesWriter":
        return self

    def __exit__(self, kind, *_) -> None:
        try:
            if kind is None:
                self._write_group()
            if self._file is not None:
                self._file.close()
            if kind is None:
                self._temporary.replace(self._path)
        finally:
            self._temporary.unlink(missing_ok=True)


def is_of_workflow(schema: pa.Schema, forcings: Sequence[str]) -> bool:
    """Whether a Parquet file has such forcings and is one that `SeriesWriter` wrote.

    It needs no check then. What pandas or another tool writes has metadata of its own, or other
    types.
    """
    numbers = [(name, pa.float32()) for name in schema.names[2:]]
    expected = pa.schema([("basin", pa.string()), ("date", pa.timestamp("ms")), *numbers])
    own = schema == expected and not schema.metadata and schema.names[-1] == "discharge"
    return own and set(forcings) <= set(schema.names[2:-1])


def load_cube(
    path: str | Path,
    periods: Iterable[Sequence[str]] = (),
    warm_up: int = 0,
) -> Cube:
    """Read series.parquet as one block, all of its basins, sorted.

    Parameters
    ----------
    path : path
        Of series.parquet.
    periods : iterable of (str, str), optional
        First and last day of what is needed; days before the first and after the last of them are
        left out. All days by default.
    warm_up : int
        Days before each period that are needed too.
    """
    # Without the two settings the whole file would come into memory first.
    asked = {"pre_buffer": False, "buffer_size": BUFFER}
    with pq.ParquetFile(path, read_dictionary=["basin"], **asked) as file:
        forcings = tuple(name for name in file.schema_arrow.names if name not in OTHERS)
        basins = tuple(sorted(_basins_in(file)))
        dates = _needed(_dates_in(file), list(periods), warm_up)
        forcing = np.full((len(basins), len(dates), len(forcings)), np.nan, np.float32)
        discharge = np.full((len(basins), len(dates)), np.nan, np.float32)
        cube = Cube(basins, dates, forcings, forcing, discharge)
        rows = {basin: row for row, basin in enumerate(basins)}
        for batch in file.iter_batches(BATCH):
            _fill(cube, rows, batch)
    pa.default_memory_pool().release_unused()  # arrow would keep a third of a gigabyte
    return cube


def _basins_in(file: pq.ParquetFile) -> set[str]:
    batches = file.iter_batches(BATCH, columns=["basin"])
    return {basin for batch in batches for basin in batch["basin"].unique().to_pylist()}


def _dates_in(file: pq.ParquetFile) -> np.ndarray:
    """Every day from the first to the last of all row groups."""
    at = file.schema_arrow.names.index("date")
    groups = range(file.metadata.num_row_groups)
    found = [file.metadata.row_group(group).column(at).statistics for group in groups]
    first, last = min(one.min for one in found), max(one.max for one in found)
    return np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)


def _needed(dates: np.ndarray, periods: list[Sequence[str]], warm_up: int) -> np.ndarray:
    """Days from the first warm-up to the end of the last period, as far as there are any."""
    if not periods:
        return dates
    days = np.array(periods, "datetime64[D]")
    chosen = (dates >= days.min() - warm_up) & (dates <= days.max())
    return dates[chosen] if chosen.any() else dates


def _fill(cube: Cube, rows: dict[str, int], batch: pa.RecordBatch) -> None:
    """Put a batch of the file where it belongs; `rows` are those of the cube by basin."""
    place = np.array([rows[basin] for basin in batch["basin"].dictionary.to_pylist()])
    row = place[batch["basin"].indices.to_numpy()]
    day = (batch["date"].to_numpy().astype("datetime64[D]") - cube.dates[0]).astype(int)
    keep = (day >= 0) & (day < len(cube.dates))
    at = row[keep], day[keep]
    for index, name in enumerate(cube.forcings):
        cube.forcing[(*at, index)] = batch[name].to_numpy(zero_copy_only=False)[keep]
    cube.discharge[at] = batch["discharge"].to_numpy(zero_copy_only=False)[keep]
