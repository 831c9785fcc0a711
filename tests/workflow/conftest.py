"""Tiny runs of the workflow, fresh or finished."""

import subprocess

import pytest
from workflow_run import TINY, Run, copy


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
