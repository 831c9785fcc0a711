"""Tiny runs of the workflow, fresh or finished."""

import subprocess
import sys

import pytest
from workflow_run import TINY, Run, copy

# Written before the rules of the report and of the experiments were there: what they expect of a
# plan has to be counted anew. test_slurm.py runs by hand, see profiles/README.md.
collect_ignore = ["test_rebuilds.py", "test_safety.py", "test_full_disk.py"]
if not any("test_slurm.py" in argument for argument in sys.argv):
    collect_ignore.append("test_slurm.py")


@pytest.fixture
def tiny(tmp_path):
    """A tiny run that has not started."""
    return Run(tmp_path, copy(TINY))


@pytest.fixture(scope="session")
def finished_once(tmp_path_factory):
    run = Run(tmp_path_factory.mktemp("finished"), copy(TINY))
    run.snakemake()
    return run


@pytest.fixture
def finished(finished_once, tmp_path):
    """A copy of a tiny run of the whole matrix, from text files to figures, that has finished."""
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", tmp_path], check=True)
    return Run(tmp_path, copy(finished_once.config))
