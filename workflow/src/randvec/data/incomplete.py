"""What basins lack, and what is done about those that lack something."""

import logging
from collections.abc import Mapping, Sequence

import pandas as pd

from randvec.data.reader import Reader, Record
from randvec.errors import InputError, first_of

logger = logging.getLogger(__name__)

#: Basins that a message names, and characters that it has for each.
NAMED, LENGTH = 6, 150

#: A note of more basins than this is said once in the log.
OFTEN = 5


def lacking(
    reader: Reader,
    basin: str,
    record: Record,
    attributes: pd.DataFrame,
    descriptors: Mapping[str, Sequence[str]],
) -> list[str]:
    """What a basin has no file, or no value of; nothing if it is complete.

    Parameters
    ----------
    reader : Reader
        Which says what holds a descriptor.
    basin : str
    record : Record
    attributes : DataFrame
        By basin, as `randvec.data.reader_check.attributes_of` gives them.
    descriptors : mapping of group to names
    """
    found = list(record.faults)
    if basin not in attributes.index:
        return [*found, "no attributes"]
    empty = attributes.loc[basin].isna()
    missing: dict[str, list[str]] = {}
    for name in (name for group in descriptors.values() for name in group if empty[name]):
        missing.setdefault(reader.holder(name), []).append(name)
    return found + [f"{what} has no value of {', '.join(of)}" for what, of in missing.items()]


def uncovered(days: pd.DataFrame, periods: dict, sequence_length: int) -> list[str]:
    """Which periods lack forcing, from their warm-up to their last day.

    Parameters
    ----------
    days : DataFrame
        date, forcings and discharge of a basin.
    periods : dict of str to list of str
        First and last day, by name.
    sequence_length : int
        Days in a window.
    """
    reasons = []
    begin, end = days["date"].iloc[0], days["date"].iloc[-1]
    for name, (first, last) in periods.items():
        start = pd.Timestamp(first) - pd.Timedelta(days=sequence_length - 1)
        if begin > start or end < pd.Timestamp(last):
            reasons.append(
                f"forcing from {begin:%Y-%m-%d} to {end:%Y-%m-%d} does not cover {name} "
                f"with its warm-up ({start:%Y-%m-%d} to {last})"
            )
        elif gaps := _gaps(days, start, last):
            reasons.append(
                f"{gaps} are missing within {name} and its warm-up ({start:%Y-%m-%d} to {last})"
            )
    return reasons


def _gaps(days: pd.DataFrame, first: pd.Timestamp, last: str) -> str:
    """Days without a forcing, by forcing; empty if there are none."""
    forcing = within(days, (first, last)).drop(columns=["date", "discharge"])
    missing = forcing.isna().sum()
    return ", ".join(f"{count} days of {name}" for name, count in missing[missing > 0].items())


def check_incomplete(table: pd.DataFrame, incomplete: str, listed: str) -> None:
    """Refuse incomplete basins, or say which are left out, and what else was noted.

    Parameters
    ----------
    table : DataFrame
        A row a basin: basin, used, reason, note.
    incomplete, listed
        As `randvec.data.prepare.prepare` takes them.

    Raises
    ------
    InputError
        For incomplete basins with ``stop``, or if none is left.
    """
    faulty = table[~table["used"]]
    reasons = [_cut(f"{row.basin}: {row.reason}") for row in faulty.itertuples()]
    said = first_of(reasons, NAMED, "; ")
    stop = incomplete == "stop" and len(faulty) > 0
    if stop or len(faulty) == len(table):
        # Few lines, as the log of a failed job may be shown on the terminal.
        for reason, rows in faulty.groupby("reason"):
            logger.warning("incomplete, %s: %s", reason, ", ".join(rows["basin"]))
    if len(faulty) == len(table) > 1 and faulty["reason"].nunique() == 1:
        raise InputError(
            f"{listed}: all {len(table)} basins are incomplete: {_cut(faulty['reason'].iloc[0])}; "
            "choose other periods, or complete the files"
        )
    if stop:
        raise InputError(
            f"{listed}: {len(faulty)} of {len(table)} basins are incomplete ({said}); the log "
            "names all. Add the files, take the basins out of the list, or set "
            "dataset.incomplete_basins: drop"
        )
    if len(faulty) == len(table):
        raise InputError(f"{listed}: no complete basin is left ({said}); the log names all")
    if len(faulty):
        said = f"{len(faulty)} of {len(table)} basins are left out, basins.csv says why"
        logger.warning(said, extra={"terminal": True})
    for row in faulty.itertuples():
        logger.warning("basin %s is left out: %s", row.basin, row.reason)
    for note, rows in table[table["used"] & (table["note"] != "")].groupby("note"):
        named = rows["basin"].tolist() if len(rows) <= OFTEN else [f"{len(rows)} of {len(table)}"]
        logger.warning("basin %s: %s", ", ".join(named), note)


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else f"{text[:LENGTH]}..."


def within(days: pd.DataFrame, period: Sequence) -> pd.DataFrame:
    """The days from the first to the last of a period."""
    return days[days["date"].between(*map(pd.Timestamp, period))]
