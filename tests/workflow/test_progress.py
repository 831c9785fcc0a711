"""What a run prints without a terminal: what each job does, and how many of how many are done."""

import re

import pytest
from workflow_run import TOGETHER

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

#: Two lines for each round of jobs that no option of Snakemake silences but `--quiet all`.
ROUNDS = re.compile(r"Select jobs to execute\.\.\.|Execute \d+ jobs\.\.\.")


def test_a_run_names_what_is_trained_and_counts_and_its_dry_run_tells_files(tiny):
    tiny.config |= TOGETHER | {"models": ["EP", "CN"]}
    said = tiny.snakemake("members").stderr
    for model in ("EP", "CN"):
        log = f"results/tiny/logs/train/full/{model}/seed1_2.log"
        assert f": Train {model}, members 1 2 (scenario full); time left: see {log}\n" in said
        assert f": Simulate with {model}, members 1 2 (scenario full)\n" in said
    # Virtual catchments, series, one vector, two jobs for each of two models, and the target.
    done = re.findall(r"^(\d+) of 8 steps \(\d+%\) done$", said, re.MULTILINE)
    assert done == [str(number) for number in range(1, 9)]
    # A job takes two lines and their times when it starts and ends, a line of progress and an
    # empty one.
    jobs = said.partition("total")[2]
    lines = [line for line in jobs.splitlines() if line and not ROUNDS.match(line)]
    assert len(lines) <= 8 * 5 + 6, jobs
    assert "Reason:" not in said and "rule train:" not in said and "SNAKEMAKE" not in said

    assert "Nothing to be done" in tiny.snakemake("members", "--dry-run").stdout
    planned = tiny.snakemake("members", "--dry-run", "--forceall").stdout
    assert planned.count("rule train:") == 2 and "Train EP" not in planned
