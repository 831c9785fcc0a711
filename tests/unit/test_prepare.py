"""Text files to tables: what is used, what is left out and why, and the same bytes every time."""

import logging
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from small_camels import (
    BASINS,
    PERIODS,
    edit_lines,
    find_file,
    forcing_file,
    prepare_camels,
    streamflow_file,
    write_tables,
)

from randvec.data.basins import read_basins, write_basins
from randvec.data.prepare import prepare
from randvec.data.tables import Tables
from randvec.errors import InputError


def stopped_and_dropped(folder, reason, **changes):
    """The basin is named with the reason, and stops the run or is left out, as configured."""
    with pytest.raises(InputError) as caught:
        prepare_camels(folder, **changes)
    said = str(caught.value)
    assert said.startswith(f"{folder / 'basins.txt'}: 1 of 3 basins are incomplete (01000001: ")
    assert reason in said and "dataset.incomplete_basins: drop" in said
    prepared = prepare_camels(folder, incomplete="drop", **changes)
    assert prepared.basins["used"].tolist() == [False, True, True]
    assert reason in prepared.basins["reason"][0]
    assert set(prepared.series["basin"]) == set(prepared.descriptors["basin"]) == set(BASINS[1:])


def set_attribute(kind, name, word):
    def change(lines):
        words = lines[1].split(";")
        words[lines[0].split(";").index(name)] = word
        lines[1] = ";".join(words)

    return lambda folder: edit_lines(find_file(folder, f"camels_{kind}.txt"), change)


def test_all_basins_and_days(folder):
    prepared = prepare_camels(folder)
    assert prepared.basins["basin"].tolist() == list(BASINS)
    assert prepared.basins["used"].all()
    days = len(forcing_file(folder).read_text().splitlines()) - 4
    assert prepared.series["basin"].value_counts().to_dict() == dict.fromkeys(BASINS, days)
    assert not prepared.descriptors.isna().any(axis=None)


def test_descriptors_that_are_the_same_in_all_basins_are_named(folder, caplog):
    def level(lines):
        place = lines[0].split(";").index("frac_snow")
        for row in range(1, len(lines)):
            words = lines[row].split(";")
            words[place] = "0"
            lines[row] = ";".join(words)

    with caplog.at_level(logging.WARNING):
        prepare_camels(folder)
        assert "frac_snow" not in caplog.text
        edit_lines(find_file(folder, "camels_clim.txt"), level)
        prepare_camels(folder)
    assert "the same in all 3 basins: frac_snow" in caplog.text


def test_any_number_of_workers_and_any_run_gives_the_same_bytes(folder, tmp_path):
    tables = []
    for run, workers in enumerate((1, 2, 2)):
        place = tmp_path / str(run)
        place.mkdir()
        tables.append(write_tables(folder, place, workers=workers))
        assert {path.name for path in place.iterdir()} == {"series", "descriptors", "basins"}
    assert tables[0] == tables[1] == tables[2]


