"""A new dataset in the layout of CAMELS-US is one file and one line."""

import pytest

from randvec.data import sources
from randvec.data.virtual.layout import layout
from randvec.errors import InputError

TOY = """
from randvec.data.sources import Source


def source(dataset, results):
    return Source("toy", "toy/basins.txt", lambda: ["toy/basins.txt", results])
"""


def test_a_new_dataset_is_one_file_and_one_line(tmp_path, monkeypatch):
    (tmp_path / "toy_source.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sources.SOURCES, "toy", sources.Kind("toy_source:source"))
    found = sources.describe({"source": "toy"}, "results/toy")
    assert (found.folder, found.basins) == ("toy", "toy/basins.txt")
    assert found.files() == ["toy/basins.txt", "results/toy"]


def test_virtual_catchments_lie_below_the_results():
    found = sources.describe({"source": "virtual", "virtual": {"basins": 3}}, "results/a")
    assert found.files() == layout("results/a/camels", 3)
    assert found.basins in found.files()


@pytest.fixture
def dataset(folder, tmp_path):
    (tmp_path / "list.txt").write_text("01000001\n")
    return {
        "source": "camels_us",
        "folder": str(folder),
        "basins": str(tmp_path / "list.txt"),
        "forcing": "maurer_extended",
    }


def test_of_camels_the_files_of_the_listed_basins_are_read(dataset, tmp_path):
    files = sources.describe(dataset, str(tmp_path / "results")).files()
    assert files[0] == dataset["basins"] and len(files) == 1 + 2 + 5
    assert sum("01000001" in file for file in files) == 2


def test_a_folder_that_is_gone_is_an_error_only_while_there_are_no_tables(dataset, tmp_path):
    results = tmp_path / "results"
    found = sources.describe(dataset | {"folder": "nowhere"}, str(results))
    with pytest.raises(InputError, match="nowhere: no such folder"):
        found.files()
    results.mkdir()
    (results / "series.parquet").touch()
    assert found.files() == ["nowhere/basin_mean_forcing"]
