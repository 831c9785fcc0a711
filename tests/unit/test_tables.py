"""The user's own tables: what is read, and one clear sentence for each mistake in them."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from randvec.data.tables import Tables, check_tables
from randvec.errors import InputError

DAYS = 30
BASINS = ("01", "b.2", "C-3")


@pytest.fixture
def series():
    generator = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "basin": np.repeat(BASINS, DAYS),
            "date": np.tile(pd.date_range("1990-10-01", periods=DAYS).astype("datetime64[s]"), 3),
            "prcp": generator.gamma(1, 4, 3 * DAYS).round(2),
            "temp": generator.normal(8, 5, 3 * DAYS).round(2),
            "discharge": generator.gamma(1, 1, 3 * DAYS).round(2),
        }
    )
    table.loc[4, "discharge"] = np.nan
    return table


@pytest.fixture
def descriptors():
    return pd.DataFrame(
        {"basin": BASINS, "area": [10.0, 20.5, 3.0], "forest": [0.1, 0.0, 1.0],
         "gauge_lat": [1.0, 2.0, 3.0], "gauge_lon": [4.0, 5.0, 6.0]}
    )  # fmt: skip


@pytest.fixture(params=["csv", "parquet"])
def save(request, tmp_path):
    """Saves the two tables in one of the formats."""

    def write(series, descriptors):
        paths = []
        for name, table in (("series", series), ("descriptors", descriptors)):
            paths.append(str(tmp_path / f"{name}.{request.param}"))
            if request.param == "csv":
                table.to_csv(paths[-1], index=False)
            else:
                table.to_parquet(paths[-1], index=False)
        return paths

    return write


@pytest.fixture
def csv(tmp_path, series, descriptors):
    """Paths of the two tables as csv."""
    paths = str(tmp_path / "series.csv"), str(tmp_path / "descriptors.csv")
    series.to_csv(paths[0], index=False)
    descriptors.to_csv(paths[1], index=False)
    return paths


def reader(paths, **more):
    return Tables({"series": paths[0], "descriptor_table": paths[1], **more})


def change(path, old, new):
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")


def only_fault(paths):
    """The one sentence, which a run is refused with as well."""
    (said,) = check_tables(*paths)
    with pytest.raises(InputError) as caught:
        reader(paths).attributes()
    assert str(caught.value) == said and "\n" not in said and len(said) < 400
    return said


def test_all_columns_are_used_unless_some_are_named(save, series, descriptors):
    paths = save(series, descriptors)
    assert check_tables(*paths) == []
    tables = reader(paths)
    assert tables.basins() == sorted(BASINS) and tables.files() == sorted(paths)
    assert tables.forcings == ["prcp", "temp"]
    assert tables.descriptors == {"all": ["area", "forest"]}
    for basin in BASINS:
        days = tables.record(basin).days
        expected = series[series["basin"] == basin].drop(columns="basin").reset_index(drop=True)
        pd.testing.assert_frame_equal(
            days, expected.astype(dict.fromkeys(["prcp", "temp", "discharge"], np.float32))
        )
    table = tables.attributes()
    pd.testing.assert_frame_equal(
        table, descriptors.sort_values("basin", ignore_index=True), check_dtype=False
    )
    tables = reader(paths, forcings=["temp"], descriptors={"cover": ["forest"]})
    assert list(tables.record("01").days) == ["date", "temp", "discharge"]
    assert list(tables.attributes()) == ["basin", "forest", "gauge_lat", "gauge_lon"]


def test_places_may_be_left_out_and_a_basin_may_be_unknown(save, series, descriptors):
    paths = save(series, descriptors.drop(columns=["gauge_lat", "gauge_lon"]))
    tables = reader(paths)
    assert tables.attributes()[["gauge_lat", "gauge_lon"]].isna().all(axis=None)
    assert tables.record("99") is None


def test_a_basin_list_chooses(save, series, descriptors, tmp_path):
    paths = save(series, descriptors)
    (tmp_path / "list.txt").write_text("b.2\n01\n")
    tables = reader(paths, basins=str(tmp_path / "list.txt"))
    assert tables.basins() == ["01", "b.2"] and len(tables.attributes()) == 2
    assert tables.record("C-3") is None
    assert tables.files()[0] == str(tmp_path / "list.txt")


def test_negative_discharge_is_missing_and_noted(save, series, descriptors):
    series.loc[[1, 2], "discharge"] = [-0.1, -999]
    record = reader(save(series, descriptors)).record("01")
    assert record.notes == ["negative discharge on 2 days, taken for missing"]
    assert record.days["discharge"].isna().sum() == 3


def test_the_worked_example_of_the_documents(tmp_path):
    text = (Path(__file__).parents[2] / "docs/data.md").read_text(encoding="utf-8")
    text = text[text.index("## Tables of your own") :]
    tables = re.findall(r"^```csv\n(.*?)^```", text, re.M | re.S)
    (config,) = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    assert len(config.splitlines()) <= 25
    dataset = yaml.safe_load(config)["dataset"]
    paths = [str(tmp_path / Path(dataset[key]).name) for key in ("series", "descriptor_table")]
    for path, table in zip(paths, tables, strict=True):
        Path(path).write_text(table)
    assert check_tables(*paths) == []
    tables = reader(paths)
    assert tables.basins() == ["lower_mill", "upper_mill"] and len(tables.attributes()) == 2
    assert tables.forcings == ["precipitation", "temperature"]
    assert tables.record("upper_mill").days["discharge"].isna().tolist() == [False, False, True]


def test_the_example_from_files_of_basins_to_two_tables(tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / "docs/data.md").read_text(encoding="utf-8")
    text = text[text.index("## Tables of your own") :]
    code = re.search(r"^```python\n(.*?)^```", text, re.M | re.S)[1]
    monkeypatch.chdir(tmp_path)
    Path("stations").mkdir()
    Path("catchments.csv").write_text("basin;area_km2;forest\n007;86,4;0,5\n12;43,2;0,25\n")
    Path("stations/007.csv").write_text(
        "Datum;N;T;Q\n01.10.1990;4,5;-1,5;2,5\n03.10.1990;0;0,5;1,5\n", encoding="utf-8"
    )
    Path("stations/12.csv").write_text("Datum;N;T;Q;W\n01.10.1990;9,5;1;2;7\n02.10.1990;1;2;;8\n")
    exec(code, {})
    assert check_tables("data/series.csv", "data/descriptors.csv") == []
    made = pd.read_csv("data/series.csv", dtype=str).set_index(["basin", "date"])
    assert list(made.loc[("007", "1990-10-01")]) == ["4.5", "-1.5", "2.5"]
    assert made.loc[("007", "1990-10-02")].isna().all()
    assert made.loc[("12", "1990-10-01"), "discharge"] == "4.0"
    assert list(made.columns) == ["precipitation", "temperature", "discharge"]


# The ten mistakes.


def test_1_wrong_date_format(csv):
    change(csv[0], "1990-10-03", "03.10.1990")
    assert only_fault(csv) == (
        f"{csv[0]}, line 4: date is '03.10.1990', expected a day as 1990-10-01; correct it, "
        "get the original file"
    )


@pytest.mark.parametrize(
    "word", ["1990-10-03 06:00:00", "1990-10-03T06", "1990-13-03", "1990-10-3", ""]
)
def test_1_days_that_are_none(csv, word):
    change(csv[0], "1990-10-03", word)
    assert f"line 4: date is '{word}', expected a day as 1990-10-01" in only_fault(csv)


def test_1_midnight_is_a_day(csv):
    expected = reader(csv).record("01").days
    for old, new in (("1990-10-03", "1990-10-03 00:00:00"), ("1990-10-04", "1990-10-04T00:00:00")):
        change(csv[0], old, new)
    assert check_tables(*csv) == []
    pd.testing.assert_frame_equal(reader(csv).record("01").days, expected)


def test_2_doubled_day(save, series, descriptors):
    series = pd.concat([series, series.iloc[[3]]], ignore_index=True)
    said = only_fault(save(series, descriptors))
    assert "basin 01 has the day 1990-10-04 already (" in said
    assert said.split(": ")[0].endswith(("line 92", "row 91"))


def test_3_gap(save, series, descriptors):
    said = only_fault(save(series.drop(index=[3, 4, 40]), descriptors))
    assert "basin 01 lacks 2 days before 1990-10-06; add a row for each" in said
    assert said.split(": ")[0].endswith(("line 5", "row 4")) and "the first of 2 gaps" in said


def test_3_basins_of_different_years_have_no_gap(save, series, descriptors):
    for years, basin in enumerate(sorted(BASINS)):
        series.loc[series["basin"] == basin, "date"] += pd.Timedelta(days=365 * years)
    assert check_tables(*save(series, descriptors)) == []


@pytest.mark.parametrize(("table", "column"), [(0, "temp"), (0, "discharge"), (1, "forest")])
def test_4_text_in_numbers(save, series, descriptors, table, column):
    tables = [series, descriptors]
    tables[table][column] = tables[table][column].astype(str)
    tables[table].loc[1, column] = "n/a"
    paths = save(*tables)
    said = only_fault(paths)
    if paths[0].endswith("csv"):
        assert said.startswith(f"{paths[table]}, line 3: {column} is 'n/a', expected a number or ")
    else:
        assert f"column {column} is of type " in said and "string, expected numbers" in said


def test_5_basin_in_one_table_only(save, series, descriptors):
    paths = save(series[series["basin"] != "01"], descriptors)
    said = only_fault(paths)
    assert said.startswith(f"{paths[0]}: no row of basin 01, which {paths[1]} has")
    paths = save(series, descriptors[:1])
    said = only_fault(paths)
    assert said.startswith(f"{paths[1]}: no row of basins C-3, b.2, which {paths[0]} has")


@pytest.mark.parametrize(("table", "column"), [(0, "temp"), (1, "forest")])
def test_6_constant_column(save, series, descriptors, table, column):
    tables = [series, descriptors]
    tables[table][column] = 0.5
    paths = save(*tables)
    assert only_fault(paths).startswith(f"{paths[table]}: column {column} is 0.5 in every row")


def test_columns_that_are_not_used_are_not_checked(save, series, descriptors):
    descriptors["name"] = ["a", "b", "c"]
    paths = save(series.assign(flat=1.0), descriptors)
    assert len(check_tables(*paths)) == 1
    assert check_tables(*paths, ["prcp", "temp"], ["area", "forest"]) == []
    assert "expected one column none" in check_tables(*paths, ["none"], ["area"])[0]


def test_6_a_descriptor_among_the_forcings(save, series, descriptors):
    series["area"] = series["basin"].map({"01": 10.0, "b.2": 900.0, "C-3": 10.0})
    paths = save(series, descriptors)
    said = only_fault(paths)
    assert said.startswith(f"{paths[0]}: column area is the same on all days of a basin")
    assert f"move it to {paths[1]}" in said


def test_7_nan_descriptor(save, series, descriptors):
    descriptors.loc[1, "forest"] = np.nan
    said = only_fault(save(series, descriptors))
    assert "forest is missing for basin b.2; fill it in" in said
    assert said.split(": ")[0].endswith(("line 3", "row 2"))


def test_8_cubic_metres_instead_of_millimetres(save, series, descriptors):
    area = {"01": 10.0, "b.2": 900.0, "C-3": 2000.0}
    series["discharge"] *= series["basin"].map(area) / 86.4
    means = series.dropna().groupby("basin")[["discharge", "prcp"]].mean().median()
    said = only_fault(save(series, descriptors))
    assert "in 2 of 3 basins the mean discharge is more than 1.5 times the mean prcp" in said
    assert f"medians over all basins are {means['discharge']:.3g} and {means['prcp']:.3g}" in said
    assert "m3/s, multiply it by 86.4 and divide by the area in km2" in said
    series["discharge"] *= 10
    said = only_fault(save(series.rename(columns={"prcp": "water"}), descriptors))
    assert "of which no catchment has so much; if discharge is in m3/s" in said


@pytest.mark.parametrize(
    "name",
    ["P", "precipitation_mean", "rainfall", "total_precipitation_sum", "P_mm", "RR", "rr (mm/day)",
     "tp_mm", "total_rain"],
)  # fmt: skip
def test_8_whatever_precipitation_is_called(csv, series, name):
    series["discharge"] *= 9
    series.rename(columns={"prcp": name}).to_csv(csv[0], index=False)
    assert f"in 3 of 3 basins the mean discharge is more than 1.5 times the mean {name}" in (
        only_fault(csv)
    )


def test_8_in_a_single_basin(save, series, descriptors):
    series["discharge"] *= 9
    one = [table[table["basin"] == "01"] for table in (series, descriptors)]
    assert "in 1 of 1 basins the mean discharge" in only_fault(save(*one))


def test_8_a_wet_basin_and_an_unknown_name_of_precipitation_are_no_mistake(
    save, series, descriptors
):
    series.loc[series["basin"] == "01", "discharge"] *= 20
    assert check_tables(*save(series, descriptors)) == []
    series["discharge"] *= 8
    assert check_tables(*save(series.rename(columns={"prcp": "water"}), descriptors)) == []


def test_9_rows_in_any_order_are_the_same(save, series, descriptors):
    expected = reader(save(series, descriptors))
    expected = {basin: expected.record(basin).days for basin in BASINS}
    mixed = reader(save(series.sample(frac=1, random_state=2), descriptors[::-1]))
    for basin in BASINS:
        pd.testing.assert_frame_equal(mixed.record(basin).days, expected[basin])
    assert list(mixed.attributes()["basin"]) == sorted(BASINS)


def test_10_a_byte_order_mark_and_line_ends_of_windows_are_read(csv, series, descriptors):
    expected = reader(csv).attributes()
    for path, table in zip(csv, (series, descriptors), strict=True):
        table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    assert check_tables(*csv) == []
    pd.testing.assert_frame_equal(reader(csv).attributes(), expected)


# And more.


def test_several_mistakes_are_all_told_of(save, series, descriptors):
    descriptors["forest"] = 0.5
    descriptors.loc[0, "area"] = np.nan
    paths = save(series.drop(index=3), descriptors)
    assert len(check_tables(*paths)) == 3
    with pytest.raises(InputError) as caught:
        reader(paths).record("01")
    assert str(caught.value).split("\n") == check_tables(*paths)


def test_many_mistakes_are_cut_to_ten_lines(save, series, descriptors):
    flat = descriptors.assign(**{f"flat_{n}": 1.0 for n in range(20)})
    with pytest.raises(InputError) as caught:
        reader(save(series, flat)).attributes()
    assert str(caught.value).count("\n") == 8 and str(caught.value).endswith("and 12 more")


def test_incomplete_basins_may_be_dropped_later(save, series, descriptors):
    descriptors.loc[1, "forest"] = np.nan
    paths = save(series[series["basin"] != "01"], descriptors)
    tables = reader(paths, incomplete_basins="drop")
    assert tables.basins() == sorted(BASINS) and tables.record("01") is None
    assert tables.attributes()["forest"].isna().sum() == 1


def test_a_gauge_may_lie_at_a_longitude_that_marks_a_missing_value_elsewhere(csv):
    change(csv[1], ",4.0\n", ",-99.99\n")
    assert check_tables(*csv) == []
    change(csv[1], ",1.0,-99.99", ",-99.99,4.0")
    assert "gauge_lat is -99.99, which marks a missing value" in only_fault(csv)


def test_numbers_that_stand_for_missing_ones(save, series, descriptors):
    """Fill values of other formats, and what a column can't be; the first row of each."""
    for name, value, said in (
        ("temp", 9.96921e36, "temp is 9.96921e+36, expected a number, or an empty field where it"),
        ("temp", -1e300, "temp is -inf, expected a number, or an empty field"),
        ("temp", -32768, "temp is -32768, which marks a missing value"),
        ("prcp", -99, "prcp is -99, expected -50 to 2000 mm/day"),
        ("discharge", 9999, "discharge is 9999, expected at most 5000 mm/day"),
    ):
        wrong = series.copy()
        wrong.loc[[7, 9], name] = value
        found = only_fault(save(wrong, descriptors))
        assert said in found and "the first of 2 such values" in found
    for mark in (-99.99, -999.9, -999.99):  # in single precision, another number in double
        wrong = descriptors.assign(forest=descriptors["forest"].astype(np.float32))
        wrong.loc[1, "forest"] = mark
        said = only_fault(save(series, wrong))
        assert f"forest is {mark:g}, which marks a missing value" in said
    descriptors.loc[0, "gauge_lat"] = 200_000
    assert "gauge_lat is 200000, expected -90 to 90" in only_fault(save(series, descriptors))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [(0, "temp", -99), (0, "temp", 999), (0, "temp", np.float32(-99.9)), (0, "prcp", 999),
     (0, "discharge", 999), (1, "area", -99), (1, "forest", -99.9), (0, "temp", -777),
     (0, "temp", 9999.9), (0, "discharge", 999.9)],
)  # fmt: skip
def test_numbers_that_mark_a_missing_value_by_standing_apart(
    save, series, descriptors, table, column, value
):
    tables = [series, descriptors]
    tables[table].loc[2, column] = value
    said = only_fault(save(*tables))
    assert f"{column} is {value:g}, all else of it" in said
    assert said.endswith("so it seems to mark a missing value; leave the field empty")


