"""The store of daily series."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_series import write_series

from randvec.data import series
from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.data.series import LAYOUT, load_cube
from randvec.errors import InputError

BASINS = ("01013500", "01022500", "03015500")


def make_frame():
    """Three basins whose records start and end on different days; some discharge is missing."""
    random = np.random.default_rng(5)
    spans = (("2000-02-20", 40), ("2000-03-01", 50), ("2000-02-25", 10))
    parts = []
    for basin, (first, days) in zip(BASINS, spans, strict=True):
        part = pd.DataFrame(random.normal(size=(days, 6)), columns=[*FORCING, "discharge"])
        part = part.astype(np.float32)
        part.loc[3:5, "discharge"] = np.nan
        part.insert(0, "date", pd.date_range(first, periods=days, unit="ms"))
        part.insert(0, "basin", basin)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def path(tmp_path):
    write_series(make_frame(), tmp_path / "series.parquet")
    return tmp_path / "series.parquet"


def test_what_is_written_is_read(path):
    pd.testing.assert_frame_equal(pd.read_parquet(path), make_frame())
    assert [entry.name for entry in path.parent.iterdir()] == ["series.parquet"]


def test_missing_values_are_null_and_numbers_single(path):
    table = pq.read_table(path)
    assert table["discharge"].null_count == 9
    assert {str(table.schema.field(name).type) for name in (*FORCING, "discharge")} == {"float"}
    assert str(table.schema.field("basin").type) == "string"


def test_bytes_are_those_of_the_whole_table_written_at_once(path, tmp_path):
    """The way it was before basins were written as they are read."""
    schema = pq.read_schema(path)
    assert schema.names == ["basin", "date", *FORCING, "discharge"] and schema.metadata is None
    table = pa.Table.from_pandas(make_frame(), schema, preserve_index=False)
    plain = table.replace_schema_metadata(None)
    choices = {**LAYOUT, "row_group_size": 2**26, "use_dictionary": ["basin", *FORCING]}
    pq.write_table(plain, tmp_path / "other.parquet", **choices)
    assert (tmp_path / "other.parquet").read_bytes() == path.read_bytes()


def test_row_groups_of_whole_basins_and_small_batches_give_the_same_cube(
    path, tmp_path, monkeypatch
):
    expected = load_cube(path)
    monkeypatch.setattr(series, "GROUP", 60)
    monkeypatch.setattr(series, "BATCH", 7)
    write_series(make_frame(), tmp_path / "other.parquet")
    about = pq.read_metadata(tmp_path / "other.parquet")
    assert [about.row_group(n).num_rows for n in range(about.num_row_groups)] == [40, 60]
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "other.parquet"), make_frame())
    found = load_cube(tmp_path / "other.parquet")
    assert found.basins == expected.basins and (found.dates == expected.dates).all()
    np.testing.assert_array_equal(found.forcing, expected.forcing)
    np.testing.assert_array_equal(found.discharge, expected.discharge)


@pytest.mark.parametrize("group", [30, 2**24])
def test_where_an_exception_ends_it_the_file_stays_as_it_was(path, group, monkeypatch):
    monkeypatch.setattr(series, "GROUP", group)
    before = path.read_bytes()
    with pytest.raises(InputError), series.SeriesWriter(path) as writer:
        for basin, days in make_frame().groupby("basin"):
            writer.add(basin, days)
        begun = [entry.name for entry in path.parent.iterdir() if entry != path]
        raise InputError("a basin is damaged")
    assert begun == ([".series.parquet.partial"] if group == 30 else [])
    assert list(path.parent.iterdir()) == [path] and path.read_bytes() == before


def test_an_older_file_is_replaced_whole(path):
    write_series(make_frame()[:10], path)
    assert len(load_cube(path).dates) == 10


def test_cube_has_each_value_in_its_place(path):
    cube = load_cube(path)
    assert cube.basins == BASINS
    assert cube.dates[0] == np.datetime64("2000-02-20")
    assert cube.dates[-1] == np.datetime64("2000-04-19")
    assert (np.diff(cube.dates) == np.timedelta64(1, "D")).all()
    assert cube.forcing.dtype == cube.discharge.dtype == np.float32
    frame = make_frame()
    for row in frame.itertuples():
        at = BASINS.index(row.basin), cube.day(str(row.date.date()))
        assert cube.forcing[at].tolist() == [getattr(row, name) for name in FORCING]
        np.testing.assert_equal(cube.discharge[at], np.float32(row.discharge))
    assert np.isfinite(cube.forcing[..., 0]).sum() == len(frame)
    assert np.isfinite(cube.discharge).sum() == frame["discharge"].notna().sum()


def test_cube_of_some_basins_keeps_their_order(path):
    whole = load_cube(path)
    some = whole.take(["03015500", "01013500"])
    assert some.basins == ("03015500", "01013500")
    np.testing.assert_array_equal(some.forcing, whole.forcing[[2, 0]])
    np.testing.assert_array_equal(some.discharge, whole.discharge[[2, 0]])


def test_days_of_a_period_are_inclusive(path):
    cube = load_cube(path)
    days = cube.dates[cube.days("2000-02-28", "2000-03-01")]
    assert days.astype(str).tolist() == ["2000-02-28", "2000-02-29", "2000-03-01"]


@pytest.mark.parametrize("date", ["2000-02-19", "2000-04-20"])
def test_a_day_outside_the_record(path, date):
    said = f"{date} is outside the series, which are 2000-02-20 to 2000-04-19; choose days"
    with pytest.raises(InputError, match=said):
        load_cube(path).day(date)


def test_days_that_no_period_needs_are_left_out(tmp_path):
    path = tmp_path / "series.parquet"
    write_series(make_frame(), path)
    whole = load_cube(path)
    assert (str(whole.dates[0]), str(whole.dates[-1])) == ("2000-02-20", "2000-04-19")
    periods = [("2000-03-10", "2000-03-20"), ("2000-03-25", "2000-04-01")]
    some = load_cube(path, periods=periods, warm_up=5)
    assert (str(some.dates[0]), str(some.dates[-1])) == ("2000-03-05", "2000-04-01")
    first, last = 14, 14 + len(some.dates)
    np.testing.assert_array_equal(some.forcing, whole.forcing[:, first:last])
    np.testing.assert_array_equal(some.discharge, whole.discharge[:, first:last])
    longer = load_cube(path, periods=[("2000-02-25", "2001-01-01")], warm_up=30)
    assert longer.dates.tolist() == whole.dates.tolist()
    assert load_cube(path, periods=[("1990-01-01", "1990-02-01")]).dates.size == whole.dates.size
