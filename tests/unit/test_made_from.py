"""Tables are used without the folder that they were read from only if nothing else is asked for."""

import copy
import re
import shutil

import pytest

from randvec.data.made_from import MADE_WITH_IT, check_made_from, made_from, write_made_from
from randvec.data.sources import asked_basins
from randvec.errors import InputError


@pytest.fixture
def config(tmp_path):
    (tmp_path / "camels/basin_mean_forcing").mkdir(parents=True)
    (tmp_path / "list.txt").write_text("01013500\n01022500\n")
    return {
        "dataset": {
            "name": "t", "source": "camels_us", "folder": str(tmp_path / "camels"),
            "forcing": "maurer_extended", "forcings": ["prcp", "tmax"],
            "basins": str(tmp_path / "list.txt"),
            "incomplete_basins": "stop",
        },
        "periods": {"train": ["2000-10-01", "2001-09-30"], "test": ["1999-10-01", "2000-09-30"]},
        "training": {"sequence_length": 10, "hidden": 4},
    }  # fmt: skip


@pytest.fixture
def results(config, tmp_path):
    """Tables that were made from the configuration; the folder is gone since."""
    results = tmp_path / "results/t"
    results.mkdir(parents=True)
    for name in ("series.parquet", *MADE_WITH_IT):
        (results / name).touch()
    write_made_from(made_from(config), results / "made_from.json")
    shutil.rmtree(config["dataset"]["folder"])
    return results


def test_what_was_made_from_the_same_settings_is_used(config, results):
    config["training"]["hidden"] = 8
    config["dataset"]["sources"] = "elsewhere.yaml"
    check_made_from(config, results)


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("dataset", "forcing", "daymet", "made from maurer_extended, asked for daymet"),
        ("dataset", "incomplete_basins", "drop", "made from stop, asked for drop"),
        ("dataset", "folder", "other", "asked for other"),
        ("periods", "test", ["1998-10-01", "2000-09-30"], "asked for 1998-10-01 to 2000-09-30"),
        ("periods", "validation", ["1997-10-01", "1998-09-30"], "validation: made from nothing"),
        ("training", "sequence_length", 20, "sequence_length: made from 10, asked for 20"),
    ],
)  # fmt: skip
def test_tables_of_other_settings_are_refused(config, results, section, key, value, said):
    config[section][key] = value
    with pytest.raises(InputError, match=re.escape(said)) as error:
        check_made_from(config, results)
    assert "put the folder back (CAMELS-US comes by the target `fetch`), or choose" in str(
        error.value
    )


def test_tables_of_another_source_are_refused(config, results):
    settings = copy.deepcopy(config)
    settings["dataset"] = {"name": "t", "source": "virtual", "virtual": {"basins": 3}}
    write_made_from(made_from(settings), results / "made_from.json")
    with pytest.raises(InputError, match="source: made from virtual, asked for camels_us"):
        check_made_from(config, results)


def test_basins_that_are_not_in_the_tables_are_named(config, results, tmp_path):
    (tmp_path / "list.txt").write_text("01022500\n02000001\n02000002\n02000003\n02000004\n")
    with pytest.raises(InputError) as error:
        check_made_from(config, results)
    assert "4 not in it: 02000001, 02000002, 02000003, and 1 more;" in str(error.value)
    assert "1 not asked for: 01013500" in str(error.value)


def test_the_same_list_under_another_name_and_order_is_the_same(config, results, tmp_path):
    (tmp_path / "other.txt").write_text("01022500\n01013500\n")
    config["dataset"]["basins"] = str(tmp_path / "other.txt")
    check_made_from(config, results)


def test_tables_of_which_nothing_is_known_are_refused(config, results):
    (results / "made_from.json").unlink()
    with pytest.raises(InputError, match=r"made_from\.json is missing"):
        check_made_from(config, results)


@pytest.mark.parametrize("name", MADE_WITH_IT)
def test_tables_that_lack_one_are_refused(config, results, name):
    """As those of an older version, which had no table of the ids alone."""
    (results / name).unlink()
    with pytest.raises(InputError, match=f"{name} is missing.*put the folder back"):
        check_made_from(config, results)


def test_basins_that_stand_in_a_missing_table_alone_are_asked_for(config, results, monkeypatch):
    monkeypatch.chdir(results.parents[1])
    del config["dataset"]["basins"]
    (results / "basins.csv").unlink()
    with pytest.raises(InputError, match=r"results/t/basins\.csv is missing.*put the folder back"):
        asked_basins(config["dataset"])


def test_a_folder_that_is_not_mounted_is_gone(config, results, tmp_path):
    (tmp_path / "camels").mkdir()
    check_made_from(config, results)
    config["dataset"]["forcing"] = "daymet"
    with pytest.raises(InputError, match="there are no data at"):
        check_made_from(config, results)


def test_a_folder_that_is_there_is_read_again(config, results, tmp_path):
    (tmp_path / "camels/basin_mean_forcing").mkdir(parents=True)
    config["dataset"]["forcing"] = "daymet"
    check_made_from(config, results)
