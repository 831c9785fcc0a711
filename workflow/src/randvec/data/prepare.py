"""Text files to tables: the series, the descriptors, and what was found in each basin."""

import logging
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data import camels_us
from randvec.data.series import FORCING, write_series
from randvec.errors import InputError

logger = logging.getLogger(__name__)


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
        For a damaged file whatever `incomplete` says; for incomplete basins with ``stop``; if no
        basin is left.
    """
    wanted = sorted(camels_us.read_basin_list(basins))
    files = camels_us.find_series(folder, forcing)
    attributes = camels_us.read_attributes(folder).set_index("basin")
    tasks = [(basin, *(kind.get(basin) for kind in files)) for basin in wanted]
    found = dict(zip(wanted, _read_all(tasks, workers), strict=True))
    if all(_same_temperatures(days) for days, _ in found.values()):
        logger.warning("tmax equals tmin on every day: forcing %s has no daily range", forcing)
    rows = []
    for basin, (days, area) in found.items():
        reasons = _reasons(basin, days, files, attributes, periods, sequence_length)
        rows.append(_basin_row(basin, days, area, periods, reasons))
    table = pd.DataFrame(rows)
    _decide(table, incomplete)
    used = list(table.loc[table["used"], "basin"])
    series = pd.concat([found[basin][0].assign(basin=basin) for basin in used], ignore_index=True)
    return Prepared(series, attributes.loc[used].reset_index(), table)


def write(prepared: Prepared, series: str, descriptors: str, basins: str) -> None:
    """Write the three tables to the given paths; the same tables give the same bytes."""
    prepared.descriptors.to_parquet(descriptors, index=False, compression="zstd")
    prepared.basins.to_csv(basins, index=False, lineterminator="\n")
    write_series(prepared.series, series)
    logger.info("wrote %d basins to %s", len(prepared.descriptors), Path(series).parent)


def _read_all(tasks: list[tuple], workers: int) -> list[tuple]:
    results = []
    with ProcessPoolExecutor(workers) as pool:
        for number, result in enumerate(pool.map(_read_basin, tasks, chunksize=4), 1):
            results.append(result)
            if number % 50 == 0 or number == len(tasks):
                logger.info("read %d of %d basins", number, len(tasks))
    return results


def _read_basin(task: tuple) -> tuple[pd.DataFrame, float]:
    basin, forcing_file, streamflow_file = task
    days = pd.DataFrame({name: pd.Series(dtype=float) for name in (*FORCING, "discharge")})
    days.insert(0, "date", pd.Series(dtype="datetime64[s]"))
    area = np.nan
    if forcing_file:
        days, area = camels_us.read_forcing(forcing_file)
        days["discharge"] = np.nan
    if streamflow_file and forcing_file:
        flow = camels_us.read_streamflow(streamflow_file, basin)
        flow["discharge"] = camels_us.to_millimetres(flow["discharge"], area)
        # A day without forcing can be neither simulated nor learnt from.
        days = days.drop(columns="discharge").merge(flow, on="date", how="left")
    return days, area


def _reasons(basin, days, files, attributes, periods, sequence_length) -> list[str]:
    reasons = [
        f"no {kind} file" for kind, by_basin in zip(("forcing", "streamflow"), files, strict=True)
        if basin not in by_basin
    ]  # fmt: skip
    if basin not in attributes.index:
        reasons.append("no attributes")
    else:
        empty = attributes.loc[basin].isna()
        reasons += [f"no value of {name}" for name in attributes.columns[empty]]
    if reasons:
        return reasons
    forced = days.loc[days["prcp"].notna(), "date"]
    for name, (first, last) in periods.items():
        start = pd.Timestamp(first) - pd.Timedelta(days=sequence_length - 1)
        if forced.iloc[0] > start or forced.iloc[-1] < pd.Timestamp(last):
            reasons.append(
                f"forcing from {forced.iloc[0]:%Y-%m-%d} to {forced.iloc[-1]:%Y-%m-%d} does not "
                f"cover periods.{name} with its warm-up ({start:%Y-%m-%d} to {last})"
            )
    if not _valid_days(days, periods["train"]):
        reasons.append("no day with discharge in periods.train")
    return reasons


def _basin_row(basin, days, area, periods, reasons) -> dict:
    recorded = days.loc[days["prcp"].notna(), "date"]
    row = {
        "basin": basin,
        "area_km2": area / 1e6,
        "first_day": recorded.min().date() if len(recorded) else None,
        "last_day": recorded.max().date() if len(recorded) else None,
    }
    for name, (first, last) in periods.items():
        length = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
        row[f"missing_days_{name}"] = length - _valid_days(days, (first, last))
    constant = {
        name: not reasons and _within(days, period)["discharge"].nunique() == 1
        for name, period in periods.items()
    }
    notes = [f"constant discharge in periods.{name}" for name, flat in constant.items() if flat]
    return {**row, "used": not reasons, "reason": "; ".join(reasons), "note": "; ".join(notes)}


def _decide(table: pd.DataFrame, incomplete: str) -> None:
    faulty = table[~table["used"]]
    said = "; ".join(f"{row.basin}: {row.reason}" for row in faulty.itertuples())
    if len(faulty) and incomplete == "stop":
        raise InputError(
            f"{len(faulty)} of {len(table)} basins are incomplete ({said}). Add the files, take the "
            "basins out of the list, or set dataset.incomplete_basins: drop"
        )
    if len(faulty) == len(table):
        raise InputError(f"no complete basin is left ({said})")
    for row in faulty.itertuples():
        logger.warning("basin %s is left out: %s", row.basin, row.reason)
    for row in table[table["note"] != ""].itertuples():
        logger.warning("basin %s: %s; its NSE is undefined there", row.basin, row.note)


def _within(days: pd.DataFrame, period) -> pd.DataFrame:
    return days[days["date"].between(*map(pd.Timestamp, period))]


def _valid_days(days: pd.DataFrame, period) -> int:
    return int(_within(days, period)[["prcp", "discharge"]].notna().all(axis=1).sum())


def _same_temperatures(days: pd.DataFrame) -> bool:
    return len(days) > 0 and bool((days["tmax"].dropna() == days["tmin"].dropna()).all())
