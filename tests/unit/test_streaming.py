"""Series are written as they are read: few at a time, and nothing of a run that stops."""

import time
import weakref
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from small_camels import BASINS, PERIODS, edit_lines, forcing_file, write_tables

from randvec.data import prepare as module
from randvec.data import series
from randvec.data.prepare import prepare
from randvec.data.reader import Reader, Record
from randvec.errors import InputError

MANY = [f"{number:03d}" for number in range(40)]


class Counted(Record):
    """A record that is known for as long as it is in memory, read or received."""

    made: ClassVar = []

    def __new__(cls, *_):
        record = super().__new__(cls)
        cls.made.append(weakref.ref(record))
        return record


class Many(Reader):
    """More basins than may be in memory at a time."""

    def __init__(self):
        self.areas = None

    def files(self):
        return []

    def basins(self):
        return MANY

    def record(self, basin):
        date = pd.date_range("1990-01-01", "1992-12-31", unit="s")
        discharge = np.arange(len(date), dtype=np.float32)
        return Counted(pd.DataFrame({"date": date, "discharge": discharge}), float(basin))

    def attributes(self):
        table = pd.DataFrame({"basin": MANY})
        return table.assign(gauge_lat=1.0, gauge_lon=2.0)

    def check(self, areas):
        self.areas = dict(areas)


@pytest.mark.parametrize("workers", [1, 2])
def test_few_records_are_in_memory_at_a_time(workers, monkeypatch):
    monkeypatch.setattr(module, "AHEAD", 3)
    held = []

    def take(basin, days):
        time.sleep(0.02)  # so long that two processes would read far ahead
        held.append(sum(record() is not None for record in Counted.made))

    reader = Many()
    prepared = prepare(reader, take, {}, PERIODS, 93, "stop", workers)
    assert len(held) == len(prepared.basins) == 40
    assert max(held) <= {1: 2, 2: 6}[workers]
    assert reader.areas == {basin: float(basin) for basin in MANY}


@pytest.fixture(params=[10, 2**24])
def place(request, tmp_path, monkeypatch):
    """Where tables of an earlier run lie; some of the series are written before the run stops."""
    monkeypatch.setattr(series, "GROUP", request.param)
    for name in ("series", "descriptors", "basins"):
        (tmp_path / "made" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "made" / name).write_text("of an earlier run")
    return tmp_path / "made"


def no_file(folder):
    forcing_file(folder, BASINS[2]).unlink()


def no_line(folder):
    edit_lines(forcing_file(folder, BASINS[2]), lambda lines: lines.pop(99))


def no_area(folder):
    def change(lines):
        lines[2] = f"{lines[2].strip()}0"

    edit_lines(forcing_file(folder, BASINS[2]), change)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("damage", "said"),
    [(no_file, "no forcing file"), (no_line, "line 100: "), (no_area, "line 3: the area is ")],
)
def test_a_stop_leaves_what_was_there_and_no_temporary_file(folder, place, damage, said, workers):
    damage(folder)
    with pytest.raises(InputError, match=said):
        write_tables(folder, place, workers=workers)
    assert sorted(path.name for path in place.iterdir()) == ["basins", "descriptors", "series"]
    assert {path.read_text() for path in place.iterdir()} == {"of an earlier run"}


def test_basins_left_out_are_in_no_row_of_the_file(folder, place):
    no_file(folder)
    write_tables(folder, place, incomplete="drop")
    table = pd.read_parquet(place / "series")
    assert table["basin"].unique().tolist() == list(BASINS[:2])
