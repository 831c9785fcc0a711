"""CAMELS-CH and CAMELS-DE: right numbers from right files, and the traps of their layouts."""

import pickle
import random

import numpy as np
import pandas as pd
import pytest
from small_camels_csv import CH, DE, write_ch, write_de

from randvec.data import camels_ch, camels_de
from randvec.data.camels_ch import CamelsCH
from randvec.data.camels_de import CamelsDE
from randvec.errors import InputError

SOURCES = {"ch": (camels_ch, CamelsCH), "de": (camels_de, CamelsDE)}


def reader(source, folder, **changes):
    module, kind = SOURCES[source]
    forcings, descriptors = list(module.FORCINGS), dict(module.DESCRIPTORS)
    usual = {"folder": str(folder), "forcings": forcings, "descriptors": descriptors}
    return kind(usual | changes)


@pytest.fixture
def ch(tmp_path):
    return write_ch(tmp_path / "ch")


@pytest.fixture
def de(tmp_path):
    return write_de(tmp_path / "de")


def listed(tmp_path, *basins):
    path = tmp_path / "list.txt"
    path.write_text("\n".join(basins) + "\n")
    return str(path)


def edit(path, old, new, encoding="latin-1"):
    text = path.read_text(encoding=encoding)
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding=encoding)


# Right files


def test_swiss_days_are_what_the_lines_say(ch):
    record = reader("ch", ch).record("2009")
    path = ch / "timeseries/observation_based/CAMELS_CH_obs_based_2009.csv"
    lines = [line.split(",") for line in path.read_text().splitlines()[1:]]
    days = record.days
    assert list(days) == ["date", *camels_ch.FORCINGS, "discharge"]
    assert days["date"].dtype == "datetime64[s]" and set(days.dtypes[1:]) == {np.dtype("float32")}
    assert days["date"].dt.strftime("%Y-%m-%d").tolist() == [line[0] for line in lines]
    columns = {"precipitation": 4, "rel_sun_dur": 8, "temperature_max": 7, "temperature_min": 5}
    for name, column in {**columns, "discharge": 2}.items():
        expected = np.array([line[column] for line in lines], np.float32)
        np.testing.assert_array_equal(days[name], expected)
    assert np.isnan(days["discharge"][:4]).all() and not days["discharge"][4:].isna().any()
    assert record.notes == [] and record.area > 0


def test_german_days_are_what_the_lines_say(de):
    days = reader("de", de).record("DEA10000").days
    assert list(days) == ["date", *camels_de.FORCINGS, "discharge"]
    path = de / "timeseries/CAMELS_DE_hydromet_timeseries_DEA10000.csv"
    lines = [line.split(",") for line in path.read_text().splitlines()]
    for name in camels_de.FORCINGS:
        column = lines[0].index(name)
        np.testing.assert_array_equal(days[name], np.float32([r[column] for r in lines[1:]]))
    expected = [np.nan if row[2] == "" else float(row[2]) for row in lines[1:]]
    np.testing.assert_array_equal(days["discharge"], np.float32(expected))


@pytest.mark.parametrize(("source", "basins"), [("ch", CH), ("de", DE)])
def test_attributes_are_what_the_lines_say(source, basins, request):
    table = reader(source, request.getfixturevalue(source)).attributes()
    names = [name for group in SOURCES[source][0].DESCRIPTORS.values() for name in group]
    assert list(table) == ["basin", *names, "gauge_lat", "gauge_lon"]
    assert list(table["basin"]) == list(basins) and table["basin"].dtype == "str"
    assert list(table["gauge_lat"]) == [float(f"47.{row}") for row in range(len(basins))]
    assert (table.drop(columns="basin").dtypes == np.float64).all()
    assert list(table["elev_mean"]) == [10.25 + row for row in range(len(basins))]
    area = reader(source, request.getfixturevalue(source)).record(basins[1]).area
    assert area == table["area"][1]


@pytest.mark.parametrize("source", SOURCES)
def test_columns_of_ones_own_choice(source, request):
    own = {"forcings": ["temperature_mean"], "descriptors": {"size": ["area"]}}
    found = reader(source, request.getfixturevalue(source), **own)
    basin = found.basins()[0]
    assert list(found.record(basin).days) == ["date", "temperature_mean", "discharge"]
    assert list(found.attributes()) == ["basin", "area", "gauge_lat", "gauge_lon"]
    assert len([path for path in found.files() if "attributes" in path]) == 1


def test_files_are_those_that_are_read(ch, tmp_path):
    basins = listed(tmp_path, "5002", "2009", "2999")
    files = reader("ch", ch, basins=basins).files()
    assert files[0] == basins and files[1:] == sorted(files[1:])
    assert [f[-8:-4] for f in files if "obs_based" in f] == ["2009", "5002"]
    kinds = [f.rpartition("CAMELS_CH_")[2].partition("_")[0] for f in files if "attributes/" in f]
    assert kinds == ["climate", "geology", "landcover", "soil", "topographic"]


