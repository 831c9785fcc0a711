"""The tables and texts that the report shows: where they lie, and under what name they stand."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from randvec.experiments import ANSWER as ANSWER_TABLE
from randvec.experiments import KINDS, MAIN

#: Parts of the menu that every report has.
ANSWER, FIGURES, TABLES, RUN = "Answer", "Figures", "Tables", "Run"


class Shown(NamedTuple):
    """A table or text of the report.

    Attributes
    ----------
    path : str
        File to show.
    category : str
        Part of the report's menu.
    label : str
        Its name there.
    caption : str
        Name of the text about it in ``workflow/report``.
    part : str
        The experiment that it belongs to, or ``main``; empty for what the run has as a whole.
    """

    path: str
    category: str
    label: str
    caption: str
    part: str = ""


def menu(experiments: Iterable[str]) -> dict[str, str]:
    """The parts of the report's menu, which sorts them by name: numbered in the order of reading.

    Parameters
    ----------
    experiments : iterable of str
        In the order of the configuration.

    Returns
    -------
    dict of str to str
        What a part is called there, by its key: `ANSWER`, `FIGURES`, the names of the experiments,
        `TABLES` and `RUN`.
    """
    about = {name: f"Experiment on {name.replace('_', ' ')}" for name in experiments}
    titles = {ANSWER: ANSWER, FIGURES: FIGURES, **about, TABLES: TABLES, RUN: RUN}
    digits = len(str(len(titles)))
    return {
        part: f"{number:0{digits}}. {title}"
        for number, (part, title) in enumerate(titles.items(), start=1)
    }


def tables_of(
    folder: str,
    experiments: Mapping[str, str],
    compared: Iterable[str],
    answered: bool,
    published: bool,
) -> dict[str, Shown]:
    """All tables and texts of a run, by name.

    Parameters
    ----------
    folder : str
        ``results/<dataset>``.
    experiments : mapping of str to str
        Name and kind.
    compared : iterable of str
        Experiments with paired comparisons, and ``main``.
    answered : bool
        Whether the main comparison has its `randvec.experiments.ANSWER`.
    published : bool
        Whether published results of real basins stand beside the run's own.
    """
    tables = f"{folder}/tables"
    parts = menu(experiments)
    shown = {
        "performance": Shown(
            f"{tables}/performance.csv", parts[TABLES], "performance", "performance"
        ),
        "comparisons": Shown(
            f"{tables}/comparisons.csv", parts[TABLES], "all comparisons", "comparisons"
        ),
    }
    if answered:
        shown["answer"] = Shown(
            f"{tables}/answer.csv", parts[ANSWER], ANSWER_TABLE.title, "answer_table", part=MAIN
        )
    for name in compared:
        label, part = ("main comparison", ANSWER) if name == MAIN else ("comparisons", name)
        shown[f"comparisons_{name}"] = Shown(
            f"{tables}/comparisons/{name}.csv", parts[part], label, "comparisons", part=name
        )
    for name, kind in experiments.items():
        for end, table in KINDS[kind].tables.items():
            own, caption = (f"{name}_{end}", f"{kind}_{end}") if end else (name, "medians")
            shown[own] = Shown(f"{tables}/{own}.csv", parts[name], table.title, caption, part=name)
    if published:
        shown["published"] = Shown(
            f"{tables}/published.csv", parts[TABLES], "published results", "published"
        )
    for name in ("run_times", "versions", "provenance"):
        label = name.replace("_", " ")
        shown[name] = Shown(f"{tables}/{name}.csv", parts[RUN], label, name)
    shown["config"] = Shown(f"{folder}/config.yaml", parts[RUN], "configuration", "config")
    shown["summary"] = Shown(f"{folder}/report/summary.rst", parts[ANSWER], "in words", "summary")
    return shown
