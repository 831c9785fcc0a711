"""A whole run over basins with every kind of incomplete record that CAMELS has."""

import os
import shutil

import pandas as pd
import pytest
from workflow_run import TINY, Run, copy

from randvec.data.virtual.layout import (
    attribute_file,
    basin_ids,
    forcing_file,
    streamflow_file,
)
from randvec.data.virtual.write import write_catchments

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

TRAIN, TEST = ["1989-10-01", "1992-09-30"], ["1987-10-01", "1989-09-30"]
WHOLE, GAP, LATE, NO_TEST, NO_TRAINING, LATE_FORCING, NO_ROW, NO_ATTRIBUTES, NO_FORCING, NO_FLOW = (
    basin_ids(10)
)
KEPT = [WHOLE, GAP, LATE, NO_TEST]
REASONS = {
    NO_TRAINING: "no day with discharge in periods.train",
    LATE_FORCING: "forcing from 1987-11-20 to 1992-09-30 does not cover periods.test",
    NO_ROW: "camels_soil.txt has no value of soil_depth_pelletier",
    NO_ATTRIBUTES: "no attributes",
    NO_FORCING: "no forcing file",
    NO_FLOW: "no streamflow file",
}


def edit(path, change):
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))


def missing(first, last):
    """Mark the discharge of some days as missing."""
    return lambda lines: [
        f"{line[:20]} -999.00 M\n" if first <= "-".join(line.split()[1:4]) <= last else line
        for line in lines
    ]


def without(basin):
    return lambda lines: [line for line in lines if not line.startswith(basin)]


@pytest.fixture(scope="module")
def camels(tmp_path_factory):
    """Ten catchments as text files, all but the first of them incomplete in a way of its own."""
    folder = tmp_path_factory.mktemp("text") / "camels"
    record = {"first": "1986-10-01", "last": "1992-09-30"}
    write_catchments(str(folder), basins=len(KEPT) + len(REASONS), seed=1, **record)
    edit(folder / streamflow_file(GAP), missing("1988-01-01", "1990-12-31"))
    edit(folder / streamflow_file(LATE), lambda lines: lines[700:])
    edit(folder / streamflow_file(NO_TEST), missing(*TEST))
    edit(folder / streamflow_file(NO_TRAINING), missing(*TRAIN))
    edit(folder / forcing_file(LATE_FORCING), lambda lines: lines[:4] + lines[4 + 415 :])
    edit(folder / attribute_file("soil"), without(NO_ROW))
    for path in (folder / "camels_attributes_v2.0").iterdir():
        edit(path, without(NO_ATTRIBUTES))
    (folder / forcing_file(NO_FORCING)).unlink()
    (folder / streamflow_file(NO_FLOW)).unlink()
    return folder


def run_over(camels, folder, **dataset):
    shutil.copy(camels / "basins.txt", folder)
    config = copy(TINY) | {"models": ["EP", "CO"], "seeds": [1]}
    config["periods"] = {"train": TRAIN, "test": TEST}
    config["dataset"] = {
        "name": "incomplete",
        "source": "camels_us",
        "folder": str(camels),
        "basins": str(folder / "basins.txt"),
        **dataset,
    }
    return Run(folder, config)


@pytest.fixture(scope="module")
def dropped(camels, tmp_path_factory):
    """A whole run, with two models that the paper lacks."""
    run = run_over(camels, tmp_path_factory.mktemp("dropped"), incomplete_basins="drop")
    run.config["models"] += ["CN", "OEA", "CM-28"]
    run.snakemake()
    return run


def test_without_leave_to_drop_the_run_stops_and_names_each_basin(camels, tmp_path):
    run = run_over(camels, tmp_path)
    done = run.snakemake(check=False)
    assert done.returncode != 0 and not list(tmp_path.rglob("weights.safetensors"))
    said = done.stdout + done.stderr
    assert "6 of 10 basins are incomplete" in said and "dataset.incomplete_basins: drop" in said
    assert all(f"{basin}: {reason}" in said for basin, reason in REASONS.items())
    assert not any(f"{basin}: " in said for basin in KEPT)


def test_the_table_of_basins_names_each_with_its_reason(dropped):
    table = pd.read_csv(dropped.results / "basins.csv", dtype={"basin": str}).set_index("basin")
    assert list(table.index) == basin_ids(10)
    assert list(table.index[table["used"]]) == KEPT
    assert table.loc[KEPT, "reason"].isna().all()
    for basin, reason in REASONS.items():
        assert table.loc[basin, "reason"].startswith(reason)
    log = (dropped.results / "logs/series.log").read_text()
    assert all(f"basin {basin} is left out: {reason}" in log for basin, reason in REASONS.items())
    assert "mean in the median basin: prcp " in log and "; soil: soil_depth" in log


def test_missing_days_are_those_of_the_text(dropped, camels):
    table = pd.read_csv(dropped.results / "basins.csv", dtype={"basin": str}).set_index("basin")
    for basin in KEPT:
        lines = [line.split() for line in (camels / streamflow_file(basin)).open()]
        measured = ["-".join(words[1:4]) for words in lines if words[5] != "M"]
        for name, (first, last) in {"train": TRAIN, "test": TEST}.items():
            days = len(pd.date_range(first, last)) - sum(first <= day <= last for day in measured)
            assert table.loc[basin, f"missing_days_{name}"] == days
    assert table.loc[GAP, ["missing_days_train", "missing_days_test"]].min() > 365
    assert table.loc[LATE, "missing_days_test"] >= 335
    assert table.loc[NO_TEST, "missing_days_test"] == 731