def test_the_same_numbers_among_others_like_them_are_real(save, series, descriptors):
    series["heat"] = 30 * series["temp"]
    series.loc[[3, 40], "heat"] = [-99, 999]
    descriptors["area"] = [999.0, 10.0, 9999.0]
    descriptors["storage"] = [-99.0, -80.0, 20.0]
    assert check_tables(*save(series, descriptors)) == []


def test_a_mark_below_temperatures_that_spread_by_more_than_its_distance(save, series, descriptors):
    series["temp"] = np.linspace(-37.5, 25.5, len(series))
    series.loc[40, "temp"] = -99
    assert "temp is -99, all else of it -37.5 to 25.5" in only_fault(save(series, descriptors))


def test_8_cubic_metres_of_small_basins(save, series):
    """Numbers below those in mm/day, which grow with the area."""
    generator = np.random.default_rng(1)
    basins = [f"{number:02}" for number in range(25)]
    series = pd.concat([series[:DAYS].assign(basin=basin) for basin in basins], ignore_index=True)
    series["discharge"] = generator.uniform(0.5, 1.5, len(series)) * series["prcp"].mean() / 2
    table = pd.DataFrame({"basin": basins, "area_km2": generator.uniform(5, 80, len(basins))})
    assert check_tables(*save(series, table)) == []
    in_cubic_metres = series["discharge"] * np.repeat(table["area_km2"].to_numpy(), DAYS) / 86.4
    series["discharge"] = in_cubic_metres
    said = only_fault(save(series, table))
    assert "the larger area_km2 is, the larger is the mean discharge over the mean prcp" in said
    assert said.endswith("m3/s, multiply it by 86.4 and divide by the area in km2")


