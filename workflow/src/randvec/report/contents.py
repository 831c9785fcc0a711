"""The tables and texts that the report shows: where they lie, and under what name they stand."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from randvec.experiments import KINDS, MAIN


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


def category_of(experiment: str) -> str:
    """Part of the report's menu that holds the figures of an experiment, or of the main comparison.

    Parameters
    ----------
    experiment : str
        Empty for the main comparison.
    """
    return "Figures" if not experiment else f"Experiment on {experiment.replace('_', ' ')}"


def tables_of(
    folder: str, experiments: Mapping[str, str], compared: Iterable[str], real: bool
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
    real : bool
        Whether published results of real basins stand beside the run's own.
    """
    tables = f"{folder}/tables"
    compared = list(compared)
    shown = {
        "performance": Shown(f"{tables}/performance.csv", "Tables", "performance", "performance"),
        "comparisons": Shown(
            f"{tables}/comparisons.csv", "Tables", "all comparisons", "comparisons"
        ),
    }
    for name in compared:
        label, category = ("main comparison", "Tables") if name == MAIN else (
            "comparisons", category_of(name)
        )  # fmt: skip
        shown[f"comparisons_{name}"] = Shown(
            f"{tables}/comparisons/{name}.csv", category, label, "comparisons", part=name
        )
    for name, kind in experiments.items():
        for end, table in KINDS[kind].tables.items():
            own, caption = (f"{name}_{end}", f"{kind}_{end}") if end else (name, "medians")
            shown[own] = Shown(
                f"{tables}/{own}.csv", category_of(name), table.title, caption, part=name
            )
    if real:
        shown["published"] = Shown(
            f"{tables}/published.csv", "Tables", "published results", "published"
        )
    for name, label in {
        "run_times": "run times",
        "versions": "versions",
        "provenance": "provenance",
    }.items():
        shown[name] = Shown(f"{tables}/{name}.csv", "Run", label, name)
    shown["config"] = Shown(f"{folder}/config.yaml", "Run", "configuration", "config")
    shown["summary"] = Shown(f"{folder}/report/summary.rst", "Run", "summary", "summary")
    return shown
