"""The files of a source to tables: series, descriptors, and what was found in each basin."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.basins import write_basins
from randvec.data.incomplete import check_incomplete, lacking, uncovered, within
from randvec.data.reader import COORDINATES, Reader, Record
from randvec.data.reader_check import attributes_of, basins_of, check_record
from randvec.errors import InputError

logger = logging.getLogger(__name__)

#: Basins that are read before those before them are written; more would only fill the memory.
AHEAD = 64

#: Of a basin without series.
NOTHING = Record(
    pd.DataFrame({"date": np.array([], "datetime64[s]"), "discharge": np.array([], "f4")}),
    area=np.nan,
    faults=["no series of it"],
)

#: What a basin has in a period where its NSE is undefined, by its different values of discharge.
UNSCORED = {0: "no discharge", 1: "constant discharge"}

#: The reader of a process that reads.
_reader: Reader | None = None


@dataclass(frozen=True)
class Prepared:
    """The tables of a dataset beside its series.

    Attributes
    ----------
    descriptors : DataFrame
        basin, the descriptors, gauge_lat, gauge_lon of the basins that are used.
    basins : DataFrame
        One row for every basin that was asked for.
    """

    descriptors: pd.DataFrame
    basins: pd.DataFrame


def prepare(
    reader: Reader,
    take: Callable[[str, pd.DataFrame], None],
    descriptors: Mapping[str, Sequence[str]],
    periods: dict,
    sequence_length: int,
    incomplete: str,
    workers: int,
    listed: str = "dataset",
    section: str = "periods",
) -> Prepared:
    """Read the basins that a source is asked for.

    A basin is incomplete without a series, one of the descriptors, a training day with discharge,
    or all forcings on every day from the first of each period's warm-up to its last. Days without
    discharge are no fault.

    The series are handed on as they are read, so that only some of them are in memory. Whether
    they may be used is known at the end.

    Parameters
    ----------
    reader : Reader
    take : callable
        Is given each basin that is complete, in order, and its days: date, forcings, discharge
        [mm/day].
    descriptors : mapping of group to names
    periods : dict of str to list of str
        By name, as ``train`` and ``test``: first and last day, both inclusive. The one called
        ``train`` needs discharge, if the reader is one for training.
    sequence_length : int
        Days in a window, so that the warm-up has one day less.
    incomplete : {"stop", "drop"}
        ``stop`` refuses incomplete basins, ``drop`` leaves them out and says why in `basins`.
    workers : int
        Processes that read. Results do not depend on it.
    listed : str
        Where the basins are asked for, for messages.
    section : str
        Of the configuration, that the periods stand in, for messages.

    Raises
    ------
    InputError
        For a damaged file, or what the reader's `check` refuses, whatever `incomplete` says; for
        incomplete basins with ``stop``; if there is no basin, or none is left; for training also
        if no basin that is left has discharge to be scored in one of the periods.
    """
    wanted = basins_of(reader, listed)
    attributes = attributes_of(reader, descriptors)
    named = {f"{section}.{name}": period for name, period in periods.items()}
    rows, areas, scored, means = [], {}, set(), {}
    for basin, record in zip(wanted, _records(reader, wanted, workers), strict=True):
        record = record or NOTHING
        check_record(reader, basin, record)
        discharge = {name: _discharge(record.days, period) for name, period in named.items()}
        reasons = lacking(reader, basin, record, attributes, descriptors)
        if not reasons:
            reasons = uncovered(record.days, named, sequence_length)
            if reader.for_training and discharge["periods.train"].empty:
                reasons.append("no day with discharge in periods.train")
        rows.append(_basin_row(basin, record, named, reasons, discharge))
        areas[basin] = record.area
        if not reasons:
            scored.update(name for name, values in discharge.items() if values.nunique() > 1)
            means[basin] = record.days.drop(columns="date").mean()
            take(basin, record.days)
    reader.check(areas)
    table = pd.DataFrame(rows).join(attributes[list(COORDINATES)], on="basin")
    check_incomplete(table, incomplete, listed)
    if reader.for_training and (unscored := [name for name in named if name not in scored]):
        raise InputError(
            f"{listed}: no basin has discharge that changes in {', '.join(unscored)}, so that no "
            "NSE can be computed; choose a period with discharge"
        )
    names = [name for group in descriptors.values() for name in group]
    used = attributes.loc[list(means), [*names, *COORDINATES]].reset_index()
    _tell(pd.DataFrame(means).median(axis=1).dropna(), descriptors, used)
    return Prepared(used, table)


def write(prepared: Prepared, descriptors: str, basins: str, ids: str | None = None) -> None:
    """Write the tables to the given paths; the same tables give the same bytes.

    Parameters
    ----------
    prepared : Prepared
    descriptors, basins : str
        Paths of the two tables.
    ids : str, optional
        Path of a table of the ids alone of the basins that are used.
    """
    tables = {descriptors: prepared.descriptors, ids: prepared.descriptors[["basin"]]}
    for path, table in tables.items():
        if path:
            table.to_parquet(path, index=False, compression="zstd")
    write_basins(prepared.basins, basins)
    logger.info("wrote %d basins to %s", len(prepared.descriptors), Path(basins).parent)


def _tell(medians: pd.Series, descriptors: Mapping[str, Sequence[str]], used: pd.DataFrame) -> None:
    """Log which columns are used, their size, which tells a wrong unit, and what tells nothing."""
    sizes = ", ".join(f"{name} {value:.3g}" for name, value in medians.items())
    logger.info("mean in the median basin: %s", sizes)
    groups = [f"{group}: {', '.join(names)}" for group, names in descriptors.items()]
    logger.info("descriptors: %s", "; ".join(groups))
    constant = [n for names in descriptors.values() for n in names if used[n].nunique() == 1]
    if constant and len(used) > 1:
        logger.warning("the same in all %d basins: %s", len(used), ", ".join(constant))


def _records(reader: Reader, basins: list[str], workers: int) -> Iterator[Record | None]:
    """The series of all basins in order."""
    if workers == 1 or not reader.parallel:
        yield from _follow(map(reader.record, basins), len(basins))
        return
    with ProcessPoolExecutor(workers, initializer=_use, initargs=(reader,)) as pool:
        try:
            yield from _follow(_read_ahead(pool, basins), len(basins))
        except InputError as error:
            raise InputError(str(error)) from None  # without the traceback of the other process


def _read_ahead(pool: ProcessPoolExecutor, basins: list[str]) -> Iterator[Record | None]:
    waiting: deque[Future] = deque()
    for basin in basins:
        waiting.append(pool.submit(_read, basin))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _use(reader: Reader) -> None:
    global _reader
    _reader = reader


def _read(basin: str) -> Record | None:
    return _reader.record(basin)


def _follow(results: Iterator[Record | None], total: int) -> Iterator[Record | None]:
    for number, result in enumerate(results, 1):
        if number % 50 == 0 or number == total:
            logger.info("read %d of %d basins", number, total)
        yield result


def _basin_row(
    basin: str,
    record: Record,
    periods: dict,
    reasons: list[str],
    discharge: Mapping[str, pd.Series],
) -> dict:
    days, notes = record.days, list(record.notes)
    row = {
        "basin": basin,
        "area_km2": record.area,
        "first_day": days["date"].min().date() if len(days) else None,
        "last_day": days["date"].max().date() if len(days) else None,
    }
    for name, (first, last) in periods.items():
        length = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
        row[f"missing_days_{name.rpartition('.')[2]}"] = length - len(discharge[name])
        what = UNSCORED.get(discharge[name].nunique())
        if what and not reasons:
            notes.append(f"{what} in {name}, its NSE is undefined there")
    return {**row, "used": not reasons, "reason": "; ".join(reasons), "note": "; ".join(notes)}


def _discharge(days: pd.DataFrame, period) -> pd.Series:
    """Discharge of the days of a period that have any."""
    return within(days, period)["discharge"].dropna()