def test_ids_that_lost_zeros_are_refused_even_where_basins_may_be_dropped(
    save, series, descriptors, tmp_path
):
    paths = save(series.replace({"basin": {"01": "1"}}), descriptors)
    said = f"{paths[0]}: basin 1 is 01 in {paths[1]}, as if one of them had lost zeros in front"
    with pytest.raises(InputError, match=re.escape(said)):
        reader(paths, incomplete_basins="drop").attributes()
    assert check_tables(*paths)[0].startswith(said)
    (tmp_path / "list.txt").write_text("1\nb.2\n")
    paths = save(series, descriptors)
    with pytest.raises(InputError, match=r"list.txt: basin 1 is 01 in .* save ids as text$"):
        reader(paths, basins=str(tmp_path / "list.txt"), incomplete_basins="drop").attributes()


def test_discharge_in_another_unit_is_no_forcing(save, series, descriptors):
    area = {"01": 10.0, "b.2": 900.0, "C-3": 2000.0}
    series["flow"] = series["discharge"] * series["basin"].map(area) / 86.4
    paths = save(series.fillna({"flow": 0.0}), descriptors)
    assert "column flow goes up and down as discharge does" in only_fault(paths)
    assert reader(paths, forcings=["prcp", "temp"]).record("01") is not None
    level = series.assign(level=1 + 0.3 * series["discharge"] ** 0.4).fillna({"level": 0.0})
    said = only_fault(save(level.drop(columns="flow"), descriptors))
    assert "column level goes up" in said and "the water level at the gauge" in said
    other = series.assign(flow=series["flow"] + series["prcp"] / 10).fillna({"flow": 0.0})
    assert check_tables(*save(other, descriptors)) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        (0, "b.2,", "b/2,", "'b/2' is no basin id"),
        (1, "b.2,", "01,", "line 3: basin 01 has a row already"),
        (0, "basin,", "Basin,", "line 1: expected one column basin, found Basin, date"),
        (0, "basin,date", ",date", "a column has no name"),
        (0, "prcp", "Unnamed: 0", "a column has no name"),
        (1, "forest", "__index_level_0__", "a column has no name"),
        (0, "01,1990-10-01,", "01,1990-10-01,5,", "line 2: 6 values, expected 5"),
        (1, "01,10.0", "01,-9999", "line 2: area is -9999, which marks a missing value"),
        (1, "01,10.0", "01,1e20", "line 2: area is 1e+20, expected a number, or an empty field"),
        (1, "01,10.0", "01,inf", "line 2: area is 'inf', expected a number"),
        (1, "forest", "area", "line 1: expected one column area"),
    ],
)
def test_other_mistakes(csv, table, old, new, said):
    change(csv[table], old, new)
    assert any(said in fault for fault in check_tables(*csv))


