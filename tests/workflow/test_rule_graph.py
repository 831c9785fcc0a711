"""The graph of the rules and the table of targets in docs are those of Snakemake."""

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


def shown_for_the_demo(folder, *options):
    """What Snakemake says of the demo's configuration with the given options."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", REPOSITORY / "Snakefile"]
    command += ["--directory", folder, *options]
    command += ["--configfile", REPOSITORY / "config/config.yaml"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_graph_in_docs_is_that_of_snakemake(tmp_path):
    shown = shown_for_the_demo(tmp_path, "--rulegraph", "mermaid-js")
    text = (REPOSITORY / "docs/provenance.md").read_text()
    block = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert len(edges(shown)) > 20
    assert edges(block.group(1)) == edges(shown)


def test_the_targets_in_docs_are_there(tmp_path):
    text = (REPOSITORY / "docs/targets.md").read_text()
    table = re.search(r"^## Targets\n(.*?)^## ", text, re.MULTILINE | re.DOTALL).group(1)
    first = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    told = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    found = set(shown_for_the_demo(tmp_path, "--list-target-rules").split())
    # The demo does not hold these experiments.
    assert told - found == {"fewer_basins", "uncertain_descriptors", "ungauged_basins"}
    assert told & found > {"all", "members", "main_comparison", "dimensions"}
