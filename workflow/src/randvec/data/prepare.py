"""Text files to tables: the series, the descriptors, and what was found in each basin."""

import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.basins import write_basins
from randvec.data.camels_us import COORDINATES, find_attributes, find_series, read_basin_list
from randvec.data.camels_us_attributes import read_attributes
from randvec.data.camels_us_series import read_forcing, read_streamflow, to_millimetres
from randvec.data.series import FORCING, write_series
from randvec.descriptors import DESCRIPTORS
from randvec.errors import InputError

logger = logging.getLogger(__name__)

#: By less than this the area of a forcing file and area_gages2 differ. Among the 531 basins of the
#: paper the ratio is 0.25 (06470800), 0.48, 0.51, 2.51 (02381600), and 0.87 to 1.16 for all others;
#: a digit too many or too few makes it 10.
AREA_FACTOR = 5

#: Basins that a message names, and characters that it has for each.
NAMED, LENGTH = 6, 150


@dataclass(frozen=True)
class Prepared:
    """The three tables of a dataset.

    Attributes
    ----------
    series : DataFrame
        basin, date, forcings and discharge [mm/day] of the basins that are used.
    descriptors : DataFrame
        basin, the 27 descriptors, gauge_lat, gauge_lon of the basins that are used.
    basins : DataFrame
        One row for every basin that was asked for.
    """

    series: pd.DataFrame
    descriptors: pd.DataFrame
    basins: pd.DataFrame


def prepare(
    folder: str,
    forcing: str,
    basins: str,
    periods: dict,
    sequence_length: int,
    incomplete: str,
    workers: int,
) -> Prepared:
    """Read the text files of the listed basins.

    A basin is incomplete without a forcing file, a streamflow file, one of the 27 descriptors, a
    training day with discharge, or forcing from the first day of each period's warm-up to its last
    day. Days without discharge are no fault.

    Parameters
    ----------
    folder : str
        In the official CAMELS layout.
    forcing : str
        A key of `camels_us.FORCING_SETS`.
    basins : str
        Path of the basin list.
    periods : dict of str to list of str
        ``train`` and ``test``: first and last day, both inclusive.
    sequence_length : int
        Days in a window, so that the warm-up has one day less.
    incomplete : {"stop", "drop"}
        ``stop`` refuses incomplete basins, ``drop`` leaves them out and says why in `basins`.
    workers : int
        Processes that read. Results do not depend on it.

    Raises
    ------
    InputError
        For a damaged file, or areas of a basin that contradict each other, whatever `incomplete`
        says; for incomplete basins with ``stop``; if no
        basin is left.
    """
    wanted = sorted(read_basin_list(basins))
    files = find_series(folder, forcing, wanted)
    attributes = read_attributes(folder).set_index("basin")
    tasks = [(basin, *(kind.get(basin) for kind in files)) for basin in wanted]
    found = dict(zip(wanted, _read_all(tasks, workers), strict=True))
    areas = {basin: area / 1e6 for basin, (_, area, _) in found.items()}
    _compare_areas(areas, attributes, folder, files)
    _report_temperatures([days for days, _, _ in found.values()], forcing)
    rows = []
    for basin, (days, area, notes) in found.items():
        reasons = _reasons(basin, days, files, attributes, periods, sequence_length)
        rows.append(_basin_row(basin, days, area, periods, reasons, notes))
    table = pd.DataFrame(rows).join(attributes[list(COORDINATES)], on="basin")
    _decide(table, incomplete, basins)
    used = list(table.loc[table["used"], "basin"])
    series = pd.concat([found[basin][0].assign(basin=basin) for basin in used], ignore_index=True)
    return Prepared(series, attributes.loc[used].reset_index(), table)


def write(prepared: Prepared, series: str, descriptors: str, basins: str) -> None:
    """Write the three tables to the given paths; the same tables give the same bytes."""
    prepared.descriptors.to_parquet(descriptors, index=False, compression="zstd")
    write_basins(prepared.basins, basins)
    write_series(prepared.series, series)
    logger.info("wrote %d basins to %s", len(prepared.descriptors), Path(series).parent)


def _read_all(tasks: list[tuple], workers: int) -> list[tuple]:
    if workers == 1:
        return _follow(map(_read_basin, tasks), len(tasks))
    with ProcessPoolExecutor(workers) as pool:
        try:
            return _follow(pool.map(_read_basin, tasks, chunksize=4), len(tasks))
        except InputError as error:
            raise InputError(str(error)) from None  # without the traceback of the other process


def _follow(results: Iterator[tuple], total: int) -> list[tuple]:
    found = []
    for number, result in enumerate(results, 1):
        found.append(result)
        if number % 50 == 0 or number == total:
            logger.info("read %d of %d basins", number, total)
    return found


def _read_basin(task: tuple) -> tuple[pd.DataFrame, float, list[str]]:
    basin, forcing_file, streamflow_file = task
    columns = [*FORCING, "discharge"]
    if not forcing_file:
        empty = pd.DataFrame({name: pd.Series(dtype=np.float32) for name in columns})
        return empty.assign(date=pd.Series(dtype="datetime64[s]")), np.nan, []
    days, area = read_forcing(forcing_file)
    days["discharge"] = np.nan
    notes = [days.attrs["note"]] if days.attrs["note"] else []
    if odd := int((days["tmax"] < days["tmin"]).sum()):
        notes.append(f"tmax is below tmin on {odd} of {len(days)} days")
    if streamflow_file:
        flow = read_streamflow(streamflow_file, basin)
        notes += _holes(flow["date"])
        flow["discharge"] = to_millimetres(flow["discharge"], area)
        # A day without forcing can be neither simulated nor learnt from.
        days = days.drop(columns="discharge").merge(flow, on="date", how="left")
    return days.astype(dict.fromkeys(columns, np.float32)), area, notes


