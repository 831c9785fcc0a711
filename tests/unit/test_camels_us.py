"""The CAMELS reader: right numbers from right files, and the line at fault from all others."""

import numpy as np
import pandas as pd
import pytest
from small_camels import BASINS, edit_lines, find_file, forcing_file, streamflow_file

from randvec.data.camels_us import find_series, read_basin_list, source_files
from randvec.data.camels_us_attributes import read_attributes
from randvec.data.camels_us_series import read_forcing, read_streamflow, to_millimetres
from randvec.descriptors import PAPER
from randvec.errors import InputError

NAMES = [name for group in PAPER.values() for name in group]


def set_word(index, word):
    """A change of one word of the line at an index; columns of a forcing file count from 0."""

    def change(lines, line=9):
        words = lines[line].split("\t")
        words[index] = word
        lines[line] = "\t".join(words)

    return change


def refused(read, *arguments):
    with pytest.raises(InputError) as caught:
        read(*arguments)
    return str(caught.value)


def forcing_refused(folder, change):
    path = forcing_file(folder)
    edit_lines(path, change)
    said = refused(read_forcing, path)
    assert said.startswith(str(path))
    return said.removeprefix(str(path))


def streamflow_refused(folder, change):
    path = streamflow_file(folder)
    edit_lines(path, change)
    said = refused(read_streamflow, path, BASINS[0])
    assert said.startswith(str(path))
    return said.removeprefix(str(path))


def attributes_refused(folder, kind, change):
    path = find_file(folder, f"camels_{kind}.txt")
    edit_lines(path, change)
    said = refused(read_attributes, folder, NAMES)
    assert said.startswith(str(path))
    return said.removeprefix(str(path))


# Right files


def test_forcing_is_what_the_lines_say(folder):
    path = forcing_file(folder)
    days, area = read_forcing(path)
    lines = path.read_text().splitlines()
    assert area == float(lines[2])
    assert len(days) == len(lines) - 4
    for row in (0, 17, len(days) - 1):
        year, month, day, _, _, prcp, srad, _, tmax, tmin, vp = lines[4 + row].split()
        assert days["date"][row] == pd.Timestamp(int(year), int(month), int(day))
        expected = [float(word) for word in (prcp, srad, tmax, tmin, vp)]
        assert days.loc[row, ["prcp", "srad", "tmax", "tmin", "vp"]].tolist() == expected


def test_streamflow_is_what_the_lines_say(folder):
    path = streamflow_file(folder, BASINS[2])
    flow = read_streamflow(path, BASINS[2])
    lines = [line.split() for line in path.read_text().splitlines()]
    expected = [np.nan if line[5] == "M" else float(line[4]) for line in lines]
    assert np.isnan(expected).any()
    np.testing.assert_array_equal(flow["discharge"], expected)
    assert flow["date"].dt.strftime("%Y %m %d").tolist() == [" ".join(line[1:4]) for line in lines]


def test_one_cubic_foot_per_second_over_one_square_kilometre():
    # 0.0283168 m3/s * 86400 s / 1e6 m2 = 2.4466 mm
    assert to_millimetres(1.0, 1e6) == pytest.approx(0.3048**3 * 86400 / 1e6 * 1000, rel=1e-14)


def test_attributes_are_what_the_lines_say(folder):
    table = read_attributes(folder, NAMES).set_index("basin")
    assert list(table.index) == list(BASINS) and table.shape == (3, 29)
    for kind, name in (("clim", "aridity"), ("geol", "geol_permeability"), ("topo", "gauge_lon")):
        lines = find_file(folder, f"camels_{kind}.txt").read_text().splitlines()
        column = lines[0].split(";").index(name)
        assert table[name].tolist() == [float(line.split(";")[column]) for line in lines[1:]]


