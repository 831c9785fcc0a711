"""The sources of data: their defaults, and what they read."""

import os
import shutil

import pytest
from small_camels import edit_lines, forcing_file

from randvec.data import sources
from randvec.data.virtual.layout import layout
from randvec.errors import InputError
from randvec.simulation.section import Simulation

TOY = """
from randvec.data.reader import Reader


def forcings(dataset):
    return ["rain"]


def descriptors(dataset):
    return {"land": ["slope"], "air": ["heat"]}


class Toy(Reader):
    def __init__(self, dataset):
        self.dataset = dataset

    def files(self):
        return [self.dataset["name"]]

    def basins(self):
        return ["a"]

    def record(self, basin):
        return None

    def attributes(self):
        return None
"""


def test_a_new_source_is_one_file_and_one_entry(tmp_path, monkeypatch):
    (tmp_path / "toy_source.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sources.SOURCES, "toy", sources.Source("toy_source:Toy"))
    dataset = {"name": "n", "source": "toy", "forcing": "daymet", "virtual": {}}
    filled = sources.with_defaults(dataset)
    assert filled == {
        "name": "n",
        "source": "toy",
        "forcings": ["rain"],
        "descriptors": {"land": ["slope"], "air": ["heat"]},
    }
    assert sources.reader(filled).files() == ["n"]
    # Groups in the order of the source, others after them by name, whatever the configuration has.
    groups = {"b": ["x"], "air": ["heat"], "a": ["y"], "land": ["slope"]}
    filled = sources.with_defaults({**dataset, "descriptors": groups, "forcings": ["snow", "rain"]})
    assert list(filled["descriptors"]) == ["land", "air", "a", "b"]
    assert filled["forcings"] == ["snow", "rain"]


def test_descriptors_that_are_named_keep_other_columns_from_being_looked_at(tmp_path):
    path = tmp_path / "descriptors.csv"
    path.write_text(",basin,area,slope\n0,a,1,2\n1,b,2,1\n")
    dataset = {"name": "n", "source": "tables", "forcings": ["rain"], "descriptor_table": str(path)}
    with pytest.raises(InputError, match="a column has no name"):
        sources.with_defaults(dataset)
    named = dataset | {"descriptors": {"land": ["area", "slope"]}}
    assert sources.with_defaults(named)["descriptors"] == named["descriptors"]


@pytest.fixture
def camels(folder):
    """A section `dataset` of three basins of CAMELS-US."""
    dataset = {"name": "none", "source": "camels_us", "folder": str(folder)}
    dataset |= {"forcing": "maurer_extended", "basins": str(folder / "basins.txt")}
    return sources.with_defaults(dataset)


def test_the_stamp_of_the_data_follows_their_dates_and_not_that_of_the_list(camels, folder):
    first = sources.stamp(camels)
    os.utime(folder / "basins.txt", (0, 0))
    assert sources.stamp(camels) == first
    forcing = forcing_file(folder)
    when = forcing.stat().st_mtime
    os.utime(forcing, (0, 0))
    assert sources.stamp(camels) != first
    os.utime(forcing, (when, when))
    assert sources.stamp(camels) == first


def test_a_simulation_without_discharge_has_a_stamp_of_its_forcing(camels, folder, tmp_path):
    shutil.rmtree(folder / "usgs_streamflow")
    simulation = Simulation("new", ["CN"], [], camels, "run", "to", {"CN": [str(tmp_path)]})
    first = simulation.found()
    assert first[str(tmp_path)] == ""
    os.utime(forcing_file(folder), (0, 0))
    assert simulation.found()["basins"] != first["basins"]


def test_virtual_catchments_lie_below_the_results():
    dataset = {"name": "a", "source": "virtual", "virtual": {"basins": 3}, "forcing": "maurer"}
    found = sources.reader(sources.with_defaults(dataset))
    assert found.files() == layout("results/a/camels", 3)
    assert len(found.basins()) == 3


@pytest.fixture
def dataset(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.txt").write_text("01000001\n")
    return sources.with_defaults(
        {
            "name": "t",
            "source": "camels_us",
            "folder": str(folder),
            "basins": str(tmp_path / "list.txt"),
            "forcing": "maurer_extended",
        }
    )


def test_of_camels_the_files_of_the_listed_basins_are_read(dataset):
    files = sources.reader(dataset).files()
    assert files[0] == dataset["basins"] and len(files) == 1 + 2 + 5
    assert sum("01000001" in file for file in files) == 2


def test_a_folder_that_is_gone_is_an_error_only_while_there_are_no_tables(dataset, tmp_path):
    gone = dataset | {"folder": "nowhere"}
    with pytest.raises(InputError, match="nowhere: no such folder"):
        sources.files(gone)
    (tmp_path / "results/t").mkdir(parents=True)
    (tmp_path / "results/t/series.parquet").touch()
    assert sources.files(gone) == ["nowhere/gone"]


def test_columns_of_several_forcing_sets_are_named_by_set(folder, dataset):
    shutil.copytree(
        folder / "basin_mean_forcing/maurer_extended", folder / "basin_mean_forcing/maurer"
    )
    asked = {k: v for k, v in dataset.items() if k not in ("forcings", "descriptors")}
    asked = sources.with_defaults(asked | {"forcing": ["maurer_extended", "maurer"]})
    assert asked["forcings"][:2] == ["prcp_maurer_extended", "srad_maurer_extended"]
    assert len(asked["forcings"]) == 10
    both = sources.reader(asked).record("01000001")
    one = sources.reader(dataset).record("01000001")
    assert list(both.days) == ["date", *asked["forcings"], "discharge"]
    for forcing in asked["forcing"]:
        assert both.days[f"tmax_{forcing}"].equals(one.days["tmax"])
    assert both.days["discharge"].equals(one.days["discharge"]) and both.area == one.area
    assert sources.with_defaults({**dataset, "forcing": ["daymet"]})["forcing"] == "daymet"


def test_forcing_sets_without_a_common_day_are_incomplete(folder, dataset):
    sets = folder / "basin_mean_forcing"
    shutil.copytree(sets / "maurer_extended", sets / "maurer")
    edit_lines(next((sets / "maurer").rglob("01000001*")), half(4, 200))
    edit_lines(next((sets / "maurer_extended").rglob("01000001*")), half(200, None))
    asked = {k: v for k, v in dataset.items() if k not in ("forcings", "descriptors")}
    asked = sources.with_defaults(asked | {"forcing": ["maurer_extended", "maurer"]})
    record = sources.reader(asked).record("01000001")
    assert record.faults == ["no day that all its forcing sets have"] and record.days.empty


def half(first, last):
    """A change that takes some lines out of a file."""

    def change(lines):
        del lines[first:last]

    return change


def test_a_basin_that_one_of_several_forcing_sets_lacks_is_incomplete(folder, dataset, tmp_path):
    sets = folder / "basin_mean_forcing"
    shutil.copytree(sets / "maurer_extended", sets / "maurer")
    next((sets / "maurer").rglob("01000001*")).unlink()
    (tmp_path / "two.txt").write_text("01000001\n01000002\n")
    dataset = dataset | {"basins": str(tmp_path / "two.txt")}
    asked = {k: v for k, v in dataset.items() if k not in ("forcings", "descriptors")}
    asked = sources.with_defaults(asked | {"forcing": ["maurer_extended", "maurer"]})
    record = sources.reader(asked).record("01000001")
    assert record.faults == ["no forcing file of maurer"] and record.days.empty
    assert list(record.days) == ["date", *asked["forcings"], "discharge"]


@pytest.mark.parametrize(
    ("name", "hint"), [("tmx", "did you mean 'tmax'?"), ("swe", "there are prcp, srad, tmax")]
)
def test_a_forcing_that_is_not_read_is_refused(dataset, name, hint):
    with pytest.raises(InputError) as caught:
        sources.reader(dataset | {"forcings": ["prcp", name]})
    said = str(caught.value)
    assert said.startswith(f"config: dataset.forcings has '{name}', which is not") and hint in said


def test_descriptors_of_camels_are_columns_of_its_attribute_files(dataset):
    chosen = {"mine": ["aridity", "area_gages2", "slope_mean"]}
    table = sources.reader(dataset | {"descriptors": chosen}).attributes()
    assert list(table) == ["basin", *chosen["mine"], "gauge_lat", "gauge_lon"]
    with pytest.raises(InputError, match=r"has 'ariditi', which is no column .* mean 'aridity'"):
        sources.reader(dataset | {"descriptors": {"mine": ["ariditi"]}}).attributes()


@pytest.mark.parametrize("source", ["caravan", "camels_ch", "camels_de"])
@pytest.mark.parametrize("listed", [True, False])
def test_without_its_folder_the_basins_are_those_of_the_list_or_the_tables(
    source, listed, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "results/x"
    results.mkdir(parents=True)
    dataset = {"name": "x", "source": source, "folder": str(tmp_path / "not_mounted")}
    dataset |= {"forcings": [], "descriptors": {}}
    if listed:
        (tmp_path / "list.txt").write_text("b_2\nb_1\n")
        dataset["basins"] = "list.txt"
    with pytest.raises(InputError):  # nor is there a table
        sources.files(dataset)
    (results / "series.parquet").touch()
    (results / "basins.csv").write_text("basin,used,reason,note\nb_2,True,,\nb_1,False,x,\n")
    assert sources.asked_basins(dataset) == ["b_1", "b_2"]
    assert sources.files(dataset) == [f"{dataset['folder']}/gone"]


@pytest.mark.parametrize(
    ("source", "dataset", "precipitation"),
    [
        ("camels_us", {"forcing": "daymet", "forcings": ["prcp", "vp"]}, "prcp"),
        ("camels_us", {"forcing": "daymet", "forcings": ["vp"]}, ""),
        (
            "camels_us",
            {"forcing": ["nldas", "daymet"], "forcings": ["vp_daymet", "prcp_nldas"]},
            "prcp_nldas",
        ),
        ("camels_ch", {"forcings": ["precipitation"]}, "precipitation"),
        ("tables", {"forcings": ["prcp"]}, ""),
    ],
)
def test_precipitation_is_a_forcing_that_the_networks_are_shown(source, dataset, precipitation):
    assert sources.precipitation_of({"source": source, **dataset}) == precipitation
