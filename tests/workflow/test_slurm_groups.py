"""profiles/slurm can be planned with, and knows every rule."""

import pytest
import yaml
from workflow_run import REPOSITORY

from randvec.figures import FIGURES

pytestmark = pytest.mark.workflow

GROUPS = yaml.safe_load((REPOSITORY / "profiles/slurm/config.yaml").read_text())["groups"]


def test_all_short_jobs_share_jobs_on_slurm(tiny):
    assert tiny.planned().keys() - GROUPS.keys() == {"train"}


def test_the_profile_plans_the_same_jobs(tiny):
    profile = ("--workflow-profile", REPOSITORY / "profiles/slurm")
    assert tiny.planned(*profile) == tiny.planned()
    more = ("--set-resources", "train:mem_mb=100")
    assert tiny.planned(*profile, *more) == tiny.planned()


def test_every_figure_and_its_table_are_in_a_group():
    assert {f"figure_{name}" for name in FIGURES} <= GROUPS.keys()
    experiments = {entry.experiment for entry in FIGURES.values() if entry.experiment}
    for name in experiments:
        assert {f"medians_{name}", f"page_{name}"} <= GROUPS.keys()
