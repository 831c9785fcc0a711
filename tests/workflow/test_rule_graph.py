"""The graph of the rules in README is the graph of the rules."""

import re
import subprocess
import sys

import pytest
from workflow_run import REPOSITORY

pytestmark = pytest.mark.workflow


#: Rules that there are many of, one for each figure, page, experiment and list of seeds.
FAMILIES = {
    "figure": "figures",
    "page": "pages",
    "table": "experiment_tables",
    "comparisons": "comparisons",
    "train": "train",
    "predict": "predict",
}


def edges(mermaid):
    """Which rule leads to which, by name; families of rules as one, and without `all`."""
    names = dict(re.findall(r"^\s*(\w+)\[(.+)\]$", mermaid, re.MULTILINE))
    found = re.findall(r"^\s*(\w+) --> (\w+)$", mermaid, re.MULTILINE)
    named = [tuple(family(names.get(node, node)) for node in edge) for edge in found]
    return {(source, target) for source, target in named if target not in ("all", source)}


def family(rule):
    return FAMILIES.get(rule.partition("_")[0], rule)


def test_the_graph_in_the_readme_is_that_of_snakemake(tmp_path):
    command = [sys.executable, "-m", "snakemake", "--snakefile", REPOSITORY / "Snakefile"]
    command += ["--directory", tmp_path, "--rulegraph", "mermaid-js", "--configfile"]
    shown = subprocess.run(
        [*command, REPOSITORY / "config/config.yaml"], capture_output=True, text=True, check=True
    )
    block = re.search(r"```mermaid\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
    assert len(edges(shown.stdout)) > 20
    assert edges(block.group(1)) == edges(shown.stdout)
