"""A small CAMELS folder for the tests of the reader: three virtual catchments."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from randvec.data.prepare import prepare, write
from randvec.data.series import SeriesWriter
from randvec.data.sources import reader, with_defaults
from randvec.data.virtual.write import write_catchments

BASINS = ("01000001", "01000002", "01000003")
FIRST, LAST = "1990-10-01", "1992-12-31"
#: With their warm-up the periods need every day of the forcing.
SEQUENCE_LENGTH = 93
PERIODS = {"train": ["1991-01-01", "1991-12-31"], "test": ["1992-01-01", LAST]}


def write_camels(folder: Path) -> Path:
    """Write the catchments below `folder`; the first has no gap in its discharge, the last one."""
    write_catchments(str(folder), basins=len(BASINS), seed=1, first=FIRST, last=LAST)
    edit_lines(streamflow_file(folder, BASINS[0]), fill_gaps)
    edit_lines(streamflow_file(folder, BASINS[2]), make_gap)
    return folder


def fill_gaps(lines: list[str]) -> None:
    lines[:] = [line.replace(" -999.00 M", "    1.25 A") for line in lines]


def make_gap(lines: list[str]) -> None:
    for index in range(100, 120):
        lines[index] = f"{lines[index][:19]} -999.00 M"


def find_file(folder: Path, ending: str) -> Path:
    """The one file whose name ends so."""
    (path,) = (path for path in folder.rglob("*") if path.name.endswith(ending))
    return path


def forcing_file(folder: Path, basin: str = BASINS[0]) -> Path:
    return find_file(folder, f"{basin}_lump_maurer_forcing_leap.txt")


def streamflow_file(folder: Path, basin: str = BASINS[0]) -> Path:
    return find_file(folder, f"{basin}_streamflow_qc.txt")


def edit_lines(path: Path, change) -> None:
    """Let `change` alter the list of a file's lines; the first line has index 0."""
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n")


@dataclass(frozen=True)
class Found:
    """What `prepare` finds, with the series as one table."""

    series: pd.DataFrame
    descriptors: pd.DataFrame
    basins: pd.DataFrame


def prepare_camels(folder: Path, **changes) -> Found:
    """`prepare` with the arguments that fit, or others."""
    parts = []
    given = arguments(folder, **changes)
    prepared = prepare(take=lambda basin, days: parts.append(days.assign(basin=basin)), **given)
    series = pd.concat(parts, ignore_index=True)
    return Found(series, prepared.descriptors, prepared.basins)


def write_tables(folder: Path, place: Path, **changes) -> dict[str, bytes]:
    """The same by the functions that the workflow calls, to files; gives their bytes."""
    paths = {name: place / name for name in ("series", "descriptors", "basins")}
    with SeriesWriter(paths["series"]) as series:
        prepared = prepare(take=series.add, **arguments(folder, **changes))
        write(prepared, str(paths["descriptors"]), str(paths["basins"]))
    return {name: path.read_bytes() for name, path in paths.items()}


def arguments(folder: Path, **changes) -> dict:
    """Arguments of `prepare`, but for `take`."""
    dataset = {
        "name": "none",
        "source": "camels_us",
        "folder": str(folder),
        "forcing": changes.pop("forcing", "maurer_extended"),
        "basins": changes.pop("basins", str(folder / "basins.txt")),
    }
    dataset = with_defaults(dataset)
    given = {
        "reader": reader(dataset),
        "descriptors": dataset["descriptors"],
        "periods": PERIODS,
        "sequence_length": SEQUENCE_LENGTH,
        "incomplete": "stop",
        "workers": 1,
        "listed": dataset["basins"],
    }
    return given | changes
