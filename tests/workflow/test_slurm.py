"""Small whole runs through profiles/slurm on a real SLURM, interrupted and killed in every way."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest
import slurm_cluster
from slurm_run import IMPATIENT, SlurmRun
from workflow_run import TINY, Run, copy

pytestmark = [pytest.mark.workflow, pytest.mark.slurm]

SMALL = {**TINY, "models": ["EG-4", "CN"], "training": {**TINY["training"], "epochs": 3}}
GPU_RULES = {"train", "predict"}
CARDS = [f"[{number}]" for number in range(slurm_cluster.CARDS)]


def test_the_cluster_leaves_nothing_behind_however_its_user_ends(tmp_path):
    _skip_without_slurm()
    before = _slurm_processes()
    program = "import slurm_cluster as s, pathlib, sys\n"
    program += "with s.cluster(pathlib.Path(sys.argv[1])):\n    print('up', flush=True), input()"
    command = [sys.executable, "-c", program, str(tmp_path)]
    pipe = subprocess.PIPE
    here = Path(__file__).parent
    with subprocess.Popen(command, cwd=here, stdin=pipe, stdout=pipe, text=True) as user:
        assert user.stdout.readline() == "up\n"
        job = ["sbatch", "--output=/dev/null", "--wrap", "exec sleep 1234"]
        subprocess.run(job, check=True, capture_output=True)
        _wait_until(lambda: any("sleep 1234" in args for _, args in _slurm_processes()))
        user.kill()
    _wait_until(lambda: slurm_cluster.missing() is None)
    assert _slurm_processes() <= before


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    _skip_without_slurm()
    before = _slurm_processes()
    folder = tmp_path_factory.mktemp("slurm")
    with slurm_cluster.cluster(folder):
        yield folder
    assert _slurm_processes() <= before


@pytest.fixture(scope="module")
def local(tmp_path_factory, cluster):
    """The same run, finished without SLURM."""
    run = Run(tmp_path_factory.mktemp("local"), copy(SMALL))
    run.snakemake()
    return run


@pytest.fixture(scope="module")
def overruns(local, cluster, tmp_path_factory):
    """Two runs with a member to train, one with too little memory and one with too little time.

    SLURM measures time in minutes, so they are started before all else and looked at last.
    """
    runs = {}
    for name, limit in [
        ("memory", "train:mem_mb=300*10**(attempt-1)"),
        ("time", "train:runtime=attempt"),
    ]:
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(local.folder, folder, dirs_exist_ok=True)
        run = runs[name] = SlurmRun(folder, copy(SMALL), cluster=cluster)
        member = run.results / "members/full/CN/seed1"
        shutil.rmtree(member)
        target = (member / "weights.safetensors").relative_to(folder)
        run.start(target, "--set-resources", limit, "train:gpu=1")
    runs["time"].freeze_next("train")
    return runs


@pytest.fixture(scope="module")
def side_by_side(overruns, local, cluster, tmp_path_factory):
    """The two long tests, in threads of their own: they mostly wait for SLURM."""
    with ThreadPoolExecutor() as pool:
        yield {
            what: pool.submit(what, tmp_path_factory.mktemp(what.__name__), local, cluster)
            for what in (interrupted_and_killed, killed_twenty_times)
        }


def test_a_whole_run_that_is_interrupted_and_killed(side_by_side):
    side_by_side[interrupted_and_killed].result()


def test_nothing_is_lost_or_wrong_after_twenty_random_kills(side_by_side):
    side_by_side[killed_twenty_times].result()


def interrupted_and_killed(folder, local, cluster):
    run = SlurmRun(folder, copy(SMALL), cluster=cluster)

    # A job is cancelled in SLURM: it comes again, and asks for more.
    run.start("--jobs", "2")
    first = run.freeze_next("train")
    second = run.freeze_next("train")
    subprocess.run(["scancel", first.id], check=True)
    again = run.wait_for(lambda: _again(run, first), "the cancelled job's return")
    assert (first.memory, first.time_limit) == ("8000M", "4:00:00")
    assert (again.memory, again.time_limit) == ("16000M", "4:00:00")

    # The controller is interrupted: nothing runs on, and what was trained stays.
    run.wait_for(lambda: len(run.jobs("train")) > 3, "one member and the start of the next")
    assert second.active
    run.interrupt()
    assert run.controller.returncode != 0
    run.wait_for(lambda: not run.active(), "an empty queue")
    assert not run.processes()
    trained = _weights(run)
    assert trained

    # The controller is killed while it has yet to see that one job ended, and another runs on.
    run.start("--jobs", "2")
    frozen = run.freeze_next("train")
    unseen = run.next("train")
    run.controller.send_signal(signal.SIGSTOP)
    run.wait_for(lambda: run.jobs() and not unseen.active, "the end of one of them")
    run.kill()
    assert unseen.state == "COMPLETED" and run.processes(frozen)
    trained_unseen = _weights(run)
    assert len(trained_unseen) > len(trained)
    refused = run.snakemake(check=False)
    assert refused.returncode != 0 and "cannot be locked" in refused.stderr
    run.recover()
    assert not run.active() and not run.processes()

    run.start()
    run.finish()
    _compare(run, local)
    _no_two_wrote_one_file(run)
    assert trained.items() <= trained_unseen.items() <= _weights(run).items()
    _each_had_its_own_card(run)


def killed_twenty_times(folder, local, cluster):
    """From where the data are there, one job after the other, so that kills meet training."""
    shutil.copytree(local.folder, folder, dirs_exist_ok=True)
    run = SlurmRun(folder, copy(SMALL), cluster=cluster)
    for made in ("members", "ensembles", "tables"):
        shutil.rmtree(run.results / made)
    chance = random.Random(1)
    kills = [_cancel_job, _kill_process, _interrupt, _kill_controller] * 5
    chance.shuffle(kills)
    removed = 0
    for _ in range(200):  # some come too late and find nothing to kill
        if not kills:
            break
        if not run.running:
            if run.controller and run.controller.returncode == 0:
                shutil.rmtree(chance.choice(sorted(run.results.glob("members/full/*/*"))))
                shutil.rmtree(run.results / "ensembles")  # or else nothing would miss the member
                shutil.rmtree(run.results / "tables")
                removed += 1
            run.start("data", "tables", "--jobs", "1")
        before = len(run.jobs())
        run.wait_for(lambda n=before: len(run.jobs()) > n or not run.running, "a job")
        time.sleep(chance.uniform(0, 4))
        if kills[-1](run, chance):
            kills.pop()
    assert not kills
    run.wait_for(lambda: not run.running, "the end of what is left")
    run.start("data", "tables")
    run.finish()
    _compare(run, local, "data", "tables")
    _no_two_wrote_one_file(run)
    trainings = [job for job in run.jobs("train") if job.state == "COMPLETED"]
    assert len(trainings) <= len(_weights(run)) + removed


def test_a_job_over_its_memory_or_its_time_is_tried_again_with_more(overruns, local):
    for run, first, second in [
        (overruns["memory"], "300M", "3000M"),
        (overruns["time"], "1:00", "2:00"),
    ]:
        run.finish()
        jobs = run.jobs()
        assert [job.state == "COMPLETED" for job in jobs] == [False, True]
        for job, limit in zip(jobs, [first, second], strict=True):
            assert limit in (job.memory, job.time_limit)
        for name in ("weights.safetensors", "settings.json", "loss.csv"):
            member = f"members/full/CN/seed1/{name}"
            assert (run.results / member).read_bytes() == (local.results / member).read_bytes()
    assert overruns["time"].jobs()[0].state == "TIMEOUT"


def _cancel_job(run, chance):
    if not (jobs := run.active()):
        return False
    subprocess.run(["scancel", chance.choice(jobs).id], check=True)
    return True


def _kill_process(run, chance):
    run.wait_for(lambda: run.processes() or not run.active(), "a script")
    if not (processes := run.processes()):
        return False
    try:
        os.kill(chance.choice(processes), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _interrupt(run, chance):
    if not run.running:
        return False
    run.interrupt_at_any_moment()
    return True


def _kill_controller(run, chance):
    if not run.running:
        return False
    run.kill()
    run.recover()
    return True


def _skip_without_slurm():
    if reason := slurm_cluster.missing():
        pytest.skip(f"no test on SLURM: {reason}")


def _slurm_processes():
    """Processes that belong to a SLURM or that a job of these tests left, by id."""
    ours = ("munged", "slurm", "/usr/sbin/munged", "/usr/sbin/slurm", "sleep 1234")
    shown = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True).stdout
    lines = [line.split(maxsplit=1) for line in shown.splitlines()]
    return {(pid, args) for pid, args in lines if args.startswith(ours) or IMPATIENT.name in args}


def _wait_until(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def _again(run, job):
    return next(
        (other for other in run.jobs() if other.targets == job.targets and other != job), None
    )


def _weights(run):
    """When each trained member's weights were written, as the file system knows it."""
    paths = run.results.glob("members/*/*/*/weights.safetensors")
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}


