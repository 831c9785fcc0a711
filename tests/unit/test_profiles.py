"""The profiles agree where they must, and name only what exists."""

import re
from pathlib import Path

import pytest
import yaml

from randvec.figures import FIGURES

REPOSITORY = Path(__file__).parents[2]
# What counts as a change, and what is shown, is the same wherever a run takes place.
SHARED = ("rerun-triggers", "max-checksum-file-size", "show-failed-logs", "scheduler")


def profile(name):
    return yaml.safe_load((REPOSITORY / f"profiles/{name}/config.yaml").read_text())


@pytest.mark.parametrize("line", SHARED)
def test_a_line_is_the_same_in_all_profiles(line):
    assert profile("slurm")[line] == profile("default")[line]


def test_the_rules_named_by_the_slurm_profile_exist():
    files = (REPOSITORY / "workflow/rules").glob("*.smk")
    text = "\n".join(file.read_text() for file in files)
    rules = set(re.findall(r"^ *(?:rule|checkpoint) (\w+):", text, re.M))
    rules |= {f"figure_{name}" for name in FIGURES}
    experiments = {entry.experiment for entry in FIGURES.values() if entry.experiment}
    rules |= {f"comparisons_{name}" for name in {"main", *experiments}}
    rules |= {f"page_{name}" for name in {*rules, *experiments, "config"}}
    rules |= {f"medians_{name}" for name in experiments}
    slurm = profile("slurm")
    assert {*slurm["set-resources"], *slurm["groups"]} <= rules
    assert set(slurm["group-components"]) == set(slurm["groups"].values())


def test_training_stays_out_of_groups():
    """A group that fails is made again as a whole."""
    assert "train" not in profile("slurm")["groups"]
