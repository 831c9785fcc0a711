"""The notebooks of docs run on a finished run and draw their plots; they are stored without."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from workflow_run import REPOSITORY

pytestmark = pytest.mark.workflow

DEMO = 'Path("../results/virtual")'
#: Plots that each draws.
PLOTS = {"first_look": 4, "new_basin": 2}


def read(name):
    return nbformat.read(REPOSITORY / f"docs/{name}.ipynb", as_version=4)


def execute(notebook, run):
    """Run all cells with the results of a run instead of the demo's."""
    sources = [cell for cell in notebook.cells if DEMO in cell.source]
    assert len(sources) == 1
    sources[0].source = sources[0].source.replace(DEMO, f"Path({str(run.results)!r})")
    NotebookClient(notebook, timeout=300).execute()


def outputs(notebook):
    return [out for cell in notebook.cells for out in cell.get("outputs", [])]


@pytest.fixture(scope="module")
def executed(finished_once):
    """Both notebooks with what they give on a tiny run."""
    notebooks = {name: read(name) for name in PLOTS}
    for notebook in notebooks.values():
        execute(notebook, finished_once)
    return notebooks


@pytest.mark.parametrize("name", PLOTS)
def test_a_notebook_runs_and_draws(executed, name):
    found = (out.get("data", {}) for out in outputs(executed[name]))
    drawn = [data["image/png"] for data in found if "image/png" in data]
    assert len(drawn) == PLOTS[name]
    assert all(len(png) > 20_000 for png in drawn)


def test_the_random_vector_refuses_in_one_sentence(executed):
    (told,) = [out.text for out in outputs(executed["new_basin"]) if out.get("name") == "stdout"]
    assert "'gaussian-4-s1' can't be made of descriptors: a drawn number stands for" in told
    assert told.count("\n") == 1


def test_a_cell_that_raises_is_noticed(finished_once):
    notebook = read("first_look")
    notebook.cells = [*notebook.cells[:2], nbformat.v4.new_code_cell("inputs.metrics(['EG-5'])")]
    with pytest.raises(CellExecutionError, match="EG-5"):
        execute(notebook, finished_once)


@pytest.mark.parametrize("name", PLOTS)
def test_a_notebook_is_stored_without_outputs(name):
    notebook = read(name)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and all(not cell.outputs and cell.execution_count is None for cell in code)


@pytest.mark.parametrize("name", PLOTS)
def test_links_of_a_notebook_resolve(name):
    words = "".join(cell.source for cell in read(name).cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^():\s]+)\)", words)
    assert links and all((REPOSITORY / "docs" / link).exists() for link in links)


def test_every_notebook_is_run():
    assert {path.stem for path in (REPOSITORY / "docs").rglob("*.ipynb")} == set(PLOTS)
