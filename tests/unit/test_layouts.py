"""Where the text files may lie, what is there twice, and what is said where nothing is found."""

from pathlib import Path

import pytest
from small_camels import BASINS, edit_lines, forcing_file, prepare_camels

from randvec.data.camels_us import find_attributes, find_root, find_series
from randvec.data.camels_us_attributes import read_attributes
from randvec.data.fetch import missing_files
from randvec.descriptors import PAPER
from randvec.errors import InputError

NAMES = [name for group in PAPER.values() for name in group]

SOURCES = Path(__file__).parents[2] / "config/sources/camels_us.yaml"
DEEP = "basin_timeseries_v1p2_metForcing_obsFlow/basin_dataset_public_v1p2"
FORCING, FLOW = "basin_mean_forcing", "usgs_streamflow"
V1, V2 = "camels_attributes_v1.0", "camels_attributes_v2.0"


def move(folder, names, below):
    for name in names:
        target = folder / below / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(target)


def refused(function, *arguments):
    with pytest.raises(InputError) as caught:
        function(*arguments)
    said = str(caught.value)
    assert len(said) < 1000 and said.count("\n") < 10
    return said


# Depths


@pytest.mark.parametrize("attributes", ["", "one", DEEP])
@pytest.mark.parametrize("series", ["", "one", DEEP])
def test_both_archives_may_lie_two_levels_down(folder, series, attributes):
    expected = prepare_camels(folder)
    move(folder, [FORCING, FLOW], series)
    move(folder, [V2], attributes)
    found = prepare_camels(folder)
    assert found.series.equals(expected.series)
    assert found.descriptors.equals(expected.descriptors)
    assert find_root(folder) == folder / series


def test_an_archive_unpacked_into_a_folder_of_its_own_name(folder):
    for name in (FLOW, V2):
        (folder / name).rename(folder / "inner")
        (folder / name).mkdir()
        (folder / "inner").rename(folder / name / name)
    assert prepare_camels(folder).basins["used"].all()


def test_forcing_and_streamflow_may_lie_apart(folder):
    move(folder, [FLOW], DEEP)
    assert prepare_camels(folder).basins["used"].all()
    (folder / V2 / "camels_hydro.txt").touch()  # official, but virtual catchments lack it
    dataset = {"source": "camels_us", "folder": str(folder), "forcing": "maurer_extended"}
    assert missing_files(dataset, SOURCES) == []


def test_attribute_files_may_lie_beside_the_series(folder):
    for path in list((folder / V2).iterdir()):
        path.rename(folder / path.name)
    move(folder, [FORCING, FLOW, *(path.name for path in folder.glob("camels_*.txt"))], DEEP)
    assert prepare_camels(folder).basins["used"].all()


# What is there twice


def forcing_twice(folder):
    path = forcing_file(folder)
    return path, path.parent.parent / "99" / path.name


def flow_twice(folder):
    path = next((folder / FLOW).rglob("*.txt"))
    return path, folder / DEEP / FLOW / "01" / path.name


def attributes_twice(folder):
    return folder / V2 / "camels_soil.txt", folder / V1 / "camels_soil.txt"


def attributes_loose(folder):
    return folder / V2 / "camels_topo.txt", folder / "camels_topo.txt"


TWICE = [forcing_twice, flow_twice, attributes_twice, attributes_loose]


@pytest.mark.parametrize("places", TWICE)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
        lambda text: text.removesuffix(b"\n"),
    ],
)
def test_files_that_differ_by_line_ends_alone_are_the_same(folder, places, change):
    expected = prepare_camels(folder)
    first, second = places(folder)
    second.parent.mkdir(parents=True, exist_ok=True)
    second.write_bytes(change(first.read_bytes()))
    found = prepare_camels(folder)
    assert found.series.equals(expected.series)
    assert found.descriptors.equals(expected.descriptors)


@pytest.mark.parametrize("places", TWICE)
def test_files_that_differ_are_refused_with_both_names(folder, places):
    first, second = places(folder)
    second.parent.mkdir(parents=True, exist_ok=True)
    head, _, tail = first.read_bytes().rpartition(b"1")
    second.write_bytes((head + b"2" + tail).replace(b"\n", b"\r\n"))
    with pytest.raises(InputError) as caught:
        prepare_camels(folder)
    said = str(caught.value)
    assert str(first) in said and str(second) in said and "two files that differ" in said
    assert "keep the right one" in said


def test_a_link_to_a_folder_is_no_second_file(folder):
    (folder / "link").symlink_to(folder)
    assert prepare_camels(folder).basins["used"].all()


