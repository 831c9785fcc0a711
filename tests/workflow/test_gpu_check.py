"""`make gpu-check` runs to its end, here at a reduced size on the CPU, and all comparisons hold."""

import os
import subprocess
import sys

import pandas as pd
import pytest
from workflow_run import REPOSITORY

from randvec.models import ARCHITECTURES

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """What it writes without a GPU."""
    folder = tmp_path_factory.mktemp("gpu_check")
    path = os.pathsep.join([str(REPOSITORY / "workflow/src"), str(REPOSITORY)])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gpu_check", folder / "found"],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("No GPU is at hand: this is the CPU at a reduced size")
    assert "No GPU is at hand" in (folder / "found/gpu_check.md").read_text()
    return pd.read_csv(folder / "found/gpu_check.csv")


def test_the_table_says_where_and_when_in_every_row(table):
    about = table[["device", "driver", "torch", "commit", "date"]].drop_duplicates()
    assert len(about) == 1 and about["driver"].item() == "none"
    assert about.notna().all(axis=None)


def test_every_form_holds_against_the_reference(table):
    rows = table[table["part"] == "agreement"].set_index("precision")
    assert set(rows["architecture"]) == set(ARCHITECTURES)
    assert set(rows["predicted_days"]) == {1, 20} and set(rows["members"]) == {1, 5}
    assert set(rows["form"]) == {"plain", "fast", "cudnn"}
    assert (rows.loc["float64", "result"] == "holds").all()
    judged = rows.loc["float32"].query("quantity != 'error of the gradients'")
    assert (judged["result"] == "holds").all()
    assert (rows.loc["bf16", "result"] == "measured").all()


def test_the_workflow_repeats_and_resumes(table):
    rows = table[table["part"].isin(["workflow", "trained twice", "killed and resumed"])]
    found = rows.set_index(["part", "quantity"])["value"].to_dict()
    assert found == {
        ("workflow", "members not trained"): 0,
        ("workflow", "members not on cpu"): 0,
        ("trained twice", "files that differ"): 0,
        ("killed and resumed", "trainings that started over"): 0,
        ("killed and resumed", "files that differ"): 0,
    }
    assert (rows["result"] == "holds").all()


def test_speed_is_measured_or_said_to_be_left_out(table):
    rows = table[table["part"] == "speed"]
    assert set(rows["architecture"]) == set(ARCHITECTURES)
    skipped = rows["result"] == "skipped: no time was left"
    assert ((rows["result"] == "measured") | skipped).all()
    assert (rows.loc[~skipped, "value"] > 0).all() and (~skipped).any()


def test_batches_of_members_side_by_side_repeat(table):
    rows = table[table["part"] == "batches repeated"]
    assert set(rows["predicted_days"]) == {1, 20} and set(rows["members"]) == {5}
    assert (rows["result"] == "holds").all() and len(rows) == 4
