"""The profiles agree where they must."""

import subprocess
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
# What counts as a change, and what is shown, is the same wherever a run takes place.
SHARED = ("rerun-triggers", "max-checksum-file-size", "show-failed-logs", "quiet", "scheduler")


def profile(name):
    return yaml.safe_load((REPOSITORY / f"profiles/{name}/config.yaml").read_text())


@pytest.mark.parametrize("line", SHARED)
def test_a_line_is_the_same_in_all_profiles(line):
    assert profile("slurm")[line] == profile("default")[line]


def test_no_profile_overrules_the_groups_of_the_rules():
    """They stand in the rules, and are checked in tests/workflow/test_slurm_groups.py."""
    assert not any("groups" in profile(name) for name in ("default", "slurm"))


def test_where_nothing_ran_there_are_no_lost_jobs(tmp_path):
    script = REPOSITORY / "profiles/slurm/cancel-lost-jobs.sh"
    done = subprocess.run(["sh", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "no snakemake was started here that used SLURM\n"
