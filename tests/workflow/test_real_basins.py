"""Twelve real basins from the official text files to the figures, with four epochs of training."""

import pandas as pd
import pytest
import yaml
from workflow_run import REPOSITORY, TOGETHER, Run

pytestmark = [pytest.mark.workflow, pytest.mark.slow, pytest.mark.camels]


@pytest.fixture(scope="module")
def twelve(camels_folder, tmp_path_factory):
    config = yaml.safe_load((REPOSITORY / "config/twelve.yaml").read_text())
    config["dataset"]["folder"] = str(camels_folder)
    config["dataset"]["basins"] = str(REPOSITORY / "config/basins/12.txt")
    config |= {"models": ["EP", "EG-16", "CN"], "seeds": [1, 2], **TOGETHER}
    config["training"] |= {"epochs": 4}
    run = Run(tmp_path_factory.mktemp("twelve"), config)
    run.snakemake()
    return run


def test_every_basin_and_cell_comes_out(twelve):
    basins = pd.read_csv(twelve.results / "basins.csv", dtype={"basin": str})
    assert len(basins) == 12 and basins["used"].all()
    assert (basins[["missing_days_train", "missing_days_test"]] == 0).all(axis=None)
    table = pd.read_csv(twelve.results / "tables/performance.csv", keep_default_na=False)
    assert set(table["model"]) == set(twelve.config["models"])
    assert (table["basins"] == 12).all()
    for name in ("nse_cdf", "nse_boxplot", "loss_curves", "hydrographs", "data_quality"):
        assert (twelve.results / f"figures/{name}.png").stat().st_size > 20_000


def test_four_epochs_already_beat_the_mean_discharge(twelve):
    table = pd.read_csv(
        twelve.results / "tables/performance.csv", dtype={"member": str}, keep_default_na=False
    ).set_index(["model", "member"])
    assert table.loc[("EP", "ensemble"), "nse_median"] > 0.1


def test_predictions_hold_the_observed_discharge_of_the_text(twelve, camels_folder):
    """The first test day of one basin, computed by hand from the two lines of text."""
    predictions = pd.read_parquet(twelve.results / "ensembles/full/EP/predictions.parquet")
    basin = predictions["basin"].iloc[0]
    flow = next(camels_folder.glob(f"usgs_streamflow/*/{basin}_streamflow_qc.txt")).read_text()
    line = next(row for row in flow.splitlines() if row.split()[1:4] == ["1989", "10", "01"])
    pattern = f"basin_mean_forcing/maurer_extended/*/{basin}_*.txt"
    area = float(next(camels_folder.glob(pattern)).read_text().splitlines()[2])
    expected = 28316846.592 * float(line.split()[4]) * 86400 / (area * 1e6)
    row = predictions[(predictions["basin"] == basin) & (predictions["date"] == "1989-10-01")]
    assert row["observed"].item() == pytest.approx(expected, rel=1e-6)
