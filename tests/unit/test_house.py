"""The shape of the code: which way imports point, and how large files and functions are."""

import ast
import graphlib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "workflow/src/randvec"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def module(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows(name):
    """Each package or module, as `name` cuts it from a dotted name, and what it imports."""
    modules = {module(path): path for path in SOURCES}
    found = {}
    for importing, path in modules.items():
        known = {name(other) for other in imports(TREES[path]) if other in modules}
        found.setdefault(name(importing), set()).update(known - {name(importing), "randvec"})
    return found


@pytest.mark.parametrize(
    "name", [lambda dotted: dotted, lambda dotted: ".".join(dotted.split(".")[:2])]
)
def test_imports_make_no_circle_between_modules_or_packages(name):
    found = arrows(name)
    # A registry stands in the package of what it names.
    graphlib.TopologicalSorter(
        {
            one: {other for other in others if not one.startswith(f"{other}.")}
            for one, others in found.items()
        }
    ).prepare()


def test_science_imports_no_snakemake():
    assert not any(
        name.split(".")[0] == "snakemake" for tree in TREES.values() for name in imports(tree)
    )


def test_data_and_vectors_know_no_torch():
    """Nor anything that they import."""
    known = arrows(lambda dotted: dotted)
    of_torch = {
        module(path)
        for path, tree in TREES.items()
        if any(name.split(".")[0] == "torch" for name in imports(tree))
    }
    new = {name for name in known if name.split(".")[1:2] in (["data"], ["vectors"])}
    reached = set()
    while new:
        reached |= new
        new = set().union(*(known[name] for name in new)) - reached
    assert len(reached) > 40 and not reached & of_torch


@pytest.mark.parametrize("path", SOURCES, ids=module)
def test_files_have_300_lines_and_functions_50_at_most(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.FunctionDef):
            documented = ast.get_docstring(node, clean=False)
            code = node.end_lineno - node.lineno + 1
            code -= len(documented.splitlines()) if documented else 0
            assert code <= 50, f"{node.name} has {code} lines without its docstring"


def test_rules_have_650_lines_and_the_slurm_profile_70_at_most():
    rules = (REPOSITORY / "workflow/rules").glob("*.smk")
    assert sum(len(path.read_text().splitlines()) for path in rules) <= 650
    assert len((REPOSITORY / "profiles/slurm/config.yaml").read_text().splitlines()) <= 70
