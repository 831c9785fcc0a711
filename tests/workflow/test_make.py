"""The targets of the Makefile that are not run by others: plan, clean, unlock."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
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


def test_plan_for_a_configuration_that_is_not_there_says_so(make):
    command = ["make", "-C", make.folder, "plan", "CONFIG=config/mine.yaml"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode and done.stderr.startswith("config/mine.yaml: no such file; CONFIG")


@pytest.mark.parametrize("rate", ["0", "inf", "fast"])
def test_a_rate_that_is_no_speed_is_refused(rate):
    command = [sys.executable, REPOSITORY / "workflow/scripts/plan.py", "--rate", rate]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode and f"invalid speed value: '{rate}'" in done.stderr


def test_install_runs_nothing_where_all_is_there(make):
    assert "Nothing to be done for 'install'" in make("install")
    assert not (make.folder / "results").exists()


def test_plan_without_the_data_says_what_is_missing_and_no_more(make):
    for name, message in {
        "laptop": "data/camels_us: no such folder; put or link CAMELS-US there",
        "caravan": "data/caravan: no such folder; put or link Caravan there",
    }.items():
        command = ["make", "-C", make.folder, "plan", f"CONFIG=config/{name}.yaml"]
        done = subprocess.run(command, capture_output=True, text=True)
        first, *rest = done.stderr.strip().splitlines()
        assert done.returncode and first.startswith(message)
        assert len(rest) == 1 and "*** [Makefile:" in rest[0]


def test_plan_takes_the_speed_of_members_that_were_trained(make, finished):
    """From the logs that training really writes."""
    shutil.copytree(finished.results, make.folder / "results/tiny")
    finished.config["seeds"] = [1, 2, 3]
    (make.folder / "with space.yaml").write_text(yaml.safe_dump(finished.config))
    text = make("plan", "CONFIG=with space.yaml")
    assert "members to train: 39\n" in text and f"at most {39 * 3 * 367:,}," in text
    for architecture in ("ct_lstm", "ea_lstm", "fm_lstm", "sr_lstm_ea"):
        assert (
            f"{architecture} (hidden 4, 1 of 10 days, batch_size 128, members together): 0.0 "
            in text
        )
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


def test_verify_says_which_file_differs(make, finished):
    shutil.copytree(finished.results, make.folder / "results/tiny")
    assert make("verify", "RESULTS=results/tiny").startswith("87 of 87 files are those of")
    shutil.copytree(finished.results, make.folder / "my runs/tiny")
    assert make("verify", "RESULTS=my runs/tiny").startswith("87 of 87 files are those of")
    for name in ("EG-4/seed2/weights.safetensors", "CN/seed1/settings.json"):
        path = make.folder / "results/tiny/members/full" / name
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    (make.folder / "results/tiny/vectors/one_hot.parquet").unlink()
    command = ["make", "-C", make.folder, "verify", "RESULTS=results/tiny"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode and "84 of 87 files" in done.stdout
    assert "EG-4/seed2/weights.safetensors: SHA-256 " in done.stderr
    assert "CN/seed1/settings.json: SHA-256 " in done.stderr
    assert "vectors/one_hot.parquet: missing" in done.stderr
    table = make.folder / "results/tiny/tables/provenance.csv"
    rows = pd.read_csv(table, dtype=str)
    rows.loc[0, "series"] = "another"
    rows.to_csv(table, index=False)
    done = subprocess.run(command, capture_output=True, text=True)
    assert "series.parquet: SHA-256 " in done.stderr and "expected another" in done.stderr
    done = subprocess.run([*command[:-1], "RESULTS=results/no"], capture_output=True, text=True)
    assert done.returncode and "results/no/tables/provenance.csv: no such file" in done.stderr


def test_another_version_of_python_is_refused_before_anything_is_made(tmp_path):
    """And the installation says what it does, with a torch from elsewhere before the rest."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    other = tmp_path / "python"
    pretend = "import sys; sys.version_info = (3, 10, 1); exec(sys.argv[1])"
    other.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{pretend}' \"$2\"\n")
    other.chmod(0o755)
    command = ["make", "-C", tmp_path, "demo"]
    done = subprocess.run([*command, f"PYTHON={other}"], capture_output=True, text=True)
    assert done.returncode
    assert f"{other} is Python 3.10, expected 3.11 to 3.13; name another one" in done.stderr
    assert not (tmp_path / ".venv").exists()
    done = subprocess.run([*command, "-n", "TORCH=wheel"], capture_output=True, text=True)
    said = done.stdout
    assert said.index("pip install wheel") < said.index("pip install --editable .")
    assert "Installing into .venv" in said
