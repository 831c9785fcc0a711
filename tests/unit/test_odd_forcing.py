"""What official forcing files have and no other may: days with tmax below tmin, names left out."""

import logging
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from small_camels import BASINS, edit_lines, forcing_file, prepare_camels

from randvec.data.basins import read_basins
from randvec.data.camels_us_series import read_forcing
from randvec.data.prepare import write
from randvec.errors import InputError

TMAX, TMIN = 8, 9
OFFICIAL = "Year Mnth Day Hr dayl(s) prcp(mm/day) srad(W/m2) swe(mm) tmax(C) tmin(C) vp(Pa)"


def exchange(chosen):
    """Exchange tmax and tmin on the chosen days, which count from 0."""

    def change(lines):
        for index in chosen:
            words = lines[4 + index].split("\t")
            words[TMAX], words[TMIN] = words[TMIN], words[TMAX]
            lines[4 + index] = "\t".join(words)

    return change


def refused(path):
    with pytest.raises(InputError) as caught:
        read_forcing(path)
    assert str(caught.value).startswith(str(path)) and len(str(caught.value)) < 500
    return str(caught.value).removeprefix(str(path))


# Days with tmax below tmin


def test_single_days_are_kept_and_counted(folder, tmp_path, caplog):
    edit_lines(forcing_file(folder), exchange([3, 200, 201]))
    edit_lines(forcing_file(folder, BASINS[1]), exchange([7]))
    with caplog.at_level(logging.WARNING):
        prepared = prepare_camels(folder)
    for basin, days in zip(BASINS, (3, 1), strict=False):
        assert f"basin {basin}: tmax is below tmin on {days} of 823 days" in caplog.text
    write(prepared, tmp_path / "descriptors", tmp_path / "basins")
    notes = [f"tmax is below tmin on {days} of 823 days" for days in (3, 1)]
    assert read_basins(tmp_path / "basins")["note"].tolist() == [*notes, ""]
    lines = forcing_file(folder).read_text().splitlines()
    row = prepared.series[prepared.series["basin"] == BASINS[0]].iloc[200]
    words = lines[204].split()
    assert [row["tmax"], row["tmin"]] == [np.float32(words[TMAX]), np.float32(words[TMIN])]
    assert row["tmax"] < row["tmin"]


def test_as_many_odd_days_as_the_worst_official_basin_has_are_kept(folder):
    """696 of 12784, in one winter in six, say, and next to one another."""
    edit_lines(forcing_file(folder), exchange([*range(90, 125), *range(500, 511)]))
    days, _ = read_forcing(forcing_file(folder))
    assert (days["tmax"] < days["tmin"]).sum() == 46 > 0.054 * len(days)


@pytest.mark.parametrize(
    "chosen",
    [range(823), range(365), range(400, 640), range(0, 823, 1), [*range(0, 800, 5), *range(600)]],
)
def test_exchanged_columns_are_no_odd_days(folder, chosen):
    edit_lines(forcing_file(folder), exchange(sorted(set(chosen))))
    said = refused(forcing_file(folder))
    assert "tmax is below tmin on " in said and "are the columns exchanged?" in said


def test_exchanged_columns_of_a_short_record(folder):
    edit_lines(forcing_file(folder), lambda lines: lines.__delitem__(slice(14, None)))
    edit_lines(forcing_file(folder), exchange(range(10)))
    assert "line 5: from here on tmax is below tmin on 10 of 10 days" in refused(
        forcing_file(folder)
    )


def test_exchanged_names_are_found_as_well(folder):
    def change(lines):
        lines[3] = lines[3].replace("tmax", "t").replace("tmin", "tmax").replace("t(C)", "tmin(C)")

    edit_lines(forcing_file(folder), change)
    assert "are the columns exchanged?" in refused(forcing_file(folder))


def test_one_day_that_is_far_too_odd_is_a_damaged_value(folder):
    def change(lines):
        words = lines[50].split("\t")
        words[TMIN] = f"{float(words[TMAX]) + 40.5:.2f}"
        lines[50] = "\t".join(words)

    edit_lines(forcing_file(folder), change)
    said = refused(forcing_file(folder))
    assert said.startswith(", line 51: tmax ") and "by more than 40 degC" in said


def test_vapour_of_an_odd_day_follows_the_warmer_temperature(folder):
    """Daymet derives it from tmin; 8 degC above tmax it would be far above saturation there."""

    def change(lines):
        words = lines[50].split("\t")
        words[TMAX], words[TMIN], words[10] = "10.00", "18.00", "2063.00"
        lines[50] = "\t".join(words)

    edit_lines(forcing_file(folder), change)
    assert read_forcing(forcing_file(folder))[0]["vp"][46] == 2063


