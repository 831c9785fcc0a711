"""Values that no catchment has, in any attribute file, and folders that hold two versions."""

import pytest
from small_camels import BASINS, edit_lines, find_file

from randvec.data.camels_us import KINDS
from randvec.data.camels_us_attributes import BOUNDS, read_attributes
from randvec.data.reader import COORDINATES
from randvec.descriptors import PAPER
from randvec.errors import InputError

NAMES = [name for group in PAPER.values() for name in group]
FILE_OF = {name: kind for kind, names in zip(KINDS, PAPER.values(), strict=True) for name in names}
FILE_OF |= dict.fromkeys(COORDINATES, "topo")


def set_value(path, name, word, line=2):
    def change(lines):
        words = lines[line].split(";")
        words[lines[0].split(";").index(name)] = word
        lines[line] = ";".join(words)

    edit_lines(path, change)


def refused(folder):
    with pytest.raises(InputError) as caught:
        read_attributes(folder, NAMES)
    assert len(str(caught.value)) < 700
    return str(caught.value)


def test_every_descriptor_and_coordinate_has_bounds():
    assert set(BOUNDS) == set(FILE_OF) and len(FILE_OF) == 29


@pytest.mark.parametrize("name", FILE_OF)
def test_marks_for_a_missing_value_are_no_values(folder, name):
    path = find_file(folder, f"camels_{FILE_OF[name]}.txt")
    original = path.read_bytes()
    for word in ("-999", "-9999", "-999.0", "-9999.00", "-99", "-99.99", "1e+20"):
        if name == "gauge_lon" and word.startswith("-99") and "999" not in word:
            continue  # a longitude in the middle of the country
        set_value(path, name, word)
        said = refused(folder)
        low, high, unit = BOUNDS[name]
        assert said.startswith(f"{path}, line 3: {name} is '{word}', expected a number from ")
        assert (
            f" from {low:g} to {high:g} {unit}".rstrip() in said and f"(basin {BASINS[1]})" in said
        )
        path.write_bytes(original)


@pytest.mark.parametrize("word", ["-99", "-999.000000", "-9999"])
def test_marks_in_an_attribute_without_bounds_are_no_values(folder, word):
    set_value(find_file(folder, "camels_vege.txt"), "root_depth_50", word)
    with pytest.raises(
        InputError, match=f"line 3: root_depth_50 is '{word}', which looks like a mark, "
    ):
        read_attributes(folder, ["p_mean", "root_depth_50"])


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("p_mean", "-0.1"),
        ("pet_mean", "0"),
        ("p_seasonality", "2.5"),
        ("frac_snow", "1.01"),
        ("aridity", "-1.2"),
        ("high_prec_freq", "400"),
        ("low_prec_dur", "-3"),
        ("elev_mean", "-501"),
        ("elev_mean", "9999"),
        ("slope_mean", "-0.5"),
        ("area_gages2", "0"),
        ("area_gages2", "-12.5"),
        ("lai_max", "-0.1"),
        ("gvf_diff", "31.5"),
        ("soil_depth_statsgo", "150"),
        ("soil_porosity", "45.2"),
        ("soil_conductivity", "-1.1"),
        ("max_water_content", "-0.4"),
        ("clay_frac", "101"),
        ("geol_permeability", "14.1"),
        ("gauge_lat", "-44.6"),
        ("gauge_lon", "67.9"),
    ],
)
def test_impossible_values(folder, name, word):
    path = find_file(folder, f"camels_{FILE_OF[name]}.txt")
    set_value(path, name, word, line=1)
    said = refused(folder)
    assert said.startswith(f"{path}, line 2: {name} is '{word}', expected a number from ")
    assert f"(basin {BASINS[0]})" in said


def test_values_at_the_bounds_and_small_negative_ones_are_read(folder):
    words = {"elev_mean": "-3.2", "p_seasonality": "-1.435461", "frac_snow": "0", "gvf_diff": "0.0",
             "lai_diff": "0.154410", "geol_permeability": "-16.5"}  # fmt: skip
    for name, word in words.items():
        set_value(find_file(folder, f"camels_{FILE_OF[name]}.txt"), name, word)
    row = read_attributes(folder, NAMES).set_index("basin").loc[BASINS[1]]
    assert row[list(words)].tolist() == [float(word) for word in words.values()]


def test_a_basin_that_nobody_asked_for_is_no_excuse(folder):
    """A file with one impossible value is damaged, and what else is, nobody knows."""
    path = find_file(folder, "camels_soil.txt")
    edit_lines(path, lambda lines: lines.append(lines[1].replace(BASINS[0], "18000009")))
    set_value(path, "soil_conductivity", "-999", line=4)
    assert "(basin 18000009)" in refused(folder)


@pytest.mark.camels
def test_all_671_basins_are_possible(camels_folder):
    table = read_attributes(camels_folder, NAMES)
    assert len(table) == 671 and not table.isna().any(axis=None)
