"""docs/python.md: its blocks run as they stand, and are as short as they are promised to be."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from small_data import BASINS, TEST, make_cube
from trained_members import make_descriptors, make_ensemble, make_series

import randvec
from randvec.data.virtual.layout import basin_ids

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs/python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
PERIOD, BASIN, OWN, PLAIN, NETCDF = BLOCKS
#: What the page names of the demo, and the same of the small run of these tests.
DEMO = {"1986-11-01": TEST[0], "1987-09-30": TEST[1], "01000001": BASINS[0]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a small run where the page has the demo's."""
    folder = tmp_path_factory.mktemp("page")
    run = folder / "results/virtual"
    run.mkdir(parents=True)
    make_ensemble(run, "EP", "physical")
    make_descriptors().to_parquet(run / "descriptors.parquet")
    return folder


@pytest.fixture
def execute(folder, monkeypatch):
    """Run a block in the folder, after others; gives the names that they leave."""
    monkeypatch.chdir(folder)

    def execute(*blocks, **names):
        for block in blocks:
            for word, own in DEMO.items():
                block = block.replace(word, own)
            exec(block, names)
        return names

    return execute


@pytest.mark.parametrize(("block", "most"), [(PERIOD, 4), (BASIN, 5), (OWN, 5)])
def test_blocks_have_as_few_lines_as_promised(block, most):
    lines = [line for line in block.splitlines() if line.strip() and line.strip()[0] != "#"]
    assert 0 < len(lines) <= most
    assert all(len(line) <= 100 and ";" not in line for line in lines)


def test_the_page_names_new_days_and_a_basin_of_the_demo():
    demo = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
    first, last, basin = DEMO
    assert first in PERIOD and last in PERIOD and BASIN.count(basin) == 2
    virtual, used = demo["dataset"]["virtual"], demo["periods"]
    assert basin in basin_ids(virtual["basins"])
    warm_up = demo["training"]["sequence_length"] - demo["training"]["predicted_days"]
    begins = np.datetime64(virtual["first"]) + warm_up
    assert begins <= np.datetime64(first) < np.datetime64(last) < np.datetime64(used["test"][0])
    assert "EP" in demo["models"] and demo["dataset"]["name"] == "virtual"


def test_a_new_period(execute):
    names = execute(PERIOD)
    simulated = names["simulated"]
    assert list(simulated) == ["basin", "date", "observed", "simulated", "spread"]
    days = simulated["date"].dt.strftime("%Y-%m-%d")
    assert (days.min(), days.max()) == TEST
    assert list(names["scores"]["basin"]) == list(BASINS) and "nse" in names["scores"]


def test_a_new_basin(execute):
    simulated = execute(BASIN)["simulated"]
    assert set(simulated["basin"]) == {"new", *BASINS[1:]}
    ensemble = randvec.load("results/virtual/ensembles/full/EP")
    known = ensemble.simulate("results/virtual/series.parquet").query("basin == @BASINS[0]")
    new = simulated.query("basin == 'new'")
    # Its place among the basins is another one, and so may be the last digit.
    np.testing.assert_allclose(new["simulated"], known["simulated"], rtol=1e-5, atol=1e-6)


def test_a_table_of_ones_own(execute):
    simulated = execute(OWN)["simulated"]
    known = randvec.load("results/virtual/ensembles/full/EP").simulate(make_series())
    assert simulated["observed"].isna().all()
    assert len(simulated) == len(known)
    assert not np.allclose(simulated["simulated"], known["simulated"])


def test_plain_torch_gives_what_simulate_gives(execute, folder):
    names = execute(PERIOD)
    member = names["ensemble"].members[0]
    training = member.settings["training"]
    length, last = training["sequence_length"], training["predicted_days"]
    cube = make_cube()
    days = torch.tensor(cube.forcing[:, 100 : 100 + length]).transpose(0, 1)
    statics = torch.tensor(member.vectors.drop(columns="basin").to_numpy(np.float32))
    with torch.no_grad():
        found = execute(PLAIN, **names, days=days, statics=statics)["discharge"]
    period = [str(cube.dates[100 + length + shift]) for shift in (-last, -1)]
    alone = randvec.load(folder / "results/virtual/members/full/EP/seed1")
    expected = alone.simulate(make_series(), period=period).pivot(
        index="date", columns="basin", values="simulated"
    )
    assert expected.to_numpy().max() > 0
    # Torch sums in another order.
    np.testing.assert_allclose(found[-last:].clip(min=0), expected, atol=1e-5)


def test_netcdf_has_basins_and_dates(execute):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("netCDF4")
    simulated = execute(PERIOD, NETCDF)["simulated"]
    with xarray.open_dataset("simulated.nc") as stored:
        assert stored["simulated"].dims == ("basin", "date")
        assert stored["basin"].values.tolist() == list(BASINS)
        table = stored.to_dataframe().reset_index()
    assert table["simulated"].tolist() == simulated["simulated"].tolist()
    assert (table["date"].to_numpy() == simulated["date"].to_numpy()).all()
