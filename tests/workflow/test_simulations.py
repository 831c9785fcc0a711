"""The target simulate: other periods and basins, with members that are there."""

import shutil

import pandas as pd
import pytest

from randvec.evaluation.predictions import read_predictions

pytestmark = pytest.mark.workflow

PERIOD = ["1991-02-01", "1991-04-30"]


@pytest.fixture
def run(finished):
    """A finished run whose configuration now has three of its models alone."""
    finished.config["models"] = ["EP", "EG-4", "CN"]
    return finished


def content(run):
    files = (run.results / folder for folder in ("members", "ensembles", "vectors"))
    paths = [path for folder in files for path in folder.rglob("*") if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def test_another_period_is_simulated_and_nothing_else_changes(run):
    run.config["simulate"] = {"spring": {"models": ["EP", "EG-4"], "period": PERIOD}}
    before = content(run)
    assert run.planned("simulate") == {"simulated_spring": 1, "simulate": 1}
    run.snakemake("simulate")
    assert content(run) == before
    folder = run.results / "simulations/spring"
    found = pd.read_parquet(folder / "EP/predictions.parquet")
    whole = read_predictions(run.results / "ensembles/full/EP/predictions.parquet")
    expected = whole[whole["date"].between(*PERIOD)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.drop(columns="spread"), expected)
    assert (found["spread"] > 0).any()
    assert pd.read_csv(folder / "EG-4/metrics.csv")["days"].tolist() == [89] * 3
    assert (folder / "hydrographs.png").stat().st_size > 20_000
    assert run.planned("simulate") == {}


def test_days_of_the_training_are_simulated_with_a_word(run):
    run.config["simulate"] = {"learnt": {"models": ["CN"], "period": ["1991-09-01", "1991-10-02"]}}
    run.snakemake("simulate")
    log = (run.results / "logs/simulations/learnt.log").read_text()
    assert "CN was trained on 1991-10-01 to 1992-10-01: where these days are simulated" in log


def test_a_simulation_takes_the_resources_of_predict(run):
    run.config["simulate"] = {"spring": {"models": ["EP"], "period": PERIOD}}
    asked = ("simulate", "--dry-run", "--set-resources", "predict:mem_mb=82", "predict:runtime=7")
    for own, expected in (((), "mem_mb=82"), (("simulated_spring:mem_mb=83",), "mem_mb=83")):
        shown = run.snakemake(*asked, *own).stdout
        text = shown.partition("rule simulated_spring:\n")[2].partition("\n\n")[0]
        assert expected in text and "runtime=7" in text


def my_tables(run, discharge=True, **descriptors):
    """Tables of one's own of a basin of the run, under another name."""
    series = pd.read_parquet(run.results / "series.parquet")
    series = series[series["basin"] == series["basin"].min()].assign(basin="mine")
    series = series if discharge else series.drop(columns="discharge")
    series.to_parquet(run.folder / "series.parquet", index=False)
    table = pd.read_parquet(run.results / "descriptors.parquet").iloc[[0]].assign(basin="mine")
    table.assign(**descriptors).to_csv(run.folder / "descriptors.csv", index=False)
    return {"series": "series.parquet", "descriptor_table": "descriptors.csv", "period": PERIOD}


def test_a_basin_without_discharge_is_simulated_by_its_descriptors(run):
    tables = my_tables(run, discharge=False)
    run.config["simulate"] = {"mine": {"models": ["EP", "CN"], **tables}}
    run.snakemake("simulate")
    folder = run.results / "simulations/mine"
    found = pd.read_parquet(folder / "EP/predictions.parquet")
    assert found["observed"].isna().all()
    whole = read_predictions(run.results / "ensembles/full/EP/predictions.parquet")
    expected = whole[(whole["basin"] == whole["basin"].min()) & whole["date"].between(*PERIOD)]
    assert found["simulated"].to_numpy() == pytest.approx(expected["simulated"], rel=1e-5, abs=1e-6)
    scores = pd.read_csv(folder / "CN/metrics.csv")
    assert scores["nse"].isna().all() and scores["days"].tolist() == [0]
    assert pd.read_csv(folder / "basins.csv")["missing_days_period"].tolist() == [89]
    assert (folder / "hydrographs.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"models": ["EG-4"]}, "no static vector of basin mine, as 'gaussian-4-s1' is of"),
        ({"models": ["CP"]}, "CP/seed1: no trained member is there, and simulate trains none"),
        ({"period": ["1990-10-02", "1990-11-01"]}, "does not cover simulate.mine.period with its"),
    ],
)
def test_what_can_not_be_simulated_says_so_and_leaves_nothing(run, changes, message):
    run.config["simulate"] = {"mine": {"models": ["EP"], **my_tables(run), **changes}}
    shutil.rmtree(run.results / "members/full/CP")
    done = run.snakemake("simulate", check=False)
    assert done.returncode and message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((run.results / "simulations").rglob("*.*"))


def test_without_its_section_the_target_says_what_is_missing(run):
    done = run.snakemake("simulate", "-n", check=False)
    assert done.returncode and "there is no section simulate" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