def _holes(dates: pd.Series) -> list[str]:
    # The official format marks a missing day by its flag; a day that is not there at all is taken
    # for missing as well, and said.
    steps = dates.diff().dt.days
    return [
        f"no line of streamflow for {int(steps[at]) - 1} days before {dates[at]:%Y-%m-%d}"
        for at in steps.index[steps > 1]
    ]


def _reasons(basin, days, files, attributes, periods, sequence_length) -> list[str]:
    reasons = [
        f"no {kind} file" for kind, by_basin in zip(("forcing", "streamflow"), files, strict=True)
        if basin not in by_basin
    ]  # fmt: skip
    if basin not in attributes.index:
        reasons.append("no attributes")
    else:
        empty = attributes.loc[basin].isna()
        for kind, names in DESCRIPTORS.items():
            if missing := [name for name in names if empty[name]]:
                reasons.append(f"camels_{kind}.txt has no value of {', '.join(missing)}")
    if reasons:
        return reasons
    for name, (first, last) in periods.items():
        start = pd.Timestamp(first) - pd.Timedelta(days=sequence_length - 1)
        begin, end = days["date"].iloc[0], days["date"].iloc[-1]
        if begin > start or end < pd.Timestamp(last):
            reasons.append(
                f"forcing from {begin:%Y-%m-%d} to {end:%Y-%m-%d} does not cover periods.{name} "
                f"with its warm-up ({start:%Y-%m-%d} to {last})"
            )
    if not _valid_days(days, periods["train"]):
        reasons.append("no day with discharge in periods.train")
    return reasons


def _compare_areas(areas: dict[str, float], attributes: pd.DataFrame, folder: str, files) -> None:
    """Refuse areas [km2] of forcing files that can't be those of the attributes."""
    gages = attributes["area_gages2"].reindex(list(areas))
    ratio = pd.Series(areas) / gages
    wrong = list(ratio.index[(ratio > AREA_FACTOR) | (ratio < 1 / AREA_FACTOR)])
    if wrong:
        first, *also = wrong
        others = f"So it is for {_first_of(also, ', ')}. " if also else ""
        raise InputError(
            f"{files[0][first]}, line 3: the area is {areas[first]:g} km2, but in "
            f"{find_attributes(folder)['topo']} area_gages2 of basin {first} is {gages[first]:g}; "
            f"expected less than a factor of {AREA_FACTOR} between them, as discharge in mm/day "
            f"follows from the area. {others}Compare both with the original files, or take the "
            "basin out of the list"
        )


def _basin_row(basin, days, area, periods, reasons, notes) -> dict:
    row = {
        "basin": basin,
        "area_km2": area / 1e6,
        "first_day": days["date"].min().date() if len(days) else None,
        "last_day": days["date"].max().date() if len(days) else None,
    }
    for name, (first, last) in periods.items():
        length = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
        row[f"missing_days_{name}"] = length - _valid_days(days, (first, last))
    for name, period in periods.items():
        if not reasons and _within(days, period)["discharge"].nunique() == 1:
            notes = [*notes, f"constant discharge in periods.{name}, its NSE is undefined there"]
    return {**row, "used": not reasons, "reason": "; ".join(reasons), "note": "; ".join(notes)}


def _decide(table: pd.DataFrame, incomplete: str, basins: str) -> None:
    faulty = table[~table["used"]]
    said = _first_of([f"{row.basin}: {row.reason}" for row in faulty.itertuples()])
    stop = incomplete == "stop" and len(faulty) > 0
    if stop or len(faulty) == len(table):
        # Few lines, as the log of a failed job may be shown on the terminal.
        for reason, rows in faulty.groupby("reason"):
            logger.warning("incomplete, %s: %s", reason, ", ".join(rows["basin"]))
    if stop:
        raise InputError(
            f"{basins}: {len(faulty)} of {len(table)} basins are incomplete ({said}); the log "
            "names all. Add the files, take the basins out of the list, or set "
            "dataset.incomplete_basins: drop"
        )
    if len(faulty) == len(table):
        raise InputError(f"{basins}: no complete basin is left ({said}); the log names all")
    for row in faulty.itertuples():
        logger.warning("basin %s is left out: %s", row.basin, row.reason)
    for row in table[table["used"] & (table["note"] != "")].itertuples():
        logger.warning("basin %s: %s", row.basin, row.note)


def _first_of(said: list[str], between: str = "; ") -> str:
    """The first of many sayings, each cut, for a message that is not read if it is too long."""
    named = [text if len(text) <= LENGTH else f"{text[:LENGTH]}..." for text in said[:NAMED]]
    rest = len(said) - len(named)
    return between.join([*named, *([f"and {rest} more"] if rest else [])])


def _within(days: pd.DataFrame, period) -> pd.DataFrame:
    return days[days["date"].between(*map(pd.Timestamp, period))]


def _valid_days(days: pd.DataFrame, period) -> int:
    return int(_within(days, period)["discharge"].notna().sum())


def _report_temperatures(found: list[pd.DataFrame], forcing: str) -> None:
    same = sum(len(days) > 0 and bool((days["tmax"] == days["tmin"]).all()) for days in found)
    if same:
        logger.warning(
            "forcing %s: tmax equals tmin on every day in %d of %d basins, there is no daily range",
            forcing, same, len(found),
        )  # fmt: skip
    odd = [count for days in found if (count := int((days["tmax"] < days["tmin"]).sum()))]
    if odd:
        logger.warning(
            "forcing %s: tmax is below tmin on %d days in %d of %d basins; they are kept as they "
            "are", forcing, sum(odd), len(odd), len(found),
        )  # fmt: skip
