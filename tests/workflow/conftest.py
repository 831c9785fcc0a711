"""Tiny runs of the workflow, fresh or finished."""

import subprocess

import pytest
from filelock import FileLock
from rebuilt import clone
from workflow_run import MATRIX, TINY, Run, copy


@pytest.fixture
def tiny(tmp_path):
    """A tiny run that has not started."""
    return Run(tmp_path, copy(TINY))


@pytest.fixture(scope="session")
def finished_once(tmp_path_factory, worker_id):
    """A finished run, which the workers of pytest-xdist share. It is copied, and left as it is."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    run = Run(shared / "finished_once", copy(MATRIX))
    done = shared / "finished_once.done"
    with FileLock(shared / "finished_once.lock"):
        if not done.exists():
            run.folder.mkdir(exist_ok=True)
            run.snakemake()
            done.touch()
    return run


@pytest.fixture
def finished(finished_once, tmp_path):
    """A copy of a tiny run of the whole matrix, from text files to figures, that has finished."""
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", tmp_path], check=True)
    return Run(tmp_path, copy(finished_once.config))


@pytest.fixture(scope="session")
def kept(finished_once, tmp_path_factory):
    """The results of a finished run, in another folder than that of the run; left as they are."""
    folder = tmp_path_factory.mktemp("kept")
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", folder], check=True)
    return folder


@pytest.fixture
def cloned(kept, tmp_path):
    """A fresh clone of the repository beside the kept results."""
    return Run(kept, copy(MATRIX), clone(tmp_path / "repository") / "Snakefile")
