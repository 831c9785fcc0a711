"""The user's own two tables, from csv files and a short configuration to figures and the report."""

import copy
import os

import pandas as pd
import pytest
import yaml
from workflow_run import Run

from randvec.data.virtual.write import write_catchments

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

CONFIG = """
dataset:
  name: mine
  source: tables
  series: series.csv
  descriptor_table: descriptors.csv
periods:
  train: [1990-10-01, 1992-09-30]
  test: [1989-10-01, 1990-09-30]
models: [EP, EG-4, EM-5, CN]
seeds: [1, 2]
members_together: true
training: {hidden: 4, sequence_length: 10, predicted_days: 5, epochs: 2, batch_size: 32}
experiments:
  groups:
    kind: incomplete_descriptors
    models: [EP]
    scenarios: [full, only-water]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five made-up basins as a user has them: other names, other ids, four descriptors."""
    folder = tmp_path_factory.mktemp("own")
    write_catchments(str(folder / "camels"), 5, 3, "1988-10-01", "1992-09-30")
    virtual = {"name": "virtual", "source": "virtual", "virtual": {"basins": 5, "seed": 3}}
    virtual["virtual"] |= {"first": "1988-10-01", "last": "1992-09-30"}
    config = yaml.safe_load(CONFIG) | {"dataset": virtual, "models": ["CN"], "experiments": {}}
    Run(folder, config).snakemake("data")
    made = folder / "results/virtual"
    names = {"prcp": "rain", "tmax": "warm", "tmin": "cold"}
    series = pd.read_parquet(made / "series.parquet").rename(columns=names)
    series["basin"] = "Brook." + series["basin"].str[-2:]
    columns = ["basin", "date", "rain", "warm", "cold", "discharge"]
    series[columns].sample(frac=1, random_state=1).to_csv(folder / "series.csv", index=False)
    table = pd.read_parquet(made / "descriptors.parquet")
    table["basin"] = "Brook." + table["basin"].str[-2:]
    chosen = ["basin", "p_mean", "slope_mean", "clay_frac", "gauge_lat", "gauge_lon"]
    table[chosen].to_csv(folder / "descriptors.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def run(folder):
    config = yaml.safe_load(CONFIG)
    config["dataset"] |= {
        key: str(folder / config["dataset"][key]) for key in ("series", "descriptor_table")
    }
    config["dataset"]["descriptors"] = {"water": ["p_mean"], "land": ["slope_mean", "clay_frac"]}
    run = Run(folder, config)
    run.snakemake()
    run.snakemake("--report", "report.html")
    return run


def test_the_configuration_is_short():
    assert len(CONFIG.strip().splitlines()) <= 25


def test_networks_see_the_columns_of_the_tables(run):
    settings = yaml.safe_load((run.results / "members/full/EP/seed1/settings.json").read_text())
    assert len(settings["scaler"]["forcing_mean"]) == 3
    table = pd.read_csv(run.results / "tables/performance.csv", keep_default_na=False)
    table = table[table["member"] == "ensemble"].set_index(["scenario", "model"])["dimension"]
    assert table["full"].to_dict() == {"EP": 3, "EG-4": 4, "EM-5": 5, "CN": 0}
    assert table["only-water", "EP"] == 1
    mixed = pd.read_parquet(run.results / "vectors/mixed-5-s1.parquet")
    assert mixed.columns[1:4].tolist() == ["slope_mean", "clay_frac", "p_mean"]  # groups by name
    assert mixed["basin"].iloc[0].startswith("Brook.")


def test_figures_that_need_what_is_not_known_are_left_out(run):
    drawn = {path.stem for path in (run.results / "figures").glob("*.png")}
    assert {"nse_cdf", "nse_boxplot", "hydrographs", "groups", "map_nse", "data_quality"} <= drawn
    assert not {"aridity", "input_gate"} & drawn
    assert not (run.results / "tables/published.csv").exists()


def test_the_report_says_whose_data_they_are(run):
    said = (run.results / "report/summary.rst").read_text()
    assert "The data are those of the user's own tables." in said
    assert "Yellow diamonds" not in (run.folder / "report.html").read_text()


def test_a_mixed_vector_has_to_be_longer_than_there_are_descriptors(run):
    run.config["models"] = ["EM-3"]
    done = run.snakemake("--dry-run", check=False)
    run.config["models"] = ["EP", "EG-4", "EM-5", "CN"]
    assert "the dimension of a mixed vector must be 4 or more" in done.stdout + done.stderr


def test_a_table_with_an_older_date_in_place_of_the_one_that_was_read_is_read_again(run, folder):
    path = folder / "series.csv"
    kept, when = path.read_bytes(), path.stat().st_mtime
    try:
        path.write_bytes(kept.replace(b"Brook.01,1990-01-01,", b"Brook.01,1990-01-01,1", 1))
        assert path.stat().st_size == len(kept) + 1
        os.utime(path, (0, 0))
        assert run.planned("members")["series"] == 1
    finally:
        path.write_bytes(kept)
        os.utime(path, (when, when))
    assert run.planned("members") == {}


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("periods", "test", ["1989-11-01", "1990-09-30"], "were made with another periods.test"),
        ("training", "hidden", 5, "training.hidden is 4, expected 5, as the configuration has it"),
    ],
)
def test_a_report_under_other_settings_than_those_of_the_results_is_refused(
    run, section, key, value, said
):
    config = copy.deepcopy(run.config)
    config[section][key] = value
    other = Run(run.folder, config)
    done = other.snakemake(f"--report={run.folder}/other.html", check=False)
    assert done.returncode != 0 and said in done.stdout + done.stderr
    assert "Set the configuration back" in done.stdout + done.stderr
    assert not (run.folder / "other.html").exists()


def test_a_report_of_a_part_is_not_refused_for_members_of_another_part(run):
    path = run.results / "members/only-water/EP/seed1/settings.json"
    kept = path.read_text()
    path.write_text(kept.replace('"hidden": 4', '"hidden": 5'))
    try:
        run.snakemake("main_comparison", "--report", run.folder / "part.html")
        whole = run.snakemake("--report", run.folder / "whole.html", check=False)
    finally:
        path.write_text(kept)
    assert (run.folder / "part.html").exists()
    assert "training.hidden is 5, expected 4" in whole.stdout + whole.stderr


def test_what_is_wrong_with_a_table_is_said_before_anything_is_trained(run, folder):
    path = folder / "series.csv"
    kept = path.read_text()
    path.write_text(kept.replace("1990-10-01", "01.10.1990"))
    done = run.snakemake("data", check=False)
    path.write_text(kept)
    said = done.stdout + done.stderr
    assert "Input error: " in said and "01.10.1990" in said and "Traceback" not in said