def test_the_performance_table_counts_them(dropped):
    table = pd.read_csv(dropped.results / "tables/performance.csv", keep_default_na=False)
    assert len(table) == 5 * 2
    assert (table["basins"] == len(KEPT)).all()
    assert (table["basins_dropped"] == len(REASONS)).all()
    assert (table["basins_undefined"] == 1).all()  # no test day with discharge
    for model, size in {"EP": 27, "CO": len(KEPT), "OEA": len(KEPT), "CM-28": 28}.items():
        assert set(table.loc[table["model"] == model, "dimension"]) == {size}


def test_models_that_the_paper_lacks_are_compared_and_shown_as_all_others(dropped):
    compared = pd.read_csv(dropped.results / "tables/comparisons/main.csv")
    pairs = set(zip(compared["model"], compared["reference"], strict=True))
    others = ("CO", "OEA", "CM-28")
    assert pairs == {("EP", "CN"), *((m, held) for m in others for held in ("EP", "CN"))}
    assert dropped.planned("main_comparison") == {}
    said = (dropped.results / "report/summary.rst").read_text()
    assert "OEA" in said and "one-hot (4)" in said
    assert "CM-28" in said and "descriptors and random (28)" in said
    table = pd.read_csv(dropped.results / "tables/provenance.csv", keep_default_na=False)
    for model in ("OEA", "CM-28"):
        shown = set(table.loc[table["model"] == model, "figures"].item().split())
        assert {"answer", "nse_cdf", "nse_boxplot", "loss_curves"} == shown


def test_only_complete_basins_are_predicted_and_each_on_every_day(dropped):
    files = sorted(dropped.results.rglob("predictions.parquet"))
    assert len(files) == 5 * 2  # ensemble and member of each model
    for path in files:
        predictions = pd.read_parquet(path)
        assert predictions["basin"].value_counts().to_dict() == dict.fromkeys(KEPT, 731)
        assert predictions["simulated"].notna().all()
        assert predictions.loc[predictions["basin"] == NO_TEST, "observed"].isna().all()


def test_the_run_goes_on_to_the_figures_and_is_then_finished(dropped):
    names = {path.name for path in (dropped.results / "figures").iterdir()}
    assert {"data_quality.png", "nse_cdf.png", "hydrographs.pdf"} <= names
    assert dropped.planned() == {}


def test_a_file_that_came_or_went_is_noticed_whatever_its_date(dropped, camels):
    forcing, moved = camels / forcing_file(WHOLE), camels / "moved"
    flow = camels / streamflow_file(NO_FLOW)
    basins = dropped.folder / "basins.txt"
    listed = basins.read_text()
    try:
        forcing.rename(moved)
        assert "series" in dropped.planned("data")
        moved.rename(forcing)
        assert dropped.planned("data") == {}
        shutil.copy(camels / streamflow_file(WHOLE), flow)
        os.utime(flow, (0, 0))
        assert "series" in dropped.planned("data")
        flow.unlink()
        basins.write_text("".join(listed.splitlines(keepends=True)[:4]))
        os.utime(basins, (0, 0))
        assert "series" in dropped.planned("data")
    finally:
        basins.write_text(listed)
    assert dropped.planned("data") == {}


def test_one_figure_can_be_made_again_after_the_data_folder_is_gone(dropped, camels):
    gone = camels.rename(camels.with_name("gone"))
    try:
        (dropped.results / "figures/nse_cdf.png").unlink()
        assert dropped.planned() == {"figure_nse_cdf": 1}
        (dropped.results / "series.parquet").unlink()
        done = dropped.snakemake("--dry-run", check=False)
        said = done.stdout + done.stderr
        assert f"{camels}: no such folder" in said and "the target `fetch`" in said
    finally:
        gone.rename(camels)


@pytest.mark.parametrize(
    ("name", "scenarios", "refused"),
    [
        (
            "fewer_basins",
            [f"basins-1-s{seed}" for seed in range(1, 9)],
            "experiments.fewer_basins.scenarios draws subsets of basins that share none",
        ),
        (
            "data_length",
            ["full", "years-1"],
            "experiments.data_length.scenarios: scenario 'years-1' trains on 1988-10-01 to "
            f"1989-09-30, where there is no discharge of basin {GAP};",
        ),
    ],
)
def test_what_the_basins_do_not_suffice_for_is_refused_once_they_are_known(
    camels, tmp_path, name, scenarios, refused
):
    """Right after the data, and by any training where they were there before the experiment."""
    run = run_over(camels, tmp_path, incomplete_basins="drop")
    run.config["models"] = ["CN"]
    if name == "data_length":
        run.config["periods"] = {"train": TEST, "test": TRAIN}
    experiment = {name: {"models": ["CN"], "scenarios": scenarios}}
    for experiments in (experiment, {}, experiment):
        run.config["experiments"] = experiments
        done = run.snakemake(name if experiments else "data", check=not experiments)
        said = " ".join((done.stdout + done.stderr).split())
        assert (refused in said) == (done.returncode != 0) == bool(experiments)
        assert "Traceback" not in said
        assert not list(tmp_path.rglob("weights.safetensors"))
    assert "series" not in run.planned("data")


def test_one_basin_that_is_left_can_be_trained_without_static_vector(camels, tmp_path):
    run = run_over(camels, tmp_path, incomplete_basins="drop")
    (tmp_path / "basins.txt").write_text(f"{WHOLE}\n{NO_FLOW}\n")
    done = run.snakemake(check=False)
    said = done.stdout + done.stderr
    assert "trains on one basin (basins of the data: 1 of 2), where a static vector" in said
    assert "as in EP, CO;" in said and not list(tmp_path.rglob("weights.safetensors"))
    run.config["models"] = ["CN"]
    run.snakemake()
    assert (run.results / "figures/nse_cdf.png").exists()
