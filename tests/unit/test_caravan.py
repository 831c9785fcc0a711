"""Caravan: sub-datasets side by side, csv and netCDF, old and new names, twins, damaged files."""

import logging
import pickle
import sys
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from small_caravan import (
    DAYS,
    NEW,
    OLD,
    PET,
    series,
    write_attributes,
    write_caravan,
    write_csv,
    write_netcdf,
)

from randvec.data.caravan import DESCRIPTORS, FORCINGS, Caravan
from randvec.data.caravan_twins import find_twins
from randvec.errors import InputError

NAMES = [name for group in DESCRIPTORS.values() for name in group]
BASINS = ["SECOND_1.2", "first_007", "first_102101A"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    pytest.importorskip("h5py")
    return write_caravan(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def root(whole, tmp_path):
    return copytree(whole, tmp_path / "caravan")


def reader(root, **more):
    return Caravan({"folder": str(root), **more})


def refused(call, *arguments, **more):
    with pytest.raises(InputError) as caught:
        call(*arguments, **more)
    assert len(str(caught.value)) < 1200 and str(caught.value).count("\n") < 10
    return str(caught.value)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_sub_datasets_of_any_name_are_read_side_by_side(whole):
    caravan = reader(whole)
    assert caravan.basins() == BASINS
    for basin, (seed, first, names) in zip(
        BASINS, [(3, "1981-01-01", NEW), (1, "1981-01-02", OLD), (2, "1981-01-02", OLD)],
        strict=True,
    ):  # fmt: skip
        days, expected = caravan.record(basin).days, series(seed, first, names)
        assert list(days) == ["date", *FORCINGS, "discharge"] and len(days) == DAYS
        assert days["date"].equals(expected["date"])
        for name in FORCINGS:
            np.testing.assert_array_equal(days[name], expected[name].astype(np.float32))
        np.testing.assert_array_equal(days["discharge"], expected["streamflow"].astype(np.float32))
        assert set(days.dtypes[1:]) == {np.dtype("float32")} and days["discharge"].isna().sum() == 1


def test_attributes_come_from_three_files_of_each_sub_dataset(whole):
    table = reader(whole).attributes()
    assert list(table) == ["basin", *NAMES, "gauge_lat", "gauge_lon"]
    assert list(table["basin"]) == BASINS and not table.isna().any(axis=None)
    other = pd.read_csv(whole / "attributes/first/attributes_other_first.csv", index_col=0)
    assert table.loc[1, "area"] == other.loc["first_007", "area"]
    assert reader(whole).record("first_007").area == table.loc[1, "area"]


def test_files_are_those_that_are_read(whole, tmp_path):
    files = reader(whole).files()
    assert len(files) == 3 + 2 * 3 and files == sorted(files)
    (tmp_path / "list.txt").write_text("first_007\n")
    files = reader(whole, basins=str(tmp_path / "list.txt")).files()
    assert files[0] == str(tmp_path / "list.txt") and len(files) == 1 + 1 + 3


def test_a_listed_basin_without_a_file_has_no_record(whole, tmp_path):
    (tmp_path / "list.txt").write_text("first_007\nfirst_unused\n")
    caravan = reader(whole, basins=str(tmp_path / "list.txt"))
    assert caravan.basins() == ["first_007", "first_unused"]
    assert caravan.record("first_unused") is None
    (tmp_path / "list.txt").write_text("007\n")
    said = refused(reader, whole, basins=str(tmp_path / "list.txt"))
    assert "none of its 1 basins" in said and "for example SECOND_1.2" in said


def test_old_and_new_names_stand_for_one_another(whole):
    for name, attribute in ((PET, "aridity"), (f"{PET}_ERA5_LAND", "aridity_ERA5_LAND")):
        caravan = reader(whole, forcings=[name], descriptors={"climate": [attribute]})
        assert all(list(caravan.record(b).days) == ["date", name, "discharge"] for b in BASINS)
        table = caravan.attributes()
        assert list(table)[:2] == ["basin", attribute] and not table[attribute].isna().any()


def test_names_that_only_new_versions_have(whole):
    said = refused(reader(whole, descriptors={"climate": ["pet_mean_FAO_PM"]}).attributes)
    assert "pet_mean_FAO_PM" in said and "came with Caravan 1.5" in said
    name = f"{PET}_FAO_PENMAN_MONTEITH"
    said = refused(reader(whole, forcings=[name]).record, "first_007")
    assert f"no column {name}; it has " in said and FORCINGS[0] in said


def test_negative_potential_evaporation_is_noted(root):
    write_csv(root, "first", "first_007", series().assign(**{PET: -0.3}))
    assert reader(root, forcings=[PET]).record("first_007").notes == [
        f"{PET} is negative on {DAYS} of {DAYS} days"
    ]


def test_negative_discharge_is_missing_and_noted(root):
    days = series()
    days.loc[5:6, "streamflow"] = [-0.1, -999]
    write_csv(root, "first", "first_007", days)
    record = reader(root).record("first_007")
    assert record.notes == ["negative discharge on 2 days, taken for missing"]
    assert record.days["discharge"].isna().sum() == 3


def test_columns_that_nobody_asked_for_may_hold_anything(root):
    write_csv(root, "first", "first_007", series().assign(eobs="what they like", more=np.nan))
    assert reader(root).record("first_007").days["discharge"].notna().sum() == DAYS - 1


def test_netcdf_is_read_where_a_basin_has_both(root):
    write_netcdf(root, "first", "first_007", series().assign(streamflow=1.23456))
    assert reader(root).record("first_007").days["discharge"].iloc[0] == np.float32(1.23456)


def test_netcdf_without_its_library(whole, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    assert "install the extra `netcdf`" in refused(reader(whole).record, "SECOND_1.2")


def test_packed_numbers_of_netcdf(root):
    import h5py

    with h5py.File(root / "timeseries/netcdf/second/SECOND_1.2.nc", "r+") as file:
        del file["streamflow"]
        file["streamflow"] = np.r_[-9, np.arange(DAYS - 1)].astype(np.int16)
        file["streamflow"].attrs.update(
            {"_FillValue": np.int16([-9]), "scale_factor": 0.5, "add_offset": 1.0}
        )
    discharge = reader(root).record("SECOND_1.2").days["discharge"]
    np.testing.assert_array_equal(discharge[:3], [np.nan, 1, 1.5])


def test_the_folder_of_an_archive_may_be_in_between(whole, tmp_path):
    copytree(whole, tmp_path / "data/Caravan-nc")
    assert reader(tmp_path / "data").basins() == BASINS
    copytree(whole, tmp_path / "data/Caravan-csv")
    assert "2 folders with timeseries/csv" in refused(reader, tmp_path / "data")


def test_folders_that_are_no_caravan(tmp_path):
    assert "no such folder" in refused(reader, tmp_path / "nowhere")
    assert "0 folders with" in refused(reader, tmp_path)
    (tmp_path / "timeseries/csv/first").mkdir(parents=True)
    assert "no file <sub-dataset>/<basin>.csv" in refused(reader, tmp_path)
    (tmp_path / "timeseries/csv/first/a b.csv").touch()
    assert "'a b' is no basin id" in refused(reader, tmp_path)


def test_a_basin_in_two_sub_datasets_by_its_id(root):
    write_csv(root, "third", "first_007", series())
    assert "basin first_007 has two files" in refused(reader, root)


def test_a_basin_in_two_sub_datasets_in_different_formats(root):
    path = root / "timeseries/netcdf/third/first_007.nc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    assert "basin first_007 is in two sub-datasets: " in refused(reader, root)


def test_files_that_a_file_manager_left_are_no_basins(root):
    (root / "timeseries/csv/first/._first_007.csv").write_bytes(b"\0")
    assert reader(root).basins() == BASINS


TWIN = {"gauge_lat": [48.0], "gauge_lon": [9.0], "area": [100.0]}


def with_twins(root, **change):
    write_attributes(
        root, "first", ["first_007", "first_102101A"],
        gauge_lat=[48.0, 0.0], gauge_lon=[9.0, 0.0], area=[100.0, 100.0],
    )  # fmt: skip
    write_attributes(root, "second", ["SECOND_1.2"], names=NEW, **(TWIN | change))


def test_twins_are_named_and_refused(root):
    with_twins(root, gauge_lat=[48.013], area=[104.0])  # 1.45 km away
    said = refused(reader(root).attributes)
    assert "1 basins are in two sub-datasets" in said and "SECOND_1.2 and first_007" in said
    assert "dataset.twins: keep" in said


def test_twins_may_be_kept_and_are_noted(root, caplog):
    with_twins(root)
    caravan = reader(root, twins="keep")
    with caplog.at_level(logging.WARNING):
        assert len(caravan.attributes()) == 3
    assert "SECOND_1.2 and first_007" in caplog.text
    assert caravan.record("first_007").notes == ["the same gauge as SECOND_1.2"]
    assert caravan.record("first_102101A").notes == []


def test_a_twin_that_is_not_listed_does_not_matter(root, tmp_path):
    with_twins(root)
    (tmp_path / "list.txt").write_text("first_007\nfirst_102101A\n")
    assert len(reader(root, basins=str(tmp_path / "list.txt")).attributes()) == 2


@pytest.mark.parametrize("change", [{"gauge_lat": [48.014]}, {"area": [106.0]}, {"area": [94.9]}])
def test_no_twins(root, change):
    with_twins(root, **change)  # 1.56 km away, or 5.1 to 5.7 % apart
    assert reader(root).twins == []


def test_gauges_across_the_date_line_are_near_and_unknown_places_are_not():
    gauges = pd.DataFrame(
        {"basin": ["a", "b", "c"], "sub_dataset": ["x", "y", "y"], "area": 9.0,
         "gauge_lat": [0.0, 0.0, np.nan], "gauge_lon": [179.999, -179.999, 0.0]}
    )  # fmt: skip
    assert find_twins(gauges) == [("a", "b")]
    assert find_twins(gauges.assign(sub_dataset="x")) == []
    assert find_twins(gauges.assign(area=np.nan)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1981-01-05", "1981-01-04", "1981-01-04 after 1981-01-04: a day is doubled"),
        ("1981-01-05", "1981-01-03", "line 5: 1981-01-03 after 1981-01-04: a day is out of"),
        ("1981-01-05", "05.01.1981", "line 5: date is '05.01.1981', expected a day as"),
        ("1981-01-05", "1981-02-30", "line 5: date is '1981-02-30', expected a day as"),
        ("1981-01-05", "", "line 5: date is '', expected a day as"),
        ("1981-01-05,", "1981-01-05,x", "line 5: total_precipitation_sum is 'x"),
        ("1981-01-05,", "1981-01-05,inf", "line 5: total_precipitation_sum is 'inf"),
        ("1981-01-05,", "1981-01-05,-99", "line 5: total_precipitation_sum is -99"),
        ("1981-01-05,", "", "line 5: 7 values, expected 8"),
        ("streamflow", "flow", "no column streamflow; it has "),
        ("date,", "day,", "line 1: expected one column date, found day"),
        ("temperature_2m_max", "temperature_2m_min", "no column temperature_2m_max"),
    ],
)
def test_damaged_csv(root, old, new, said):
    path = root / "timeseries/csv/first/first_007.csv"
    edit(path, old, new)
    found = refused(reader(root).record, "first_007")
    assert found.startswith(str(path)) and said in found


def test_csv_with_a_missing_day_a_cut_end_or_nothing_in_it(root):
    path = root / "timeseries/csv/first/first_007.csv"
    text = path.read_bytes()
    lines = text.splitlines(keepends=True)
    for content, said in [
        (b"".join(lines[:4] + lines[6:]), "1981-01-07 after 1981-01-04: days are missing, 2 of"),
        (text[:-3], "the file ends without a line end and may be cut"),
        (lines[0], "no line after the names of the columns"),
        (b"", "the file is empty"),
        (text.decode().encode("utf-16"), "line 1: found byte 0xff, expected text in UTF-8"),
    ]:
        path.write_bytes(content)
        assert said in refused(reader(root).record, "first_007")
    path.write_bytes(b"\xef\xbb\xbf# a comment\n" + text.replace(b"\n", b"\r\n"))
    assert len(reader(root).record("first_007").days) == DAYS


def test_damaged_netcdf(root):
    import h5py

    path = root / "timeseries/netcdf/second/SECOND_1.2.nc"
    content = path.read_bytes()

    def changed(change):
        path.write_bytes(content)
        with h5py.File(path, "r+") as file:
            change(file)
        found = refused(reader(root).record, "SECOND_1.2")
        assert found.startswith(str(path))
        return found

    def set_dates(file, values):
        file["date"][...] = values

    def set_value(column, at, value):
        column[at] = value

    def shorten(file):
        del file["streamflow"]
        file["streamflow"] = np.zeros(3, np.float32)

    def name_days(file):
        del file["date"]
        file["date"] = np.array([b"1981-01-01"] * DAYS)

    def widen(file):
        flow = file["streamflow"][:]
        del file["streamflow"]
        file["streamflow"] = flow[:, None]

    assert "'hours since 1981" in changed(
        lambda file: file["date"].attrs.update(units="hours since 1981-01-01 00:00:00")
    )
    assert "calendar 'noleap'" in changed(lambda f: f["date"].attrs.update(calendar="noleap"))
    assert "doubled" in changed(lambda file: set_dates(file, np.r_[0, np.arange(DAYS - 1)]))
    assert "days are missing, 1" in changed(lambda f: set_dates(f, np.r_[0, 2 : DAYS + 1]))
    assert "1981-01-03: temperature_2m_max is -999, expected -100 to 70 degC" in changed(
        lambda file: set_value(file["temperature_2m_max"], 2, -999)
    )
    assert "no column streamflow" in changed(lambda file: file.pop("streamflow"))
    assert "no column date" in changed(lambda file: file.pop("date"))
    assert "date holds no numbers" in changed(name_days)
    assert "streamflow has 2 dimensions, expected the days alone" in changed(widen)
    assert "different lengths" in changed(shorten)
    for part in (content[:2000], b"", b"CDF\x01 an older netCDF"):
        path.write_bytes(part)
        assert "can't be read as netCDF-4" in refused(reader(root).record, "SECOND_1.2")


@pytest.mark.parametrize(
    ("kind", "old", "new", "said"),
    [
        ("caravan", "\nfirst_102101A", "\nfirst_007", "basin first_007 stands twice"),
        ("caravan", "first_007,", "first_007,few", "line 2: p_mean is 'few"),
        ("other", "first_007,", "first_007,1,", "line 2: 7 values, expected 6"),
        ("caravan", "first_102101A", "first 102101A", "'first 102101A', which is no id"),
        ("hydroatlas", "gauge_id", "id", "line 1: expected one column gauge_id, found id"),
    ],
)
def test_damaged_attributes(root, kind, old, new, said):
    path = root / f"attributes/first/attributes_{kind}_first.csv"
    edit(path, old, new)
    found = refused(reader(root).attributes)
    assert found.startswith(str(path)) and said in found


@pytest.mark.parametrize(
    ("name", "value", "refusing"),
    [("ele_mt_sav", -999, True), ("slp_dg_sav", -99, True), ("area", -9999, True),
     ("gauge_lat", -99.99, True), ("gauge_lon", -999, True), ("cmi_ix_syr", -999, True),
     ("gauge_lon", -99, False), ("cmi_ix_syr", -99, False), ("tmp_dc_smn", -99, False),
     ("slp_dg_sav", 0, False), ("slp_dg_sav", -1, False)],
)  # fmt: skip
def test_marks_for_missing_values_among_the_attributes(root, name, value, refusing):
    write_attributes(root, "first", ["first_007", "first_102101A"], **{name: [value, 5]})
    descriptors = {"land": ["area" if name.startswith("gauge_") else name]}
    read = reader(root, descriptors=descriptors).attributes
    if refusing:
        assert f"line 2: {name} of basin first_007 is {value}, which looks like a m" in refused(
            read
        )
    else:
        assert read().set_index("basin").loc["first_007", name] == value


def test_a_basin_in_the_attributes_of_two_sub_datasets(root):
    write_attributes(root, "second", ["SECOND_1.2", "first_007"], names=NEW)
    assert "basin first_007 stands in first and second" in refused(reader(root).attributes)


def test_a_sub_dataset_without_hydroatlas_lacks_its_values(root, caplog):
    (root / "attributes/first/attributes_hydroatlas_first.csv").unlink()
    table = reader(root).attributes().set_index("basin")
    assert table.loc["first_007", ["ele_mt_sav", "pet_mm_syr"]].isna().all()
    assert table.loc["first_007", ["p_mean", "area"]].notna().all()
    assert table.loc["SECOND_1.2"].notna().all()
    assert "first: its attribute files (attributes_caravan_first.csv, " in caplog.text
    (root / "attributes/second/attributes_hydroatlas_second.csv").unlink()
    assert "no attribute file of first, second has a column" in refused(reader(root).attributes)


def test_an_empty_attribute_is_missing_and_a_name_in_another_encoding_does_not_matter(root):
    path = root / "attributes/first/attributes_other_first.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    path = root / "attributes/first/attributes_caravan_first.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "first_007,,,,,,,", *lines[2:], ""]))
    assert reader(root).attributes().set_index("basin")["p_mean"].isna().tolist() == [0, 1, 0]


def test_a_reader_can_be_sent_to_another_process(whole):
    caravan = pickle.loads(pickle.dumps(reader(whole)))
    assert len(caravan.record("SECOND_1.2").days) == DAYS