@pytest.mark.parametrize("below", [".", "data", "data/camels"])
def test_the_folder_may_lie_two_levels_down(tmp_path, below):
    write_ch(tmp_path / "top" / below)
    found = reader("ch", tmp_path / "top")
    assert found.basins() and found.record("2009") and len(found.attributes()) == len(CH)


def test_german_attributes_may_lie_in_a_folder_of_theirs(de):
    (de / "attributes").mkdir()
    for path in de.glob("*.csv"):
        path.rename(de / "attributes" / path.name)
    assert len(reader("de", de).attributes()) == len(DE)


def test_the_older_swiss_layout(ch):
    expected = reader("ch", ch)
    record, attributes = expected.record("2009"), expected.attributes()
    (ch / "timeseries").rename(ch / "time_series")
    for path in ch.rglob("*.csv"):
        text = path.read_bytes()
        first = text.index(b"\n") + 1 if text.startswith(b"#") else 0
        path.write_bytes(text[:first] + text[first:].replace(b",", b";"))
    found = reader("ch", ch)
    pd.testing.assert_frame_equal(found.record("2009").days, record.days)
    pd.testing.assert_frame_equal(found.attributes(), attributes)


def test_a_reader_goes_to_other_processes(ch):
    found = reader("ch", ch)
    found.basins()
    again = pickle.loads(pickle.dumps(found))
    pd.testing.assert_frame_equal(again.record("2009").days, found.record("2009").days)


# Traps


def test_lakes_are_left_out_but_for_a_list_that_names_them(ch, tmp_path):
    assert reader("ch", ch).basins() == ["2009", "2446", "5002"]
    assert reader("ch", ch, basins=listed(tmp_path, "2009", "2004")).basins() == ["2004", "2009"]


def test_a_basin_without_file_is_none(ch):
    assert reader("ch", ch).record("2999") is None


def test_negative_discharge_is_missing_and_said(ch):
    record = reader("ch", ch).record("2446")
    assert np.isnan(record.days["discharge"][7]) and record.days["discharge"].isna().sum() == 5
    assert record.notes[-1] == "discharge is negative on 1 of 60 days, taken for missing"
    assert "canal between two lakes" in record.notes[0]


def test_marks_of_other_data_sets(ch):
    """-999 is negative discharge, which is missing; what can't be is refused."""
    path = ch / "timeseries/observation_based/CAMELS_CH_obs_based_2009.csv"
    edit(path, "1981-01-06,0.50,0.50", "1981-01-06,0.50,-999")
    record = reader("ch", ch).record("2009")
    assert np.isnan(record.days["discharge"][5])
    assert record.notes == ["discharge is negative on 1 of 60 days, taken for missing"]
    edit(path, "1981-01-07,0.60,0.60", "1981-01-07,0.60,99999")
    with pytest.raises(InputError, match=r"line 8: discharge_spec.* is 99999, expected -10000 to"):
        reader("ch", ch).record("2009")
    edit(path, "0.60,99999,400.00,6.00", "0.60,0.60,400.00,-99.00")
    with pytest.raises(InputError, match=r"line 8: precipitation.* is -99, expected 0 to 2000 mm"):
        reader("ch", ch).record("2009")


def test_copies_beside_the_files_are_no_basins(de):
    series = de / "timeseries"
    path = series / "CAMELS_DE_hydromet_timeseries_DE110000.csv"
    (series / f"{path.stem} (1).csv").write_bytes(path.read_bytes())
    assert reader("de", de).basins() == list(DE)


def test_what_the_authors_doubt_is_said(ch):
    series = ch / "timeseries/observation_based"
    (series / "CAMELS_CH_obs_based_2009.csv").rename(series / "CAMELS_CH_obs_based_2327.csv")
    (note,) = reader("ch", ch).record("2327").notes
    assert note.startswith("discharge since 1999 is irregular")


def test_a_stream_without_temperatures_has_none(ch):
    days = reader("ch", ch).record("5002").days
    assert days[["temperature_max", "temperature_min"]].isna().all(axis=None)
    assert not days["precipitation"].isna().any()


def test_latin_1_and_utf_8_give_the_same_swiss_attributes(ch):
    path = ch / "static_attributes/CAMELS_CH_topographic_attributes.csv"
    assert "Zürich".encode("latin-1") in path.read_bytes()
    expected = reader("ch", ch).attributes()
    path.write_text("\ufeff" + path.read_text(encoding="latin-1"), encoding="utf-8")
    pd.testing.assert_frame_equal(reader("ch", ch).attributes(), expected)


