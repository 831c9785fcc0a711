"""The jobs that follow a change, by rule, and copies of the repository to change."""

import subprocess

from workflow_run import REPOSITORY

SOURCE = "workflow/src/randvec"
FIGURES = (
    "answer",
    "nse_cdf",
    "nse_boxplot",
    "hydrographs",
    "aridity",
    "input_gate",
    "loss_curves",
    "data_quality",
)
#: Figures that show scores, of any model.
OF_SCORES = FIGURES[:3]
#: Figures that show EA-LSTM, and of the others CN at most: discharge, scores, and weights.
OF_EA = FIGURES[3:6]
#: Tables that are made of the scores, each with its page in the report.
TABLES = ("performance", "comparisons_main", "comparisons", "summary", "run_times")
#: The table of how much is recovered, and its page.
ANSWER = {"table_answer": 1, "page_answer": 1}
#: Tables that are made of comparisons.
OF_TESTS = ("comparisons_main", "comparisons", "summary")


def figures(*names):
    return {f"figure_{name}": 1 for name in names}


def reported(*names):
    """A table, or the like, and its page in the report."""
    return {rule: 1 for name in names for rule in (name, f"page_{name}")}


def scored(models):
    """Jobs after the scores of some models have changed."""
    return {"ensemble": models, **reported(*TABLES), **ANSWER, **figures(*OF_SCORES)}


def predicted(models):
    """Jobs after the simulations of some models have changed."""
    return {"predict": models, **reported("provenance"), **scored(models)}


def trained(models):
    """Jobs after the training of some models has changed."""
    after = {**reported("versions"), **figures("loss_curves"), **predicted(models)}
    return {"train": models, **after}


#: Jobs after an edit that reaches EA-LSTM and what is built on it, or all 13 models.
OF_EA_LSTM = trained(4 + 2) | figures(*OF_EA)
OF_TRAINING = trained(13) | figures(*OF_EA)
OF_SIMULATION = predicted(13) | figures("hydrographs", "aridity")
OF_ENSEMBLES = scored(13) | figures("hydrographs", "aridity")
#: What names all members, one by one.
OF_MEMBERS = ("provenance", "versions", "run_times")
PAGES = {f"page_{name}": 1 for name in {*TABLES, *OF_MEMBERS, "config", "answer"}}

#: Any edit counts, even this one.
EDIT = "\n# a comment\n"


def clone(folder):
    """The repository at another place, every file with a new date."""
    folder.mkdir()
    for name in ("Snakefile", "workflow", "profiles", "envs", "config"):
        subprocess.run(["cp", "-r", REPOSITORY / name, folder], check=True)
    return folder


def edit(path, text=EDIT):
    path.write_text(path.read_text() + text)


def replace(path, before, after):
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))