def test_official_exponents_in_attributes(folder):
    def change(lines):
        lines[1] = lines[1].replace(lines[1].split(";")[1], "9.82396387263089e-06", 1)

    edit_lines(find_file(folder, "camels_vege.txt"), change)
    assert read_attributes(folder, NAMES)["frac_forest"][0] == 9.82396387263089e-06


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_byte_order_mark_of_other_systems(folder, end):
    forcing, _ = read_forcing(forcing_file(folder))
    flow = read_streamflow(streamflow_file(folder), BASINS[0])
    for path in (forcing_file(folder), streamflow_file(folder), folder / "basins.txt"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", end.encode()))
    pd.testing.assert_frame_equal(read_forcing(forcing_file(folder))[0], forcing)
    pd.testing.assert_frame_equal(read_streamflow(streamflow_file(folder), BASINS[0]), flow)
    assert read_basin_list(folder / "basins.txt") == list(BASINS)


def test_columns_in_another_order_and_letters_of_another_size(folder):
    expected = read_forcing(forcing_file(folder))[0]

    def change(lines):
        lines[3] = lines[3].upper()
        lines[3:] = [" ".join(reversed(line.split("\t"))) for line in lines[3:]]

    edit_lines(forcing_file(folder), change)
    pd.testing.assert_frame_equal(read_forcing(forcing_file(folder))[0], expected)


def test_no_line_end_after_a_whole_last_line(folder):
    path = forcing_file(folder)
    expected = read_forcing(path)[0]
    path.write_text(path.read_text().removesuffix("\n"))
    pd.testing.assert_frame_equal(read_forcing(path)[0], expected)


def test_folders_per_region_or_none(folder):
    expected = read_forcing(forcing_file(folder))[0]
    for path in [*folder.rglob("*_leap.txt"), *folder.rglob("*_qc.txt")]:
        path.rename(path.parent.parent / path.name)
    forcing_files, streamflow_files = find_series(folder, "maurer_extended")
    assert tuple(forcing_files) == tuple(streamflow_files) == BASINS
    pd.testing.assert_frame_equal(read_forcing(forcing_files[BASINS[0]])[0], expected)
    files = source_files(folder, "maurer_extended", list(BASINS[:2]))
    assert len(files) == 2 + 2 + 5


@pytest.mark.camels
@pytest.mark.parametrize("forcing", ["daymet", "maurer", "maurer_extended", "nldas"])
def test_all_official_forcings(camels_samples, forcing):
    files, _ = find_series(camels_samples, forcing)
    assert len(files) == 4
    for path in files.values():
        days, area = read_forcing(path)
        lines = path.read_text().splitlines()
        assert len(days) == len(lines) - 4 and area == float(lines[2])
        for row in (0, 500, len(days) - 1):
            words = lines[4 + row].split()
            expected = [float(words[index]) for index in (5, 6, 8, 9, 10)]
            assert days.iloc[row, 1:].tolist() == expected


# Basin lists


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("01022500\n1022500\n", "line 2: '1022500' is no basin id; expected eight digits with"),
        ("01022500\n\nMachias\n", "line 3: 'Machias' is no basin id; expected eight digits with"),
        ("01022500\n\n01013500\n01022500\n", "line 4: basin 01022500 stands in line 1 already"),
        ("", "no basin in it; expected one id a line"),
        ("\n \n", "no basin in it; expected one id a line"),
        ("01022500\n0101350\u0664\n", "line 2: '0101350\u0664' is no basin id; expected eight"),
    ],
)
def test_a_bad_basin_list(tmp_path, text, said):
    path = tmp_path / "list.txt"
    path.write_text(text, encoding="utf-8")
    found = refused(read_basin_list, path)
    assert found.startswith(str(path)) and said in found


def test_a_basin_list_that_is_not_there(tmp_path):
    assert "can't be read (No such file or directory)" in refused(read_basin_list, tmp_path / "x")


# Forcing