@pytest.mark.parametrize("version", [V1, "camels_attributes_v3.0"])
def test_files_of_two_versions_are_not_mixed(folder, version):
    (folder / version).mkdir()
    (folder / V2 / "camels_soil.txt").rename(folder / version / "camels_soil.txt")
    said = refused(read_attributes, folder, NAMES)
    assert V2 in said and f"{version}/camels_soil.txt" in said
    assert "two versions of the attributes" in said


def test_a_version_alone_is_read(folder):
    (folder / V2).rename(folder / V1)
    assert {path.parent.name for path in find_attributes(folder).values()} == {V1}
    assert prepare_camels(folder).basins["used"].all()


# Nothing found


@pytest.mark.parametrize(
    ("name", "called", "below", "file"),
    [
        (FLOW, "usgs-streamflow", "", f"{BASINS[0]}_streamflow_qc.txt"),
        (FLOW, "usgs-streamflow", DEEP, f"{BASINS[0]}_streamflow_qc.txt"),
        (FLOW, "Streamflow", "", f"{BASINS[0]}_streamflow_qc.txt"),
        (FORCING, "basin-mean-forcing", "", f"{BASINS[0]}_lump_maurer_forcing_leap.txt"),
        (f"{FORCING}/maurer_extended", "maurer_extended", "", "_lump_maurer_forcing_leap.txt"),
        (f"{FORCING}/maurer_extended", f"{FORCING}/maurer-extended", "", "maurer_forcing_leap.txt"),
    ],
)
def test_a_folder_of_another_name_is_named(folder, name, called, below, file):
    (folder / name).rename(folder / called)
    if below:
        move(folder, [FORCING, called], below)
    said = refused(find_series, folder, "maurer_extended", list(BASINS))
    official = name if name == FLOW else f"{FORCING}/maurer_extended"
    assert said.startswith(f"{folder / official}: no file of any of the 3 basins; expected ")
    assert file in said and f"Found instead: {folder / below / called}. Rename" in said


def test_a_forcing_set_that_is_not_there(folder):
    said = refused(find_series, folder, "daymet", list(BASINS))
    assert f"{BASINS[0]}_lump_cida_forcing_leap.txt" in said
    assert f"Found instead: {folder / FORCING}/maurer_extended. " in said


def test_files_of_other_basins_alone(folder):
    for path in list((folder / FLOW).rglob("*.txt")):
        path.rename(path.with_name(f"99{path.name[2:]}"))
    said = refused(find_series, folder, "maurer_extended", list(BASINS))
    assert f"Looked in: {folder / FLOW} (01/99000001_streamflow_qc.txt, and 2 more)" in said
    assert said.endswith(
        f"let the target `fetch` bring all of it after {folder / FLOW} was moved away"
    )


def test_a_folder_with_nothing_of_it(tmp_path):
    said = refused(find_series, tmp_path, "nldas", [f"{n:08}" for n in range(531)])
    assert "any of the 531 basins" in said and "Found instead: no file." in said
    assert said.endswith("or let the target `fetch` bring what is missing")


def test_attributes_that_are_nowhere(folder):
    (folder / V2).rename(folder / "attributes")
    said = refused(read_attributes, folder, NAMES)
    assert said.startswith(f"{folder}: no camels_clim.txt, camels_topo.txt, ") and V2 in said
    assert f"Found instead: {folder / 'attributes'}." in said


# Incomplete basins


def test_many_incomplete_basins_are_counted_and_the_log_names_them(folder, caplog):
    (folder / "basins.txt").write_text("\n".join([*BASINS, *(f"{n:08}" for n in range(500))]))
    with pytest.raises(InputError) as caught:
        prepare_camels(folder)
    said = str(caught.value)
    assert "500 of 503 basins are incomplete (00000000: no forcing file; no streamflow" in said
    assert "; and 494 more); the log names all. Add" in said and len(said) < 1200
    assert "incomplete, no forcing file; no streamflow file; no attributes: 0" in caplog.text
    assert all(f"{n:08}" in caplog.text for n in range(500)) and caplog.text.count("\n") < 10


def test_a_long_list_of_faults_of_one_basin_is_cut(folder):
    for kind in ("clim", "soil", "vege", "geol"):
        edit_lines(folder / V2 / f"camels_{kind}.txt", lambda lines: lines.pop(1))
    with pytest.raises(InputError, match=r"\(01000001: camels_clim.txt has no value.*\.\.\.\)"):
        prepare_camels(folder)