def test_other_separators_and_encodings(csv, series):
    expected = reader(csv).record("01").days
    for separator in ";\t":
        series.to_csv(csv[0], index=False, sep=separator)
        pd.testing.assert_frame_equal(reader(csv).record("01").days, expected)
    series.to_csv(csv[0], index=False, sep=";", decimal=",")
    assert "line 2: prcp is '4,29', expected a number" in (said := only_fault(csv))
    assert "with '.' for ','" in said
    series.to_csv(csv[0], index=False, sep="|")
    assert "line 1: expected one column basin, found basin|date|prcp" in only_fault(csv)
    series.to_csv(csv[0], index=False, encoding="utf-16")
    assert "line 1: found byte 0xff, expected text in UTF-8" in only_fault(csv)
    series.assign(basin="Ä").to_csv(csv[0], index=False, encoding="latin-1")
    assert "line 2: found byte 0xc4, expected text in UTF-8" in only_fault(csv)


def test_comments_before_the_names_are_counted_where_a_line_is_named(csv):
    expected = reader(csv).attributes()
    text = Path(csv[1]).read_text(encoding="utf-8")
    Path(csv[1]).write_text(f"# from the office\n# in km2, and shares\n{text}", encoding="utf-8")
    pd.testing.assert_frame_equal(reader(csv).attributes(), expected)
    change(csv[1], "b.2,", "01,")
    assert "line 5: basin 01 has a row already" in check_tables(*csv)[0]