@pytest.mark.parametrize("area", ["0", "0.00", "", "-5000000", "44.82", "nan", "5e8", "1 2"])
def test_a_header_without_a_possible_area(folder, area):
    def change(lines):
        lines[2] = area

    said = forcing_refused(folder, change)
    assert said.startswith(f", line 3: found '{area}', expected the drainage area")


def test_a_header_without_its_area_line(folder):
    def change(lines):
        del lines[2]

    assert ", line 3: found 'Year" in forcing_refused(folder, change)


def test_header_lines_exchanged(folder):
    def change(lines):
        lines[0], lines[2] = lines[2], lines[0]

    said = forcing_refused(folder, change)
    assert said.startswith(", line 1: found '") and "expected the latitude, -90 to 90" in said


def test_a_column_without_its_name(folder):
    def change(lines):
        lines[3] = lines[3].replace("srad(W/m2)", "srad(J/m2)")

    said = forcing_refused(folder, change)
    assert said.startswith(", line 4: found 'year mnth") and "srad(W/m2)" in said


def test_a_file_that_ends_in_its_header(folder):
    path = forcing_file(folder)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:4]))
    assert refused(read_forcing, path) == (
        f"{path}: no day in it; expected a line a day from line 5"
    )


def test_a_truncated_line(folder):
    def change(lines):
        lines[99] = "\t".join(lines[99].split("\t")[:7])

    said = forcing_refused(folder, change)
    assert said.startswith(", line 100: 7 values in '") and "expected 11: year mnth day" in said


def test_a_blank_line_among_the_days(folder):
    assert ", line 10: 0 values in ''" in forcing_refused(folder, lambda lines: lines.insert(9, ""))


@pytest.mark.parametrize("word", ["4.2l", "4.e1", "4e1", "4.2e1", "4.", ".5", "4", "nan", "1,5"])
def test_a_word_that_is_no_number(folder, word):
    said = forcing_refused(folder, set_word(5, word))
    assert said.startswith(f", line 10: prcp is '{word}', expected a number with decimals")


def test_a_file_cut_inside_its_last_number(folder):
    path = forcing_file(folder)
    path.write_text(path.read_text()[:-2])
    last = len(path.read_text().splitlines())
    said = refused(read_forcing, path)
    assert said.startswith(f"{path}, line {last}: the file ends without a line end and may be cut")


@pytest.mark.parametrize(
    ("column", "word", "said"),
    [
        (2, "31", "line 10: 1990-10-31 after 1990-10-05: days are missing, 25 of them"),
        (1, "13", "line 10: 1990-13-6 is no day of the calendar"),
        (2, "32", "line 10: 1990-10-32 is no day of the calendar"),
        (2, "0", "line 10: 1990-10-0 is no day of the calendar"),
        (0, "90", "line 10: 90-10-6 is no day of the calendar"),
        (5, "-1.0", "line 10: prcp is -1.0, expected 0 to 2000 mm/day"),
        (6, "9999.0", "line 10: srad is 9999.0, expected 0 to 1000 w/m2"),
        (8, "66.0", "line 10: tmax is 66.0, expected -90 to 65 c"),
        (9, "64.0", "is below tmin 64.0"),
        (10, "9999.0", "line 10: vp 9999.0 Pa is far above saturation at tmax"),
    ],
)
def test_an_impossible_value(folder, column, word, said):
    assert said in forcing_refused(folder, set_word(column, word))


def test_a_day_missing(folder):
    def change(lines):
        del lines[9]

    said = forcing_refused(folder, change)
    assert said.startswith(", line 10: 1990-10-07 after 1990-10-05: days are missing, 1 of them")


def test_a_day_doubled(folder):
    said = forcing_refused(folder, lambda lines: lines.insert(9, lines[9]))
    assert said.startswith(", line 11: 1990-10-06 after 1990-10-06: a day is doubled or out of")