def test_attributes_without_comment_line_and_with_windows_line_ends(ch):
    expected = reader("ch", ch).attributes()
    for path in (ch / "static_attributes").glob("*.csv"):
        text = path.read_bytes().split(b"\n", 1)[1]
        path.write_bytes(text.replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(reader("ch", ch).attributes(), expected)


def test_simulated_discharge_beside_is_not_read(de):
    found = reader("de", de)
    assert found.basins() == list(DE)
    assert not any("_sim_" in path for path in found.files())


def test_warmest_below_coldest_is_kept_and_said(de):
    path = de / "timeseries/CAMELS_DE_hydromet_timeseries_DE110000.csv"
    lines = path.read_text().splitlines()
    lines[5] = lines[5].rsplit(",", 1)[0] + ",-30.00"
    path.write_text("\n".join(lines) + "\n")
    record = reader("de", de).record("DE110000")
    assert record.days["temperature_max"][4] == -30
    assert record.notes == ["temperature_max is below temperature_min on 1 of 60 days"]


def test_a_missing_attribute_is_nan(de):
    edit(de / "CAMELS_DE_soil_attributes.csv", "DEA10000,11.25,", "DEA10000,,", "utf-8")
    table = reader("de", de).attributes().set_index("basin")
    assert np.isnan(table.loc["DEA10000", "clay_0_30cm_mean"])
    assert table.isna().sum().sum() == 1


# What a configuration may not ask for


@pytest.mark.parametrize(("source", "level"), [("ch", "waterlevel"), ("de", "water_level_obs")])
def test_forcings_that_there_are_not_or_that_tell_the_discharge(source, level, tmp_path):
    for name in ("vp", level, "discharge"):
        with pytest.raises(InputError) as caught:
            reader(source, tmp_path, forcings=[name])
        assert str(caught.value).startswith("dataset.forcings: CAMELS-")
        assert f"has no {name}; it has precipitation" in str(caught.value)


@pytest.mark.parametrize("name", ["q_mean", "nothing"])
def test_descriptors_that_there_are_not(ch, name):
    with pytest.raises(InputError, match=f"^dataset.descriptors: no columns {name}, looked in "):
        reader("ch", ch, descriptors={"some": [name]}).attributes()


def test_a_descriptor_of_text_is_refused(ch):
    with pytest.raises(InputError, match="line 3: dominant is 'crop_perc', expected a number"):
        found = reader("ch", ch, descriptors={"climate": ["p_mean"], "some": ["dominant"]})
        for path in (ch / "static_attributes").glob("*.csv"):
            if "climate" not in path.name and "topographic" not in path.name:
                path.unlink()
        found.attributes()


def test_a_folder_that_is_not_there_or_holds_something_else(tmp_path):
    with pytest.raises(InputError, match="no such folder; put or link CAMELS-CH there"):
        reader("ch", tmp_path / "none").basins()
    (tmp_path / "else").mkdir()
    (tmp_path / "else/camels.zip").touch()
    with pytest.raises(InputError, match=r"no series of CAMELS-DE; .* found camels\.zip"):
        reader("de", tmp_path / "else").files()


def test_attributes_that_are_not_there(ch):
    (ch / "static_attributes/CAMELS_CH_topographic_attributes.csv").unlink()
    for ask in ("basins", "files"):
        with pytest.raises(InputError, match=r"static_attributes: no CAMELS_CH_topographic_attri"):
            getattr(reader("ch", ch), ask)()
    with pytest.raises(InputError, match="no columns elev_mean"):
        reader("ch", ch).attributes()


@pytest.mark.parametrize(("source", "basin"), [("ch", "2009"), ("de", "DEA10000")])
def test_whatever_is_damaged_is_read_or_refused_in_one_line(source, basin, request):
    folder = request.getfixturevalue(source)
    files = [*folder.rglob(f"*{basin}.csv"), *folder.rglob("*_attributes*.csv")]
    draw = random.Random(1)
    refused = 0
    for _ in range(150):
        path = draw.choice(files)
        whole = path.read_bytes()
        at = draw.randrange(len(whole))
        rest = whole[at + draw.randrange(4) :] if draw.random() < 0.9 else b""
        path.write_bytes(whole[:at] + bytes([draw.choice(b'",;\n\r#-.0e\0 x\xff')]) + rest)
        try:
            found = reader(source, folder)
            found.record(basin), found.attributes(), found.files()
        except InputError as error:
            refused += 1
            assert "\n" not in str(error)
        path.write_bytes(whole)
    assert refused > 50


def test_two_copies_of_the_data_set_are_refused(tmp_path):
    for release in ("v06", "v09"):
        (tmp_path / release).mkdir()
        write_ch(tmp_path / release)
    with pytest.raises(InputError, match=r"series of CAMELS-CH in .*v06 and in .*v09; name one"):
        reader("ch", tmp_path).basins()
