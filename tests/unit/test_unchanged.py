"""A run goes on with the configuration and the code that it began with, or not at all."""

import os

import pytest

from randvec.errors import InputError
from randvec.provenance import code_digest
from randvec.unchanged import check_code, check_config

CONFIG = {"dataset": {"name": "tiny"}, "training": {"epochs": 1}}
OTHER = {"dataset": {"name": "tiny"}, "training": {"epochs": 2}}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))


def test_a_job_with_another_configuration_is_refused():
    check_config(CONFIG, "results/tiny", in_job=False)
    check_config(dict(reversed(CONFIG.items())), "results/tiny", in_job=True)
    with pytest.raises(InputError, match="results/tiny was changed while the run was on"):
        check_config(OTHER, "results/tiny", in_job=True)


def test_a_new_run_may_have_another_configuration():
    check_config(CONFIG, "results/tiny", in_job=False)
    check_config(OTHER, "results/tiny", in_job=False)
    check_config(OTHER, "results/tiny", in_job=True)


def test_workflows_in_one_run_are_told_apart():
    check_config(CONFIG, "results/tiny", in_job=False)
    check_config(OTHER, "results/other", in_job=False)
    check_config(CONFIG, "results/tiny", in_job=True)


def test_a_job_that_is_not_told_is_not_checked():
    check_config(CONFIG, "results/tiny", in_job=True)


def test_other_sources_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("randvec.provenance.SOURCE", tmp_path / "randvec")
    source = tmp_path / "randvec/loop.py"
    source.parent.mkdir()
    source.write_text("epochs = 1\n")
    digest = code_digest("randvec.loop")
    check_code(digest, "randvec.loop")
    source.write_text("epochs = 2\n")
    with pytest.raises(InputError, match=r"code of randvec.loop, .* was changed while the run"):
        check_code(digest, "randvec.loop")
