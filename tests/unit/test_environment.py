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
        rules = re.split(r"\n(?: {4})?(?:rule|checkpoint)[ :]", path.read_text())[1:]
        for rule in (rule for rule in rules if "script:" in rule):
            assert "log:" in rule and "conda:" in rule, f"{path.name}: {rule.splitlines()[0]}"


def test_the_container_takes_its_versions_from_pyproject():
    """It names no version but Python's, which is that of the conda environment."""
    text = (REPOSITORY / "Containerfile").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    environment = yaml.safe_load((REPOSITORY / "envs/randvec.yaml").read_text())
    python = environment["dependencies"][0].removeprefix("python=")
    assert lines[0] == f"FROM python:{python}-slim"
    *_, installed = (line.split()[1:] for line in lines if line.startswith("RUN"))
    assert installed == ["pip", "install", "--no-cache-dir", "--editable", "."]
    copied = {word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    assert copied == needed | set(project["tool"]["setuptools"]["packages"]["find"]["where"])
    assert all((REPOSITORY / name).exists() for name in copied)


def test_in_the_container_git_is_there_and_trusts_the_checkout_that_is_mounted():
    text = (REPOSITORY / "Containerfile").read_text().replace("\\\n", " ")
    mounted = re.search(r'-v "\$PWD:(\S+)"', text)[1]
    assert f"WORKDIR {mounted}\n" in text
    (command,) = re.findall(r"^RUN (apt-get update .*)", text, re.MULTILINE)
    steps = [step.split() for step in command.split("&&")]
    assert ["apt-get", "install", "--yes", "--no-install-recommends", "git"] in steps
    assert steps[-1] == ["git", "config", "--system", "--add", "safe.directory", mounted]
