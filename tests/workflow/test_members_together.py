"""All members of a model in one job, and the weights of every epoch: what comes of both."""

import json
import subprocess

import numpy as np
import pandas as pd
import pytest
from workflow_run import TINY, TOGETHER, Run, copy

from randvec.plan import measured_rates

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

#: Jobs for the models of the runs below, three members each.
ALL_ALONE = {"train": 6, "predict": 6}
ALL_TOGETHER = {"train": 2, "predict": 2}


@pytest.fixture(scope="module")
def runs_once(tmp_path_factory):
    """The same finished run with each member in a job of its own, and with all in one."""
    config = copy(TINY)
    config["models"] = ["EG-4", "CN"]
    config["seeds"] = [1, 2, 3]
    config["training"] |= {"epochs": 2, "keep_epochs": True}
    alone = Run(tmp_path_factory.mktemp("alone"), config)
    together = Run(tmp_path_factory.mktemp("together"), config | TOGETHER)
    for run in (alone, together):
        run.snakemake("members", "tables")
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


def test_all_in_one_job(runs):
    alone, together = runs
    for run, logs in ((alone, {f"seed{k}.log" for k in (1, 2, 3)}), (together, {"seed1_2_3.log"})):
        for stage in ("train", "predict"):
            assert {path.name for path in (run.results / f"logs/{stage}/full/CN").iterdir()} == logs
    for run, seeds in ((alone, [3]), (together, [1, 2, 3])):
        settings = json.loads((run.results / "members/full/EG-4/seed3/settings.json").read_text())
        assert settings["trained_together"] == seeds


def test_run_times_and_plan_find_the_records_of_both_kinds_of_job(runs):
    for run, jobs in zip(runs, (3, 1), strict=True):
        table = pd.read_csv(run.results / "tables/run_times.csv").set_index(["stage", "model"])
        for model in run.config["models"]:
            for stage in ("train", "predict"):
                row = table.loc[stage, model]
                assert (row["jobs"], row["jobs_not_recorded"]) == (jobs, 0)
        rates = measured_rates(run.results)
        found = {(kind.architecture, kind.predicted_days, device) for kind, device in rates}
        assert found == {("ea_lstm", 1, "cpu"), ("ct_lstm", 1, "cpu")}


def test_switching_trains_again(runs):
    """Results differ by rounding, and no table shall hold some of these and some of those."""
    alone, together = runs
    alone.config["members_together"], together.config["members_together"] = True, False
    assert alone.planned("members") == ALL_TOGETHER
    assert together.planned("members") == ALL_ALONE


def test_switching_changes_nothing_where_a_member_has_no_other_beside_it(runs):
    alone, _ = runs
    alone.config["seeds"] = [2]
    alone.config["members_together"] = True
    assert alone.planned("members") == {}


def test_another_list_of_seeds_trains_the_groups_again(runs):
    """Alone a new seed trains its own members, and one less none."""
    more, fewer = [1, 2, 3, 4], [1, 3]
    for run, with_more, with_fewer in zip(
        runs, ({"train": 2, "predict": 2}, ALL_TOGETHER), ({}, ALL_TOGETHER), strict=True
    ):
        run.config["seeds"] = more
        assert run.planned("members") == {"static_vector": 1, **with_more}
        run.config["seeds"] = fewer
        assert run.planned("members") == with_fewer
        assert run.planned("tables")["ensemble"] == 2
        run.config["seeds"] = [3, 2, 1]  # the order says nothing
        assert run.planned("members", "tables") == {}


def test_simulating_together_what_was_trained_alone_gives_the_same_bytes(runs):
    alone, _ = runs
    made = {p: p.read_bytes() for p in alone.results.rglob("seed*/predictions.parquet")}
    for path in made:
        path.unlink()
    # Or they would be trained again: one of them may be older than the vectors of another.
    for path in (alone.results / "members").rglob("*.*"):
        path.touch()
    keeping = ("--rerun-triggers", "mtime")
    alone.config["members_together"] = True
    assert alone.planned("members", *keeping) == {"predict": len(alone.config["models"])}
    alone.snakemake("members", *keeping)
    assert {path: path.read_bytes() for path in made} == made


def test_luck_shares_the_members_of_the_main_comparison(runs):
    """Of each draw of the vectors the member with its own seed is there already."""
    in_groups = [f"{stage}_{k}" for stage in ("train", "predict") for k in (2, 3, 4)]
    alone_jobs = {"train": 3 * 3 - 3, "predict": 3 * 3 - 3}
    for run, jobs in zip(runs, (alone_jobs, dict.fromkeys(in_groups, 1)), strict=True):
        scenarios = [f"vectors-{seed}" for seed in run.config["seeds"]]
        run.config["experiments"] = {"vector_luck": {"models": ["EG-4"], "scenarios": scenarios}}
        assert run.planned("members") == jobs


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


def test_a_job_on_a_cluster_finds_its_rule(runs):
    """As an executor calls it there: with the resources of rules, without a profile."""
    _, together = runs
    subprocess.run(["rm", "-r", together.results / "members/full/CN"], check=True)
    job = ["--mode", "remote", "--target-jobs", "train:scenario=full,model=CN"]
    job += ["--allowed-rules", "train", "--executor", "local", "--nolock"]
    together.snakemake(*job)
    made = {path.parent.name for path in together.results.rglob("full/CN/*/weights.safetensors")}
    assert made == {"seed1", "seed2", "seed3"}


def test_a_number_of_members_is_refused(tiny):
    tiny.config["members_together"] = 2
    done = tiny.snakemake("--dry-run", check=False)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "members_together" in said and "2 is not of type 'boolean'" in said
    assert "Traceback" not in said
