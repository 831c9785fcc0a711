"""A reader that does not give what is asked of it is refused, with what is wrong and where."""

import numpy as np
import pandas as pd
import pytest

from randvec.data.prepare import prepare
from randvec.data.reader import Reader, Record
from randvec.errors import InputError

PERIODS = {"train": ["2001-01-10", "2001-02-28"], "test": ["2001-03-01", "2001-03-31"]}


class Own(Reader):
    """Two basins, whose series and attributes a test may damage."""

    parallel = False
    asked = ("b", "a")

    def __init__(self, change=lambda days: days, attributes=lambda table: table):
        self.change, self.change_attributes = change, attributes

    def files(self):
        return []

    def basins(self):
        return list(self.asked)

    def record(self, basin):
        dates = pd.date_range("2001-01-01", "2001-03-31").astype("datetime64[s]")
        numbers = np.arange(len(dates), dtype=np.float32)
        days = pd.DataFrame({"date": dates, "prcp": numbers, "discharge": numbers})
        return Record(self.change(days) if basin == "b" else days, area=1.0)

    def attributes(self):
        numbers = {"slope": [1.0, 2.0], "gauge_lat": 1.0, "gauge_lon": 2.0}
        return self.change_attributes(pd.DataFrame({"basin": ["b", "a"], **numbers}))


def made(reader):
    taken = []
    descriptors = {"topography": ["slope"]}
    prepared = prepare(
        reader,
        lambda basin, days: taken.append(basin),
        descriptors=descriptors,
        periods=PERIODS,
        sequence_length=5,
        incomplete="drop",
        workers=1,
    )
    return prepared, taken


def test_basins_are_sorted_whatever_the_order_of_the_reader():
    prepared, taken = made(Own())
    assert taken == prepared.descriptors["basin"].tolist() == ["a", "b"]
    assert prepared.descriptors["slope"].tolist() == [2, 1]


def with_value(name, value):
    return lambda days: days.assign(**{name: days[name].where(days.index != 20, value)})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda days: days.drop(index=range(20, 30)), "2001-01-20 is followed by 2001-01-31"),
        (lambda days: days.loc[[*range(20), 19, *range(20, 90)]], "2001-01-20 is followed by 2001"),
        (lambda days: days[::-1], "2001-03-31 is followed by 2001-03-30"),
        (with_value("prcp", -999), "prcp is -999 on 2001-01-21"),
        (with_value("discharge", -0.5), "discharge is -0.5 on 2001-01-21"),
        (with_value("discharge", np.inf), "discharge is inf on 2001-01-21"),
        (lambda days: days.drop(columns="discharge"), "no column discharge"),
        (lambda days: days.iloc[:0], "no day, and no fault"),
        (lambda days: days.assign(date=days["date"] + pd.Timedelta(hours=9)),
         "2001-01-01T09:00:00 has a time of day"),
    ],
)  # fmt: skip
def test_a_damaged_series_is_refused(change, said):
    with pytest.raises(InputError, match=f"Own.record: basin b: {said}.*what a reader gives"):
        made(Own(change))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.drop(columns="gauge_lat"), "no column gauge_lat"),
        (lambda table: table.drop(columns="slope"), "no column slope"),
        (lambda table: table.assign(basin=[1, 2]), "basin 1 is no text"),
        (lambda table: table.assign(basin="a"), "basin a stands twice"),
    ],
)
def test_damaged_attributes_are_refused(change, said):
    with pytest.raises(InputError, match=f"Own.attributes: {said}.*what a reader gives"):
        made(Own(attributes=change))


def test_a_basin_that_stands_twice_is_refused():
    reader = Own()
    reader.asked = ("b", "a", "b")
    with pytest.raises(InputError, match=r"Own.basins: basin b stands twice"):
        made(reader)


def test_what_one_forcing_marks_is_a_value_of_another():
    """Net thermal radiation, as Caravan has it, may well be -99.99 W/m2."""
    assert made(Own(with_value("prcp", -99.99)))[1] == ["a", "b"]
