"""A run that is killed again and again ends with the bytes of one that was left alone."""

import os
import random
import signal
import subprocess
import time

import psutil
import pytest
from workflow_run import TINY, TOGETHER, Run, copy

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

KILLS = 20


@pytest.fixture
def config():
    """With the weights of every epoch; on SLURM members are killed that are trained alone."""
    config = copy(TINY | TOGETHER | {"models": ["EP", "CG-4", "CN", "FO"]})
    config["training"] |= {"epochs": 6, "sequence_length": 20, "hidden": 8, "batch_size": 16}
    config["training"] |= {"keep_epochs": True}
    return config


def test_twenty_kills_change_no_byte(config, tmp_path):
    undisturbed, killed = (Run(tmp_path / name, config) for name in ("undisturbed", "killed"))
    for run in (undisturbed, killed):
        run.folder.mkdir()
    undisturbed.snakemake()
    draws = random.Random(1)
    kills = 0
    resumed = False
    for _ in range(10 * KILLS):
        if kills == KILLS:
            break
        killed.unlock()
        started = killed.start()
        kills += kill(started, draws, killed.results)
        resumed |= any(
            "resumed after epoch" in log.read_text() for log in killed.results.rglob("seed*.log")
        )
        if complete(undisturbed, killed):
            # Everything is there before the last kill: begin again with the data alone.
            for name in ("members", "ensembles", "tables", "figures", "report"):
                subprocess.run(["rm", "-r", killed.results / name], check=True)
    assert kills == KILLS
    killed.snakemake("--unlock")
    killed.snakemake()
    assert killed.planned() == {}
    assert resumed, "no member was killed after an epoch and went on from its checkpoint"
    ours, theirs = killed.made(), undisturbed.made()
    assert [name for name in theirs if ours[name] != theirs[name]] == []
    assert set(ours) == set(theirs), "a checkpoint or a half file was left behind"


def kill(started, draws, results):
    """Kill the whole run, or one of its jobs and then the run, at a random moment.

    Returns the number of kills that hit a run at work: 1, or 0 if it ended first.
    """
    if draws.random() < 0.5:
        wait_for_checkpoint(started, results)
    else:
        time.sleep(draws.uniform(0, 6))
    if draws.random() < 0.5:
        jobs = psutil.Process(started.pid).children(recursive=True) if running(started) else []
        for job in draws.sample(jobs, min(1, len(jobs))):
            job.kill()
        time.sleep(draws.uniform(0, 1))
    hit = running(started)
    if hit:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    return int(hit)


def wait_for_checkpoint(started, results):
    """Wait until a member has a checkpoint newer than this call, or the run has ended.

    Training lasts a second or so, which moments drawn at random may miss all twenty times.
    """
    begun = time.time()
    while running(started):
        if any(modified(path) > begun for path in results.rglob("checkpoint.safetensors")):
            return
        time.sleep(0.005)


def modified(path):
    """When a file was written last; long ago if it has just been removed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def running(process):
    return process.poll() is None


def complete(undisturbed, killed):
    return killed.results.exists() and set(undisturbed.made()) <= set(killed.made())