def test_files_that_are_not_there_or_are_no_parquet(tmp_path, csv):
    with pytest.raises(InputError, match=r"nowhere.csv: can't be read"):
        reader((str(tmp_path / "nowhere.csv"), csv[1]))
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"a.parquet: can't be read as Parquet"):
        reader((str(tmp_path / "a.parquet"), csv[1]))


def test_types_of_parquet(tmp_path, series, descriptors):
    paths = str(tmp_path / "s.parquet"), str(tmp_path / "d.parquet")
    descriptors.to_parquet(paths[1], index=False)
    series.assign(basin=series["basin"].astype("category")).to_parquet(paths[0], index=False)
    assert check_tables(*paths) == []
    for change_, said in (
        ({"basin": 1}, "column basin is of type int64, expected text"),
        ({"date": series["date"].astype(str)}, "string, expected dates, or timestamps"),
        ({"date": series["date"] + pd.Timedelta(hours=6)}, "row 1: date is 1990-10-01T06"),
        ({"date": pd.NaT}, "row 1: date is empty"),
        ({"basin": None}, "column basin is of type"),
        ({"temp": np.inf}, "row 1: temp is infinite, expected a number"),
        ({"temp": [np.iinfo(np.int64).min, *range(1, len(series))]}, "row 1: temp is -9.22337e+18"),
    ):
        series.assign(**change_).to_parquet(paths[0], index=False)
        assert said in only_fault(paths), said
    series[:0].to_parquet(paths[0], index=False)
    assert "no row in it" in only_fault(paths)


