"""A tiny run of everything, from text files to figures, and what Snakemake makes of changes."""

import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from workflow_run import TOGETHER

from randvec import matrix

pytestmark = pytest.mark.workflow


def test_every_listed_cell_is_in_the_table_with_its_ensemble_and_members(finished):
    table = pd.read_csv(
        finished.results / "tables/performance.csv", dtype={"member": str}, keep_default_na=False
    )
    expected = {
        ("full", model, member)
        for model in finished.config["models"]
        for member in ("ensemble", "1", "2")
    }
    assert set(zip(table["scenario"], table["model"], table["member"], strict=True)) == expected
    assert len(table) == len(expected)
    assert (table["basins"] == 3).all()
    for model in finished.config["models"]:
        cell = matrix.parse(model)
        rows = table[table["model"] == model]
        size = 3 if cell.dimension is None else cell.length(27)
        assert set(rows["architecture"]) == {cell.architecture}
        assert set(rows["vector"]) == {cell.vector}
        assert set(rows["dimension"]) == {size}


def test_every_member_and_ensemble_has_its_files(finished):
    for model in finished.config["models"]:
        for seed in (1, 2):
            member = finished.results / f"members/full/{model}/seed{seed}"
            names = {path.name for path in member.iterdir()}
            assert names == {
                "weights.safetensors",
                "settings.json",
                "loss.csv",
                "predictions.parquet",
            }
        predictions = pd.read_parquet(
            finished.results / f"ensembles/full/{model}/predictions.parquet"
        )
        assert list(predictions.columns) == ["basin", "date", "observed", "simulated"]
        assert len(predictions) == 3 * 273
        assert predictions["simulated"].notna().all() and (predictions["simulated"] >= 0).all()
        metrics = pd.read_csv(
            finished.results / f"ensembles/full/{model}/metrics.csv", dtype={"basin": str}
        )
        assert list(metrics["basin"]) == sorted(set(predictions["basin"]))


def test_settings_say_all_that_a_member_depended_on(finished):
    settings = json.loads((finished.results / "members/full/EG-4/seed2/settings.json").read_text())
    assert settings["vectors"] == "gaussian-4-s2"
    assert settings["seed"] == 2
    assert settings["training"]["hidden"] == 4
    assert set(settings["inputs"]) == {"series.parquet", "gaussian-4-s2.parquet"}
    assert {"code", "versions", "device", "git_commit", "scaler", "train_period"} <= set(settings)


def test_logs_are_worth_reading(finished):
    log = (finished.results / "logs/train/full/EP/seed1_2.log").read_text()
    assert "epoch 1 of 1" in log and "samples/s" in log and "member finished" in log


def test_touched_files_rerun_nothing(finished):
    for path in finished.results.rglob("*.parquet"):
        path.touch()
    assert finished.planned() == {}


def test_a_new_seed_has_vectors_of_its_own_and_trains_with_the_others(finished):
    finished.config["seeds"] = [1, 2, 3]
    # New vectors: two of dimension 4, 27 and 29 are shared by the models that use them.
    expected = {"static_vector": 3, "train": 13, "predict": 13, "ensemble": 13}
    told = ["performance", "comparisons_main", "comparisons", "summary", "run_times", "versions"]
    told += ["provenance", "table_answer"]
    planned = finished.planned()
    shown = {rule for rule in planned if rule.startswith(("figure_", "page_"))}
    assert {"figure_nse_cdf", "page_performance"} <= shown
    assert {rule: n for rule, n in planned.items() if rule not in shown} == {
        **expected,
        **dict.fromkeys(told, 1),
        "resolved_config": 1,
    }


def test_asking_for_one_file_trains_what_it_needs_and_nothing_else(finished):
    for made in ("members", "ensembles", "tables", "figures"):
        shutil.rmtree(finished.results / made)
    assert finished.planned("results/tiny/ensembles/full/EG-4/metrics.csv") == {
        "train": 1,
        "predict": 1,
        "ensemble": 1,
    }
    answered = finished.planned("results/tiny/tables/answer.csv")
    assert answered == {"train": 3, "predict": 3, "ensemble": 3, "table_answer": 1}
    curves = finished.planned("results/tiny/figures/loss_curves.png")
    assert curves == {"train": 13, "figure_loss_curves": 1}
    drawn = finished.planned("results/tiny/figures/data_quality.png")
    assert drawn == {"figure_data_quality": 1}


def test_a_lost_member_is_made_again_with_the_same_bytes(finished):
    lost = finished.results / "members/full/FP/seed1"
    before = finished.made()
    shutil.rmtree(lost)
    assert finished.planned("members") == {"train": 1, "predict": 1}
    finished.snakemake("members")
    assert finished.made() == before
    assert finished.planned("members") == {}


def test_another_training_setting_trains_again_but_reads_no_text(finished):
    finished.config["training"]["epochs"] = 2
    planned = finished.planned("tables")
    assert planned["train"] == 13
    assert "series" not in planned and "static_vector" not in planned


def test_a_configuration_stands_alone(finished):
    """Nothing of config/config.yaml, whose models have dimension 16 and 32, leaks in."""
    shown = yaml_of(finished.results / "config.yaml")
    assert shown["models"] == finished.config["models"]
    assert shown["dataset"]["virtual"]["basins"] == 3
    assert shown["training"]["learning_rate"] == [
        {"epoch": 1, "rate": 0.001},
        {"epoch": 11, "rate": 0.0005},
    ]
    assert shown["training"]["dropout"] == 0.4


def yaml_of(path):
    import yaml

    return yaml.safe_load(path.read_text())


def test_twice_from_scratch_and_one_job_at_a_time_give_the_same_bytes(finished, tiny):
    tiny.config |= TOGETHER | {"models": ["EM-29", "CO", "REA", "FG-4"]}
    ensembles = [
        f"results/tiny/ensembles/full/{code}/metrics.csv" for code in tiny.config["models"]
    ]
    tiny.snakemake(*ensembles, cores=1)
    compared = 0
    for pattern in ("*.parquet", "vectors/*", "members/full/*/*/*", "ensembles/full/*/*"):
        for path in sorted(tiny.results.glob(pattern)):
            other = finished.results / path.relative_to(tiny.results)
            assert path.read_bytes() == other.read_bytes(), path
            compared += 1
    assert compared > 50


def test_the_report_holds_the_figures(finished):
    report = finished.folder / "report.zip"
    finished.snakemake("--report", report)
    drawn = {path.name for path in (finished.results / "figures").glob("*.png")}
    with zipfile.ZipFile(report) as archive:
        held = {Path(name).name for name in archive.namelist()}
    assert drawn and drawn <= held