def test_the_order_of_the_list_changes_nothing(folder, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("\n".join(reversed(BASINS)) + "\n")
    expected = prepare_camels(folder)
    found = prepare_camels(folder, basins=str(other))
    pd.testing.assert_frame_equal(found.series, expected.series)
    pd.testing.assert_frame_equal(found.descriptors, expected.descriptors)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_file_stops_even_where_incomplete_basins_are_dropped(folder, workers):
    def change(lines):
        lines[99] = lines[99][:20]

    edit_lines(forcing_file(folder), change)
    with pytest.raises(InputError, match=rf"{forcing_file(folder).name}, line 100: ") as caught:
        prepare_camels(folder, incomplete="drop", workers=workers)
    assert caught.value.__cause__ is None  # no traceback of another process behind it


def test_a_basin_without_forcing(folder):
    forcing_file(folder).unlink()
    stopped_and_dropped(folder, "no forcing file")


def test_a_basin_without_discharge(folder):
    streamflow_file(folder).unlink()
    stopped_and_dropped(folder, "no streamflow file")


def test_a_basin_without_attributes(folder):
    for kind in ("clim", "geol", "soil", "topo", "vege"):
        edit_lines(find_file(folder, f"camels_{kind}.txt"), lambda lines: lines.pop(1))
    stopped_and_dropped(folder, "no attributes")


@pytest.mark.parametrize("word", ["NaN", "NA", ""])
def test_an_attribute_without_value(folder, word):
    set_attribute("geol", "geol_permeability", word)(folder)
    stopped_and_dropped(folder, "camels_geol.txt has no value of geol_permeability")


def test_a_basin_that_one_attribute_file_lacks(folder):
    edit_lines(find_file(folder, "camels_topo.txt"), lambda lines: lines.pop(1))
    stopped_and_dropped(
        folder, "camels_topo.txt has no value of elev_mean, slope_mean, area_gages2"
    )


def test_the_table_of_basins_places_dropped_basins_too(folder, tmp_path):
    forcing_file(folder, BASINS[0]).unlink()
    for kind in ("clim", "geol", "soil", "topo", "vege"):
        edit_lines(find_file(folder, f"camels_{kind}.txt"), lambda lines: lines.pop(2))
    write_tables(folder, tmp_path, incomplete="drop")
    table = read_basins(tmp_path / "basins").set_index("basin")
    assert table["used"].tolist() == [False, False, True]
    assert table["reason"].tolist() == ["no forcing file", "no attributes", ""]
    topo = [line.split(";") for line in find_file(folder, "camels_topo.txt").open()]
    for name in ("gauge_lat", "gauge_lon"):
        here, there = (float(line[topo[0].index(name)]) for line in topo[1:])
        assert table[name].fillna(-999).tolist() == [here, -999, there]


def test_a_record_that_starts_after_the_warm_up(folder):
    edit_lines(forcing_file(folder), lambda lines: lines.pop(4))
    stopped_and_dropped(
        folder,
        "forcing from 1990-10-02 to 1992-12-31 does not cover periods.train with its warm-up "
        "(1990-10-01 to 1991-12-31)",
    )


def test_a_period_after_the_record(folder):
    edit_lines(forcing_file(folder), lambda lines: lines.pop(-1))
    stopped_and_dropped(folder, "forcing from 1990-10-01 to 1992-12-30 does not cover periods.test")


def test_a_validation_period_needs_forcing_and_is_counted(folder):
    periods = {**PERIODS, "validation": ["1992-12-01", "1992-12-31"]}
    table = prepare_camels(folder, periods=periods).basins
    assert (table["missing_days_validation"] == 0).all()
    periods["validation"] = ["1993-01-01", "1993-01-01"]
    with pytest.raises(InputError, match=r"does not cover periods.validation"):
        prepare_camels(folder, periods=periods)


@pytest.mark.parametrize("incomplete", ["drop", "stop"])
def test_a_period_outside_all_records_is_told_of_once(folder, incomplete):
    periods = {**PERIODS, "test": ["2001-01-01", "2001-12-31"]}
    with pytest.raises(InputError) as caught:
        prepare_camels(folder, periods=periods, incomplete=incomplete)
    said = str(caught.value)
    assert f"{folder / 'basins.txt'}: all 3 basins are incomplete: forcing from " in said
    assert said.count("does not cover periods.test") == 1 and "choose other periods" in said
    assert "drop" not in said


def test_no_valid_training_day(folder):
    def change(lines):
        for index, line in enumerate(lines):
            if " 1991 " in line:
                lines[index] = f"{line[:20]} -999.00 M"

    edit_lines(streamflow_file(folder), change)
    stopped_and_dropped(folder, "no day with discharge in periods.train")


def test_constant_discharge_is_kept_with_a_note(folder, caplog):
    def change(lines):
        for index, line in enumerate(lines):
            if " 1992 " in line:
                lines[index] = f"{line[:20]}    0.00 A"

    edit_lines(streamflow_file(folder), change)
    with caplog.at_level(logging.WARNING):
        prepared = prepare_camels(folder)
    note = "constant discharge in periods.test, its NSE is undefined there"
    assert prepared.basins["note"].tolist() == [note, "", ""]
    assert f"basin 01000001: {note}" in caplog.text
    assert prepared.basins["used"].all() and "01000001" in set(prepared.series["basin"])


def test_missing_discharge_is_counted_and_no_error(folder):
    def change(lines):
        for index, line in enumerate(lines):
            if " 1992 02 " in line:
                lines[index] = f"{line[:20]} -999.00 M"

    edit_lines(streamflow_file(folder), change)
    prepared = prepare_camels(folder)
    row = prepared.basins.iloc[0]
    assert row["used"] and row["reason"] == "" and row["note"] == ""
    assert (row["missing_days_train"], row["missing_days_test"]) == (0, 29)
    days = prepared.series[prepared.series["basin"] == BASINS[0]].set_index("date")
    assert days.loc["1992-02", "discharge"].isna().all()
    assert days["discharge"].isna().sum() == 29
    assert days.drop(columns="discharge").notna().all(axis=None)


def test_streamflow_without_lines_for_some_days_is_noted(folder):
    def change(lines):
        lines[:] = [line for line in lines if " 1992 02 " not in line]

    edit_lines(streamflow_file(folder), change)
    prepared = prepare_camels(folder)
    assert prepared.basins["note"][0] == "no line of streamflow for 29 days before 1992-03-01"
    assert prepared.basins["missing_days_test"][0] == 29


def test_streamflow_that_starts_late_and_ends_after_the_forcing(folder):
    def change(lines):
        del lines[:123]  # 1990-10-01 to 1991-01-31
        lines.append(f"{BASINS[0]} 1993 01 01     5.00 A")

    edit_lines(streamflow_file(folder), change)
    prepared = prepare_camels(folder)
    row = prepared.basins.iloc[0]
    assert row["used"] and row["missing_days_train"] == 31
    assert str(row["first_day"]) == "1990-10-01" and str(row["last_day"]) == "1992-12-31"


def edit_area(folder, change, basin=BASINS[0]):
    def edit(lines):
        lines[2] = change(lines[2])

    edit_lines(forcing_file(folder, basin), edit)


@pytest.mark.parametrize("incomplete", ["stop", "drop"])
@pytest.mark.parametrize(
    "change",
    [
        lambda area: area.strip()[:-1],
        lambda area: area.strip()[:-2],
        lambda area: f"{area.strip()}0",
        lambda area: str(float(area) / 5.01),
        lambda area: str(float(area) * 5.01),
    ],
)
def test_an_area_that_contradicts_the_attributes_is_refused(folder, change, incomplete):
    area = float(forcing_file(folder).read_text().split("\n")[2])
    edit_area(folder, change)
    with pytest.raises(InputError) as caught:
        prepare_camels(folder, incomplete=incomplete)
    said = str(caught.value)
    found = float(forcing_file(folder).read_text().split("\n")[2]) / 1e6
    assert said.startswith(f"{forcing_file(folder)}, line 3: the area is {found:g} km2, but in ")
    assert f"camels_topo.txt area_gages2 of basin 01000001 is {area / 1e6:g}; expected " in said
    assert "Compare both with the original files, or take the basin out of the list" in said


def test_an_attribute_area_that_contradicts_the_header_is_refused(folder):
    set_attribute("topo", "area_gages2", "2.5")(folder)
    with pytest.raises(InputError, match=r"area_gages2 of basin 01000001 is 2\.5; expected less"):
        prepare_camels(folder)


def test_all_areas_that_contradict_the_attributes_are_named_at_once(folder):
    for basin in BASINS:
        edit_area(folder, lambda area: f"{area.strip()}0", basin)
    with pytest.raises(InputError, match=r"So it is for 01000002, 01000003\. Compare"):
        prepare_camels(folder)


@pytest.mark.parametrize("factor", [0.2465, 2.506, 4.9])
def test_areas_that_differ_as_real_ones_do_are_used(folder, factor):
    edit_area(folder, lambda area: str(float(area) * factor))
    prepared = prepare_camels(folder)
    ratio = prepared.basins["area_km2"][0] / prepared.descriptors["area_gages2"][0]
    assert ratio == pytest.approx(factor, rel=1e-3)
    assert prepared.basins["note"].tolist() == ["", "", ""]


def test_the_area_of_a_basin_that_is_dropped_for_its_attributes_is_not_asked_for(folder):
    set_attribute("topo", "area_gages2", "NA")(folder)
    edit_area(folder, lambda area: f"{area.strip()}0")
    stopped_and_dropped(folder, "camels_topo.txt has no value of area_gages2")


def test_equal_temperatures_are_said_and_kept(folder, caplog):
    def change(lines):
        for index, line in enumerate(lines[4:], 4):
            words = line.split("\t")
            words[9] = words[8]
            lines[index] = "\t".join(words)

    edit_lines(forcing_file(folder), change)
    with caplog.at_level(logging.WARNING):
        prepared = prepare_camels(folder)
    assert "basin 01000001: tmax equals tmin on every day, there is no daily range" in caplog.text
    assert prepared.basins["used"].all()


@pytest.mark.camels
@pytest.mark.parametrize("forcing", ["daymet", "maurer", "maurer_extended", "nldas"])
def test_the_four_official_forcings_side_by_side(
    camels_samples, camels_folder, tmp_path, caplog, forcing
):
    samples = copytree(camels_samples, tmp_path / "samples")
    copytree(camels_folder / "camels_attributes_v2.0", samples / "camels_attributes_v2.0")
    (samples / "basins.txt").write_text("01022500\n01547700\n02064000\n03015500\n")
    with caplog.at_level(logging.WARNING):
        prepared = prepare_camels(
            samples,
            forcing=forcing,
            periods={"train": ["2000-06-01", "2001-05-31"], "test": ["2001-06-01", "2002-12-31"]},
        )
    assert prepared.basins["used"].all()
    assert prepared.series["discharge"].notna().sum() == 4 * 1096
    listed = "01022500, 01547700, 02064000, 03015500"
    said = f"basin {listed}: tmax equals tmin on every day, there is no daily range" in caplog.text
    assert said == (forcing in ("maurer", "nldas"))


@pytest.mark.camels
def test_values_of_the_table_stand_in_the_text_files(camels_folder, tmp_path):
    """Every value can be traced to its line: some hundred drawn at random, read anew by hand."""
    random = np.random.default_rng(20)
    files = sorted((camels_folder / "basin_mean_forcing" / "maurer_extended").rglob("*_leap.txt"))
    chosen = sorted(random.choice(len(files), 12, replace=False))
    basins = [files[index].name[:8] for index in chosen]
    (tmp_path / "basins.txt").write_text("\n".join(basins) + "\n")
    write_tables(
        camels_folder,
        tmp_path,
        basins=str(tmp_path / "basins.txt"),
        periods={"train": ["1999-10-01", "2008-09-30"], "test": ["1989-10-01", "1999-09-30"]},
        workers=2,
    )
    table = pd.read_parquet(tmp_path / "series").set_index(["basin", "date"])
    for index, basin in zip(chosen, basins, strict=True):
        forcing = files[index].read_text().split("\n")
        (flow_file,) = (camels_folder / "usgs_streamflow").rglob(f"{basin}_streamflow_qc.txt")
        flow = {tuple(line.split()[1:4]): line.split()[4] for line in flow_file.open()}
        for number in random.choice(np.arange(5, len(forcing)), 40, replace=False):
            year, month, day, _, _, prcp, srad, _, tmax, tmin, vp = forcing[number - 1].split()
            row = table.loc[basin, pd.Timestamp(int(year), int(month), int(day))]
            expected = np.array([prcp, srad, tmax, tmin, vp], dtype=np.float32)
            assert row[["prcp", "srad", "tmax", "tmin", "vp"]].tolist() == expected.tolist()
            cubic_feet = float(flow.get((year, month.zfill(2), day.zfill(2)), "-999"))
            if cubic_feet == -999:
                assert np.isnan(row["discharge"])
            else:
                metres = cubic_feet * 0.3048**3 * 86400 / float(forcing[2])
                assert row["discharge"] == pytest.approx(metres * 1000, rel=1e-7)


def only_one_with_series(tmp_path, incomplete):
    """Tables of two basins, of which one has no series."""
    days = pd.date_range("1990-10-01", "1992-12-31")
    rng = np.random.default_rng(1)
    series = pd.DataFrame({"basin": "a", "date": days, "prcp": rng.gamma(1, 4, len(days))})
    series["discharge"] = 0.4 * series["prcp"].rolling(3, min_periods=1).mean()
    series.to_csv(tmp_path / "series.csv", index=False)
    descriptors = pd.DataFrame({"basin": ["a", "b"], "area": [1.0, 2.0]})
    descriptors.to_csv(tmp_path / "descriptors.csv", index=False)
    (tmp_path / "list.txt").write_text("a\nb\n")
    paths = {"series": "series.csv", "descriptor_table": "descriptors.csv", "basins": "list.txt"}
    dataset = {key: str(tmp_path / name) for key, name in paths.items()}
    reader = Tables(dataset | {"incomplete_basins": "drop"})
    periods = {"train": ["1991-10-01", "1992-09-30"], "test": ["1990-11-01", "1991-09-30"]}
    taken = []
    prepared = prepare(
        reader, lambda basin, _: taken.append(basin), {}, periods, 10, incomplete, 1, "list"
    )
    assert taken == ["a"]
    return prepared


def test_a_basin_without_series_is_dropped_with_the_reason(tmp_path):
    prepared = only_one_with_series(tmp_path, "drop")
    assert prepared.basins["reason"].tolist() == ["", "no series of it"]
    assert prepared.basins["used"].tolist() == [True, False]


def test_a_basin_without_series_is_named(tmp_path):
    with pytest.raises(InputError, match=r"1 of 2 basins are incomplete \(b: no series of it"):
        only_one_with_series(tmp_path, "stop")


def without_discharge_in_the_test(lines):
    for index, line in enumerate(lines):
        if " 1992 " in line:
            lines[index] = f"{line[:20]} -999.00 M"


def test_a_test_period_without_discharge_is_noted(folder, caplog):
    edit_lines(streamflow_file(folder), without_discharge_in_the_test)
    prepared = prepare_camels(folder)
    note = "no discharge in periods.test, its NSE is undefined there"
    assert prepared.basins["note"].tolist() == [note, "", ""]
    assert f"basin 01000001: {note}" in caplog.text


def test_a_test_period_without_discharge_in_any_basin_is_refused(folder):
    for basin in BASINS:
        edit_lines(streamflow_file(folder, basin), without_discharge_in_the_test)
    with pytest.raises(
        InputError, match=r"no basin has discharge that changes in periods\.test, so"
    ):
        prepare_camels(folder)


def test_no_basin_that_can_be_used_is_refused():
    class Nothing:
        def basins(self):
            return []

    with pytest.raises(InputError, match="no basin that can be used"):
        prepare(Nothing(), None, {}, {}, 10, "drop", 1)


def test_a_basin_may_be_called_na(tmp_path):
    table = pd.DataFrame({"basin": ["NA", "b"], "area_km2": [np.nan, 2.0], "used": [True, False]})
    table = table.assign(reason=["", "no attributes"], note="")
    write_basins(table, tmp_path / "basins.csv")
    pd.testing.assert_frame_equal(read_basins(tmp_path / "basins.csv"), table, check_dtype=False)
