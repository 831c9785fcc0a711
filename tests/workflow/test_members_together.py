"""Several members in one job, and the weights of every epoch: what Snakemake makes of both."""

import os
import signal
import subprocess
import time

import numpy as np
import pandas as pd
import pytest
from workflow_run import TINY, TOGETHER, Run, copy

from randvec.plan import measured_rates

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

SHARED = ("train_together_1", "predict_together_1")


@pytest.fixture(scope="module")
def runs_once(tmp_path_factory):
    """The same finished run with each member in a job of its own, and with two in one."""
    config = copy(TINY)
    config["models"] = ["EP", "EG-4", "CN"]
    config["seeds"] = [1, 2, 3]
    config["training"] |= {"epochs": 2, "keep_epochs": True}
    alone, together = (Run(tmp_path_factory.mktemp(name), config) for name in ("alone", "together"))
    alone.snakemake("members", "tables")
    together.snakemake("members", "tables", *TOGETHER)
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
    for stage in ("train", "predict"):
        logs = {path.name for path in (together.results / "logs" / stage / "full/EP").iterdir()}
        assert logs == {"seed1_2.log", "seed3.log"}
    for name in ("settings.json", "predictions.parquet"):
        third = f"members/full/EG-4/seed3/{name}"
        assert (alone.results / third).read_bytes() == (together.results / third).read_bytes()


def test_run_times_and_plan_find_the_records_of_both_kinds_of_job(runs):
    alone, together = runs
    for run, jobs, arguments in ((alone, 3, ()), (together, 2, TOGETHER)):
        run.snakemake("results/tiny/tables/run_times.csv", *arguments)
        table = pd.read_csv(run.results / "tables/run_times.csv").set_index(["stage", "model"])
        for model in run.config["models"]:
            for stage in ("train", "predict"):
                row = table.loc[stage, model]
                assert (row["jobs"], row["jobs_not_recorded"]) == (jobs, 0)
        rates = measured_rates(run.results)
        found = {(kind.architecture, kind.predicted_days, device) for kind, device in rates}
        assert found == {("ea_lstm", 1, "cpu"), ("ct_lstm", 1, "cpu")}


def test_a_finished_run_has_nothing_to_do_also_one_by_one(runs):
    alone, together = runs
    assert alone.planned("members", "tables") == {}
    assert together.planned("members", "tables", *TOGETHER) == {}
    assert together.planned("members", "tables") == {}


def test_larger_jobs_train_nothing_again(runs):
    """One of a job's members may have been simulated before another one was trained."""
    for run, number in zip(runs, (2, 3), strict=True):
        planned = run.planned("members", "--set-resources", f"train:members_together={number}")
        assert planned.keys() <= {"predict_together_1"}


def test_simulating_together_what_was_trained_alone_gives_the_same_bytes(runs):
    alone, _ = runs
    made = {path: path.read_bytes() for path in alone.results.rglob("seed*/predictions.parquet")}
    alone.config["periods"]["test"] = ["1991-02-01", "1991-09-30"]
    alone.snakemake("members", *TOGETHER)
    alone.config["periods"]["test"] = TINY["periods"]["test"]
    alone.snakemake("data")
    planned = alone.planned("members", *TOGETHER)
    assert planned["predict_together_1"] == planned["predict"] == len(alone.config["models"])
    assert not {"train", "train_together_1"} & planned.keys()
    alone.snakemake("members", *TOGETHER)
    assert {path: path.read_bytes() for path in made} == made


def test_a_new_seed_leaves_complete_groups_alone(runs):
    _, together = runs
    together.config["seeds"] = [1, 2, 3, 4]
    planned = together.planned("members", *TOGETHER)
    # The third member was alone and is now made with the fourth.
    assert planned == {"static_vector": 1, "train_together_2": 3, "predict_together_2": 3}


def test_luck_shares_the_members_of_the_main_comparison(runs):
    """Of each draw of the vectors the member with its own seed is there already."""
    alone, together = runs
    for run, arguments, jobs in (
        (alone, (), {"train": 3 * 3 - 3, "predict": 3 * 3 - 3}),
        # The first and the second leave their group; of the third draw both share a job.
        (together, TOGETHER, {"train": 2 + 2, "predict": 2 + 2} | dict.fromkeys(SHARED, 1)),
    ):
        scenarios = [f"vectors-{seed}" for seed in run.config["seeds"]]
        run.config["experiments"] = {"vector_luck": {"models": ["EG-4"], "scenarios": scenarios}}
        assert run.planned("members", *arguments) == jobs


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
    undisturbed.snakemake("members", *TOGETHER)
    started = killed.start("members", *TOGETHER)
    while not list(killed.results.rglob("checkpoint.safetensors")):
        assert started.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    assert not list(killed.results.rglob("weights.safetensors"))
    killed.snakemake("--unlock")
    killed.snakemake("members", *TOGETHER)
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
    together.snakemake(*job, *TOGETHER)
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
