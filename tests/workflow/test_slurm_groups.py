"""profiles/slurm can be planned with, and knows every rule."""

import re

import pytest
import yaml
from workflow_run import REPOSITORY

from randvec.figures import FIGURES

pytestmark = pytest.mark.workflow

TABLES = {"series": "series.parquet", "descriptors": "descriptors.parquet", "basins": "basins.csv"}
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
    for name in {"main", *experiments} - {"vector_luck"}:  # luck compares no models
        assert {f"comparisons_{name}", f"page_comparisons_{name}"} <= GROUPS.keys()
    assert {"vector_luck_spread", "page_vector_luck_spread"} <= GROUPS.keys()


def test_no_group_mixes_rules_that_read_the_tables_of_the_data_with_others(tiny):
    """Or Snakemake runs one job in two SLURM jobs at once, as the profile says."""
    tiny.config["experiments"] = {
        "dimensions": {"models": ["EG-2"]},
        "data_length": {"models": ["EP"], "scenarios": ["years-1"]},
        "fewer_basins": {"models": ["EP"], "scenarios": ["basins-2-s1", "full"]},
        "incomplete_descriptors": {"models": ["EP"], "scenarios": ["only-soil"]},
        "uncertain_descriptors": {"models": ["EP"], "scenarios": ["noise-1"]},
        "vector_luck": {"models": ["EG-4"], "scenarios": ["vectors-1", "vectors-2"]},
        "ungauged_basins": {
            "models": ["EP"],
            "scenarios": ["fold-1-of-3", "fold-2-of-3", "fold-3-of-3"],
        },
    }
    planned = tiny.snakemake("--dry-run").stdout
    inputs = re.findall(r"^rule (\w+):\n    input: (.*)$", planned, re.MULTILINE)
    paths = {f"results/tiny/{name}" for name in TABLES.values()}
    readers = {rule for rule, files in inputs if paths & set(files.split(", "))}
    # Not all of them are drawn of virtual catchments.
    readers |= {f"figure_{name}" for name in FIGURES if TABLES.keys() & set(FIGURES[name].needs)}
    others = {rule for rule, _ in inputs} - readers
    assert "performance" in readers and "summary" in others
    groups_of = [{GROUPS[rule] for rule in rules & GROUPS.keys()} for rules in (readers, others)]
    assert not set.intersection(*groups_of)
