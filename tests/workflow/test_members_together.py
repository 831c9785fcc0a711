"""Several members in one job, and the weights of every epoch: what Snakemake makes of both."""

import os
import signal
import subprocess
import time

import numpy as np
import pandas as pd
import pytest
from workflow_run import TINY, Run, copy

from randvec.plan import measured_rates

pytestmark = pytest.mark.workflow

TWO = ("--set-resources", "train:members_together=2")


@pytest.fixture(scope="module")
def runs_once(tmp_path_factory):
    """The same finished run with each member in a job of its own, and with two in one."""
    config = copy(TINY)
    config["models"] = ["EP", "EG-4", "CN"]
    config["seeds"] = [1, 2, 3]
    config["training"] |= {"epochs": 2, "keep_epochs": True}
    alone, together = (Run(tmp_path_factory.mktemp(name), config) for name in ("alone", "together"))
    alone.snakemake("members", "tables")
    together.snakemake("members", "tables", *TWO)
    return alone, together


@pytest.fixture
def runs(runs_once, tmp_path):
    """Copies of both."""
    copies = []
    for name, run in zip(("alone", "together"), runs_once, strict=True):
        subprocess.run(["cp", "-a", run.folder, tmp_path / name], check=True)
        copies.append(Run(tmp_path / name, copy(run.config)))
    return copies


def files(run):
    """The paths below results/, but for logs and run times, which are named after jobs."""
    paths = [path.relative_to(run.results) for path in run.results.rglob("*") if path.is_file()]
    return {str(path) for path in paths if path.parts[0] not in ("logs", "benchmarks")}


def test_together_gives_the_same_files_and_nearly_the_same_numbers(runs):
    alone, together = runs
    assert files(alone) == files(together)
    for model in alone.config["models"]:
        member = f"members/full/{model}/seed2"
        assert f"{member}/epochs/01.safetensors" in files(alone)
        ours, theirs = (
            pd.read_parquet(run.results / f"ensembles/full/{model}/predictions.parquet")
            for run in runs
        )
        np.testing.assert_allclose(ours["simulated"], theirs["simulated"], rtol=0, atol=1e-3)
        last, final = (
            (together.results / member / name).read_bytes()
            for name in ("epochs/02.safetensors", "weights.safetensors")
        )
        assert last == final
    tables = [pd.read_csv(run.results / "tables/performance.csv") for run in runs]
    pd.testing.assert_frame_equal(*tables, rtol=1e-2)


def test_two_in_one_job_and_the_third_alone(runs):
    alone, together = runs
    logs = {path.name for path in (together.results / "logs/train/full/EP").iterdir()}
    assert logs == {"seed1_2.log", "seed3.log"}
    third = "members/full/EG-4/seed3/settings.json"
    assert (alone.results / third).read_bytes() == (together.results / third).read_bytes()


def test_run_times_and_plan_find_the_records_of_both_kinds_of_job(runs):
    alone, together = runs
    for run, jobs, arguments in ((alone, 3, ()), (together, 2, TWO)):
        run.snakemake("results/tiny/tables/run_times.csv", *arguments)
        table = pd.read_csv(run.results / "tables/run_times.csv").set_index(["stage", "model"])
        for model in run.config["models"]:
            row = table.loc["train", model]
            assert (row["jobs"], row["jobs_not_recorded"]) == (jobs, 0)
        rates = measured_rates({"training": run.config["training"]}, run.results)
        assert rates.keys() == {("ea_lstm", "cpu"), ("ct_lstm", "cpu")}


def test_a_finished_run_has_nothing_to_do(runs):
    alone, together = runs
    assert alone.planned("members") == {}
    assert together.planned("members", *TWO) == {}


def test_switching_trains_again_where_every_member_has_its_own_vector(runs):
    """Snakemake compares a member's input, and two random vectors are other input than one."""
    alone, together = runs
    assert alone.planned("members", *TWO) == {"train_together_1": 1, "predict": 2}
    assert together.planned("members") == {"train": 2, "predict": 2}


def test_a_new_seed_leaves_complete_groups_alone(runs):
    _, together = runs
    together.config["seeds"] = [1, 2, 3, 4]
    planned = together.planned("members", *TWO)
    # The third member was alone and is now trained with the fourth.
    assert planned == {"static_vector": 1, "train_together_2": 3, "predict": 6}


def test_keeping_epochs_no_longer_changes_nothing_and_keeping_them_trains_again(runs):
    alone, _ = runs
    alone.config["training"]["keep_epochs"] = False
    assert alone.planned("members") == {}
    other = Run(alone.folder.with_name("other"), copy(alone.config))
    other.config |= {"models": ["EG-4"], "seeds": [2]}
    other.folder.mkdir()
    other.snakemake("members")
    assert files(other) < files(alone)
    for name in sorted(files(other)):
        assert (other.results / name).read_bytes() == (alone.results / name).read_bytes(), name
    other.config["training"]["keep_epochs"] = True
    assert other.planned("members") == {"train": 1, "predict": 1}


def test_a_killed_job_of_two_goes_on_and_ends_with_the_same_bytes(tmp_path):
    config = copy(TINY)
    config["models"] = ["EG-4"]
    config["training"] |= {"epochs": 40, "batch_size": 16, "keep_epochs": True}
    undisturbed, killed = (Run(tmp_path / name, config) for name in ("undisturbed", "killed"))
    for run in (undisturbed, killed):
        run.folder.mkdir()
    undisturbed.snakemake("members", *TWO)
    started = killed.start("members", *TWO)
    while not list(killed.results.rglob("checkpoint.safetensors")):
        assert started.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    assert not list(killed.results.rglob("weights.safetensors"))
    killed.snakemake("--unlock")
    killed.snakemake("members", *TWO)
    log = (killed.results / "logs/train/full/EG-4/seed1_2.log").read_text()
    assert "resumed after epoch" in log
    assert files(killed) == files(undisturbed)
    for name in sorted(files(killed)):
        assert (killed.results / name).read_bytes() == (undisturbed.results / name).read_bytes()


def test_a_job_on_a_cluster_finds_its_rule(runs):
    """As an executor calls it there: with the resources of rules, without a profile."""
    _, together = runs
    subprocess.run(["rm", "-r", together.results / "members/full/EP"], check=True)
    job = ["--mode", "remote", "--target-jobs", "train_together_1:scenario=full,model=EP"]
    job += ["--allowed-rules", "train_together_1", "--executor", "local", "--nolock"]
    together.snakemake(*job, *TWO)
    made = {path.parent.name for path in together.results.rglob("full/EP/*/weights.safetensors")}
    assert made == {"seed1", "seed2"}


def test_a_number_that_makes_no_sense_is_refused(tiny):
    for value in ("0", "many"):
        done = tiny.snakemake(
            "-n", "--set-resources", f"train:members_together={value}", check=False
        )
        assert done.returncode != 0
        assert (
            f"members_together={value}, expected a whole number from 1" in done.stdout + done.stderr
        )