# Names of columns


@pytest.mark.parametrize(
    ("names", "whole"),
    [
        ("", 0),
        ("  \t ", 0),
        (None, 0),
        ("Year Mnth Day Hr", 4),
        (OFFICIAL.removesuffix(" vp(Pa)"), 10),
        (OFFICIAL.removesuffix("(Pa)"), 10),
        (OFFICIAL.upper()[:40], 6),
        ("dayl(s)\tPRCP(mm/day)\tTmax(C)\tVp(Pa)", 4),
        ("Year Mnth Day Hr dayl prcp srad swe tmax tmin vp", 4),
    ],
)
def test_names_left_out_are_those_of_the_official_order(folder, caplog, names, whole):
    expected = read_forcing(forcing_file(folder))[0]

    def change(lines):
        lines[3:4] = [] if names is None else [names]

    edit_lines(forcing_file(folder), change)
    days, _ = read_forcing(forcing_file(folder))
    pd.testing.assert_frame_equal(days, expected)
    note = f"the forcing file has {whole} of 11 column names, the official order is assumed"
    with caplog.at_level(logging.WARNING):
        prepared = prepare_camels(folder)
    assert prepared.basins["note"].tolist() == [note, "", ""]
    assert f"basin {BASINS[0]}: {note}" in caplog.text


@pytest.mark.parametrize(
    "names",
    [
        "Year Mnth Day Hr Tmin(C) Tmax(C)",
        "Mnth Year",
        "prcp(mm/s)",
        "Year Mnth Day Hr dayl(s) rain(mm/day)",
        "precipitation",
        f"{OFFICIAL} pet(mm/day)",
        "Year Year Mnth",
        "-",
        "NaN",
    ],
)
def test_other_names_are_never_assumed_to_be_official(folder, names):
    def change(lines):
        lines[3] = names

    edit_lines(forcing_file(folder), change)
    said = refused(forcing_file(folder))
    assert said.startswith(f", line 4: found '{names.lower()}', expected the columns Year Mnth Day")


def test_lines_are_counted_right_without_the_line_of_names(folder):
    def change(lines):
        del lines[3]
        words = lines[10].split("\t")
        words[TMAX] = "99.00"
        lines[10] = "\t".join(words)

    edit_lines(forcing_file(folder), change)
    assert refused(forcing_file(folder)).startswith(", line 11: tmax is 99.0, expected")


def test_a_column_that_is_gone_with_its_name_is_not_assumed(folder):
    def change(lines):
        lines[3:] = ["\t".join(line.split("\t")[:-1]) for line in lines[3:]]

    edit_lines(forcing_file(folder), change)
    assert ", line 5: 10 values in '" in refused(forcing_file(folder))


# Official files


@pytest.mark.camels
def test_official_daymet_with_odd_days(camels_daymet, camels_folder, tmp_path, caplog):
    folder = copytree(camels_daymet, tmp_path / "camels")
    copytree(camels_folder / "camels_attributes_v2.0", folder / "camels_attributes_v2.0")
    basins = sorted(path.name[:8] for path in folder.rglob("*_qc.txt"))
    (folder / "basins.txt").write_text("\n".join(basins) + "\n")
    with caplog.at_level(logging.WARNING):
        prepared = prepare_camels(
            folder,
            forcing="daymet",
            periods={"train": ["1999-10-01", "2008-09-30"], "test": ["1989-10-01", "1999-09-30"]},
            workers=2,
        )
    assert len(basins) == 16 and prepared.basins["used"].all()
    assert "basin 01434025: tmax is below tmin on 12 of 12784 days" in caplog.text
    notes = prepared.basins.set_index("basin")["note"]
    assert notes.str.extract(r"on (\d+) of")[0].dropna().astype(int).sum() == 21
    assert notes["01434025"] == "tmax is below tmin on 12 of 12784 days"
    odd = {"01054200", "01137500", "01350000", "01414500", "01434025", "01435000"}
    assert set(notes.index[notes != ""]) == odd


@pytest.mark.camels
@pytest.mark.parametrize("forcing", ["daymet", "maurer_extended"])
def test_official_files_with_exchanged_columns(camels_samples, tmp_path, forcing):
    """The mean daily range of these basins is 8 to 13 degC."""
    for path in (camels_samples / "basin_mean_forcing" / forcing).iterdir():
        lines = path.read_text().splitlines()
        for index, line in enumerate(lines[4:], 4):
            words = line.split()
            words[TMAX], words[TMIN] = words[TMIN], words[TMAX]
            lines[index] = "\t".join(words)
        damaged = tmp_path / path.name
        damaged.write_text("\n".join(lines) + "\n")
        assert "tmax" in refused(damaged)