def test_a_list_of_other_ids_shows_one_of_those_that_are_there(save, series, descriptors, tmp_path):
    paths = save(series, descriptors)
    (tmp_path / "list.txt").write_text("x1\nx2\n")
    with pytest.raises(InputError, match=r"none of its 2 basins is in .*, for example 01$"):
        reader(paths, basins=str(tmp_path / "list.txt")).attributes()


@pytest.mark.parametrize(
    ("key", "names", "said"),
    [
        ("forcings", ["prcp", "tem"], "has no column 'tem'; did you mean 'temp'?"),
        ("descriptors", {"land": ["x"]}, "has no column 'x'; there are basin, area, forest, gauge"),
    ],
)
def test_a_name_in_the_configuration_that_is_no_column(save, series, descriptors, key, names, said):
    tables = reader(save(series, descriptors), **{key: names})
    for asked in (tables.basins, tables.attributes):  # the first while a run is planned
        with pytest.raises(InputError, match=re.escape(said)) as caught:
            asked()
        assert str(caught.value).startswith(f"config: dataset.{key}: ")


def test_a_listed_basin_of_the_descriptors_alone_has_no_series(save, series, descriptors, tmp_path):
    paths = save(series[series["basin"] != "01"], descriptors)
    (tmp_path / "list.txt").write_text("01\nb.2\n")
    tables = reader(paths, basins=str(tmp_path / "list.txt"), incomplete_basins="drop")
    assert tables.record("01") is None and len(tables.record("b.2").days) == DAYS


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_empty_line_is_named(csv, end):
    lines = Path(csv[0]).read_text(encoding="utf-8").splitlines()
    Path(csv[0]).write_bytes(end.join([*lines[:3], "", *lines[3:], ""]).encode())
    assert only_fault(csv) == f"{csv[0]}, line 4: the line is empty; remove it"


def test_a_table_cut_in_its_last_number_is_refused(csv):
    text = Path(csv[1]).read_text(encoding="utf-8")
    Path(csv[1]).write_text(text.rstrip()[:-1], encoding="utf-8")
    assert "ends without a line end and may be cut" in only_fault(csv)
