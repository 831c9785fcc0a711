"""The pins of pyproject.toml and of the conda environment are the same."""

import re
import tomllib
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]
CONDA_NAMES = {"torch": "pytorch", "snakemake": "snakemake-minimal"}


def test_the_conda_environment_has_the_versions_of_pyproject():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    pins = dict(line.split("==") for line in project["dependencies"])
    expected = {CONDA_NAMES.get(name, name): version for name, version in pins.items()}
    environment = yaml.safe_load((REPOSITORY / "envs/randvec.yaml").read_text())
    found = dict(line.split("=") for line in environment["dependencies"])
    python = found.pop("python")
    assert found == expected
    assert project["requires-python"].startswith(f">={python},")


def test_every_rule_of_the_workflow_names_a_log_and_an_environment():
    for path in (REPOSITORY / "workflow/rules").glob("*.smk"):
        rules = re.split(r"\n(?: {4})?rule[ :]", path.read_text())[1:]
        for rule in (rule for rule in rules if "script:" in rule):
            assert "log:" in rule and "conda:" in rule, f"{path.name}: {rule.splitlines()[0]}"