def _compare(run, local, *targets):
    """Nothing is left to do for the targets, and what there is equals that of the other run."""
    assert run.planned(*targets) == {}
    found, expected = run.made(), local.made()
    assert found.keys() <= expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []


def _times(run):
    """When the first process of each job began and the last one ended [s]."""
    times = {}
    for line in (run.cluster / "jobs").read_text().splitlines():
        what, job, second = line.split()
        times.setdefault(job, {})[what] = float(second)
    return {job.id: times[job.id] for job in run.jobs() if job.id in times}


def _overlap(one, other):
    return one["begin"] < other["end"] and other["begin"] < one["end"]


def _no_two_wrote_one_file(run):
    times = _times(run)
    ran = [job for job in run.jobs() if job.id in times]
    for one, other in combinations(ran, 2):
        if set(one.targets) & set(other.targets):
            assert not _overlap(times[one.id], times[other.id]), (one, other)


def _each_had_its_own_card(run):
    """Jobs of GPU_RULES saw one card, of which their log tells; the others saw none."""
    seen = {}
    for line in (run.cluster / "tasks").read_text().splitlines():
        _, job, _, node, card = line.split()
        seen.setdefault(job, set()).add((node, card))
    times = _times(run)
    on_card = []
    for job in run.jobs():
        if job.id not in seen:
            continue
        ((node, card),) = seen[job.id]
        assert card in (CARDS if job.rules & GPU_RULES else ["[]"])
        if job.rules & GPU_RULES:
            on_card.append((job, node, card))
    for (one, *place), (other, *other_place) in combinations(on_card, 2):
        if place == other_place:
            assert not _overlap(times[one.id], times[other.id]), (one, other)
    for rule in GPU_RULES:
        logs = list(run.results.glob(f"logs/{rule}/full/*/*.log"))
        assert len(logs) == 4
        for log in logs:
            (card,) = re.findall(r"CUDA_VISIBLE_DEVICES=(.*)", log.read_text())
            assert f"[{card}]" in CARDS
