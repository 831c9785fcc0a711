"""Jobs on a machine with several graphics cards take one each; the cards here are empty files."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from randvec.devices import CHOICE, count_gpus

SOURCES = Path(__file__).parents[2] / "workflow/src"

JOB = """
import logging, os, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
from randvec.devices import use_gpu
use_gpu(int(sys.argv[1]), devices=sys.argv[2], pause=0.02)
sys.stdout.flush()
sys.stdin.read()
"""

NOTE = """
import time
card = os.environ["CUDA_VISIBLE_DEVICES"]
with open(sys.argv[3], "a", buffering=1) as notes:
    print("has", card, file=notes)
    time.sleep(0.1)
    print("leaves", card, file=notes)
"""


@pytest.fixture
def devices():
    """Folder with the device files of two cards; a short path, for names have a limit."""
    with tempfile.TemporaryDirectory() as folder:
        for number in (0, 1):
            Path(folder, f"nvidia{number}").touch()
        Path(folder, "nvidiactl").touch()
        yield folder


@pytest.fixture
def start(devices):
    """Start a job that ends when it is told to or when the test does."""
    jobs = []

    def start(asked=1, given=None):
        environment = {"PYTHONPATH": str(SOURCES)}
        if given is not None:
            environment["CUDA_VISIBLE_DEVICES"] = given
        command = [sys.executable, "-c", JOB, str(asked), devices]
        pipe = subprocess.PIPE
        job = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
        jobs.append(job)
        return job

    yield start
    for job in jobs:
        job.kill()
        job.wait()
        job.stdin.close()
        job.stdout.close()


def said(job):
    return job.stdout.readline().strip()


def test_each_job_has_a_card_of_its_own_and_the_next_one_waits(start):
    first, second = start(), start()
    assert {said(first), said(second)} == {"CUDA_VISIBLE_DEVICES=0", "CUDA_VISIBLE_DEVICES=1"}
    third = start()
    assert said(third) == "other jobs have all graphics cards; waiting for one"
    second.stdin.close()
    second.wait()
    taken = said(third)
    fourth = start()
    assert said(fourth) == "other jobs have all graphics cards; waiting for one"
    first.kill()
    assert {taken, said(fourth)} == {"CUDA_VISIBLE_DEVICES=0", "CUDA_VISIBLE_DEVICES=1"}


def test_many_jobs_at_once_never_share_a_card(devices):
    """Each notes when it has a card and when it is about to end; the file shows the order."""
    notes = Path(devices, "notes")
    job = JOB.replace("sys.stdin.read()", NOTE)
    command = [sys.executable, "-c", job, "1", devices, str(notes)]
    environment = {"PYTHONPATH": str(SOURCES)}
    silent = subprocess.DEVNULL
    jobs = [subprocess.Popen(command, env=environment, stdout=silent) for _ in range(10)]
    assert [job.wait() for job in jobs] == [0] * 10
    used = []
    for line in notes.read_text().splitlines():
        event, card = line.split()
        if event == "has":
            assert card not in used
            used.append(card)
        else:
            used.remove(card)
    assert notes.read_text().count("has") == 10 and not used


@pytest.mark.parametrize("given", ["1", "7", "", "GPU-3d5a", "NoDevFiles"])
def test_what_a_scheduler_chose_is_taken_as_it_is(start, given):
    assert said(start(given=given)) == f"CUDA_VISIBLE_DEVICES={given}"
    assert said(start(given=given)) == f"CUDA_VISIBLE_DEVICES={given}"


def test_of_the_cards_that_a_user_allows_each_job_takes_one(start):
    assert said(start(given="2, 3")) == "CUDA_VISIBLE_DEVICES=2"
    assert said(start(given="2, 3")) == "CUDA_VISIBLE_DEVICES=3"


def test_a_job_that_asked_for_no_card_sees_none(start):
    assert said(start(asked=0)) == "CUDA_VISIBLE_DEVICES="
    assert said(start(asked=0, given="1")) == "CUDA_VISIBLE_DEVICES="


def test_without_a_card_the_log_says_so(start, devices):
    for path in Path(devices).iterdir():
        path.unlink()
    job = start()
    assert said(job) == "a graphics card was asked for and no device file of one is there"
    assert said(job) == "CUDA_VISIBLE_DEVICES="


@pytest.mark.parametrize(("chosen", "count"), [(None, 2), ("1", 2), ("", 0), ("-1", 0)])
def test_cards_that_are_hidden_do_not_count(devices, monkeypatch, chosen, count):
    monkeypatch.delenv(CHOICE, raising=False)
    if chosen is not None:
        monkeypatch.setenv(CHOICE, chosen)
    assert count_gpus(devices) == count