@pytest.mark.parametrize(
    "pair", [(5, 6), (5, 7), (5, 8), (5, 10), (6, 8), (6, 10), (8, 9), (8, 10)]
)
def test_exchanged_columns(folder, pair):
    def change(lines):
        for index in range(4, len(lines)):
            words = lines[index].split("\t")
            words[pair[0]], words[pair[1]] = words[pair[1]], words[pair[0]]
            lines[index] = "\t".join(words)

    assert "compare with the original file" in forcing_refused(folder, change).lower()


# Streamflow


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("01000001", "01000002", "line 8: basin is '01000002', expected 01000001"),
        (" A", " Q", "line 8: flag is 'Q', expected A or A:e or A:< or M"),
        (" A", " M", "with flag M; expected 0 to 1e+07, or -999.00 with flag M"),
        (" A", "", "line 8: 5 values in"),
        (" 1990", " 199O", "line 8: year is '199O', expected a whole number"),
        (" 08 ", " 07 ", "line 8: 1990-10-07 after 1990-10-07: a day is doubled or out of order"),
        (" 08 ", " 38 ", "line 8: 1990-10-38 is no day of the calendar"),
    ],
)
def test_a_damaged_line_of_streamflow(folder, old, new, said):
    def change(lines):
        assert old in lines[7]
        lines[7] = lines[7].replace(old, new, 1)

    assert said in streamflow_refused(folder, change)


def test_a_negative_discharge(folder):
    def change(lines):
        lines[7] = f"{BASINS[0]} 1990 10 08    -3.00 A"

    assert ", line 8: discharge -3.0 with flag A" in streamflow_refused(folder, change)


def test_two_files_of_one_basin(folder):
    path = forcing_file(folder)
    second = path.parent.parent / path.name
    second.write_bytes(path.read_bytes())
    assert find_series(folder, "maurer_extended")[0][BASINS[0]] in (path, second)
    second.write_bytes(path.read_bytes() + b" ")
    said = refused(find_series, folder, "maurer_extended")
    assert said.startswith("basin 01000001 has two files that differ")
    assert said.count(path.name) == 2
    assert BASINS[1] in find_series(folder, "maurer_extended", BASINS[1:])[0]


# Attributes


def test_a_missing_attribute_file(folder):
    find_file(folder, "camels_soil.txt").unlink()
    assert refused(read_attributes, folder, NAMES).startswith(f"{folder}: no camels_soil.txt")


def test_a_missing_attribute_column(folder):
    def change(lines):
        lines[0] = lines[0].replace("aridity", "arid")

    said = attributes_refused(folder, "clim", change)
    assert said.startswith(", line 1: expected one column aridity")


def test_a_truncated_attribute_line(folder):
    def change(lines):
        lines[2] = lines[2][:30]

    assert ", line 3: 4 values, expected 12" in attributes_refused(folder, "clim", change)


def test_a_basin_twice_in_the_attributes(folder):
    said = attributes_refused(folder, "clim", lambda lines: lines.append(lines[1]))
    assert said == ", line 5: basin 01000001 stands twice; remove one"


def test_an_attribute_id_without_its_zero(folder):
    def change(lines):
        lines[1] = lines[1][1:]

    said = attributes_refused(folder, "clim", change)
    assert said.startswith(", line 2: '1000001' is no basin id; expected eight digits")


@pytest.mark.parametrize("word", ["4.l", "4.2e1", "1.5", "-0.1", "inf"])
def test_an_attribute_that_is_no_share(folder, word):
    def change(lines):
        words = lines[1].split(";")
        words[1] = word
        lines[1] = ";".join(words)

    said = attributes_refused(folder, "vege", change)
    assert said.startswith(f", line 2: frac_forest is '{word}', expected a number from 0 to 1")


def test_attributes_cut_inside_the_last_number(folder):
    path = find_file(folder, "camels_geol.txt")
    path.write_text(path.read_text()[:-3])
    said = refused(read_attributes, folder, NAMES)
    assert said.startswith(f"{path}, line 4: the file ends without a line end and may be cut")
