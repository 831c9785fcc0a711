"""The targets of the Makefile that are not run by others: plan, clean, unlock."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from workflow_run import REPOSITORY

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


@pytest.fixture
def make(tmp_path):
    """Call make in a clone, in which everything counts as installed."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    for name in ("Snakefile", "Makefile", "pyproject.toml", "workflow", "profiles", "envs"):
        subprocess.run(["cp", "-r", REPOSITORY / name, folder], check=True)
    shutil.copytree(REPOSITORY / "config", folder / "config")
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    (folder / ".venv/.installed").touch()

    def call(*arguments):
        command = ["make", "--no-print-directory", "-C", folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    call.folder = folder
    return call


def test_plan_counts_the_default_run_and_starts_nothing(make):
    text = make("plan", "RATE=100000")
    jobs = {
        words[0]: int(words[1])
        for words in map(str.split, text.splitlines())
        if len(words) == 3 and words[2] in ("job", "jobs")
    }
    # 13 models; in experiments 1 more, 3 in another scenario and 2 draws of a vector. The 5 members
    # of each share a job. In a draw the member with its own vector seed is the one of full.
    assert jobs["train"] == jobs["predict"] == 13 + 1 + 3
    for stage in ("train", "predict"):
        assert jobs[f"{stage}_2"] == jobs[f"{stage}_3"] == 1 and f"{stage}_4" not in jobs
    assert jobs["ensemble"] == 19
    assert jobs["virtual_catchments"] == jobs["series"] == jobs["performance"] == 1
    assert jobs["total"] == sum(count for rule, count in jobs.items() if rule != "total")
    # 24 basins, 10 epochs, 2192 days, or 731 in the scenario years-2, in windows of 20 days: at
    # most 111, or 38, with those that are cut at the ends of the period.
    days = 24 * 10 * (83 * 2192 + 10 * 731)
    samples = 24 * 10 * (83 * 111 + 10 * 38)
    assert f"members to train: {(13 + 1 + 3 + 2) * 5 - 2}\n" in text
    assert f"at most {days:,}, in at most {samples:,} samples" in text
    assert "about 0.0 hours of training at 100000 samples/s" in text
    assert not (make.folder / "results").exists()


def test_plan_takes_the_speed_of_members_that_were_trained(make, finished):
    """From the logs that training really writes."""
    shutil.copytree(finished.results, make.folder / "results/tiny")
    finished.config["seeds"] = [1, 2, 3]
    (make.folder / "with space.yaml").write_text(yaml.safe_dump(finished.config))
    text = make("plan", "CONFIG=with space.yaml")
    assert "members to train: 13\n" in text and f"at most {13 * 3 * 366:,}," in text
    for architecture in ("ct_lstm", "ea_lstm", "fm_lstm", "sr_lstm_ea"):
        assert f"{architecture} (hidden 4, 1 of 10 days, batch_size 128): 0.0 " in text
    assert "as measured" in text and "no rate is known" not in text


def test_clean_removes_the_demo_alone(make):
    for name in ("virtual", "own"):
        (make.folder / "results" / name).mkdir(parents=True)
    make("clean")
    assert [path.name for path in (make.folder / "results").iterdir()] == ["own"]


def test_unlock_removes_a_lock_that_was_left_behind(make):
    locks = make.folder / ".snakemake/locks"
    locks.mkdir(parents=True)
    (locks / "0.input.lock").write_text("x\n")
    make("unlock")
    assert not list(locks.glob("*"))
