"""An experiment over the scenarios that it varies: medians, and differences below them."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from randvec import scenarios
from randvec.comparison.pairs import with_descriptors
from randvec.experiments import KINDS, Axis
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.scenarios import FULL, Ensemble

DIFFERENCE = "Difference of NSE (–)"
FROM_FULL = "Difference from itself in full"
FROM_DESCRIPTORS = "Difference from {} in the same scenario"
PANEL = 430  # points; the width of a panel, or a little less
APART = 0.8  # share of the distance between two places that the symbols at one may fill


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    kind = KINDS[inputs.kind]
    basins = int(inputs.basins()["used"].sum()) if "basins" in kind.needs else 0
    return over_scenarios(inputs.medians(), inputs.comparisons(), kind.axis, basins)


@style.journal
def over_scenarios(
    table: pd.DataFrame, comparisons: pd.DataFrame, axis: Axis | None, basins: int = 0
) -> Figure:
    """Draw medians over the scenarios of an experiment, and paired differences below.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`).
    comparisons : DataFrame
        Its comparisons (`randvec.comparison.comparisons.write_comparisons`).
    axis : Axis or None
        Where scenarios stand; without one side by side, in the order of the table.
    basins : int
        Number of basins that full trains on, where the axis asks for it.

    Returns
    -------
    Figure
        A line per model. Several scenarios of one place stand side by side, and the line goes
        through their mean. The panels below have differences of models from themselves in full, and
        from the model with descriptors in the same scenario, as far as they were compared.
    """
    names = list(table["scenario"].unique())
    places, labels = _places(names, axis, basins)
    log = axis is not None and axis.scale == "log"
    ends = _ends(labels, log)
    step = _step(table, places, ends, log)
    below = _differences(table, comparisons, places, step)
    figure = Figure(figsize=(style.WIDTH, 1.1 + 1.75 * (1 + len(below))), layout="constrained")
    axes = figure.subplots(1 + len(below), 1, sharex=True, squeeze=False)[:, 0]
    _medians(axes[0], table, places, step)
    for ax, (title, rows) in zip(axes[1:], below.items(), strict=True):
        _draw_differences(ax, title, rows)
    _ticks(axes[-1], labels, ends, log)
    tested = f" (tested on the same {table['basins'].max()})" if log else ""
    axes[-1].set_xlabel((axis.label if axis else "Scenario") + tested)
    style.letters(axes)
    figure.align_ylabels()
    varied, references = intervals.split(table)
    told = [*intervals.handles(varied), *intervals.handles(references, ", in full")]
    told += intervals.explained(bool(below))
    figure.legend(handles=told, loc="outside lower center", ncols=3)
    return figure


def _places(
    names: list[str], axis: Axis | None, basins: int
) -> tuple[dict[str, float], dict[float, str]]:
    """The place of every scenario on the horizontal axis, and the label of every place."""
    if axis is None:
        return {name: k for k, name in enumerate(names)}, dict(enumerate(names))
    numbers = {n: float(getattr(scenarios.parse(n), axis.number)) for n in names if n != FULL}
    if FULL in names:
        largest = max(numbers.values(), default=0)
        numbers[FULL] = {"zero": 0.0, "basins": float(basins), "all": largest + 1}[axis.full]
    labels = {number: f"{number:g}" for number in sorted(set(numbers.values()))}
    if FULL in names and axis.full == "all":
        labels[numbers[FULL]] = "all"
    if axis.scale == "equal":
        order = {number: k for k, number in enumerate(labels)}
        numbers = {name: order[number] for name, number in numbers.items()}
        labels = {order[number]: label for number, label in labels.items()}
    return numbers, labels


def _ends(places: Iterable[float], log: bool) -> tuple[float, float]:
    """Ends of the horizontal axis, with room on both sides."""
    first, last = min(places), max(places)
    if log:
        return first / 1.3, last * 1.3
    room = 0.1 * (last - first) or 0.5
    return first - room, last + room


def _step(
    table: pd.DataFrame, places: Mapping[str, float], ends: tuple[float, float], log: bool
) -> float:
    """Points between symbols side by side: fewer where many would reach the next place."""
    edges = np.array([ends[0], *sorted(set(places.values())), ends[1]])
    distances = np.diff(np.log(edges) if log else edges)
    room = PANEL * distances / distances.sum()
    room[[0, -1]] *= 2
    varied = table[table["model"].isin(intervals.split(table)[0])]
    draws = varied.groupby(["model", varied["scenario"].map(places)]).size().max()
    return min(intervals.STEP, APART * room.min() / (varied["model"].nunique() * draws))


def _ticks(ax: Axes, labels: Mapping[float, str], ends: tuple[float, float], log: bool) -> None:
    """Set the ticks of the horizontal axis and its ends."""
    if log:
        ax.set_xscale("log")
    ax.set_xlim(ends)
    ax.set_xticks(list(labels), list(labels.values()))
    ax.xaxis.set_minor_locator(NullLocator())


def _placed(table: pd.DataFrame, places: Mapping[str, float], step: float) -> pd.DataFrame:
    """Add where each row stands: its place, and the points beside it of its model and in all."""
    models = list(table["model"].unique())
    table = table.assign(place=table["scenario"].map(places)).sort_values("place", kind="stable")
    at_one_place = table.groupby(["model", "place"])["model"]
    draws = at_one_place.transform("size")
    middle = table["model"].map(intervals.shifts(models, step * draws.max()))
    beside = step * (at_one_place.cumcount() - (draws - 1) / 2)
    return table.assign(middle=middle, shift=middle + beside)


def _medians(ax: Axes, table: pd.DataFrame, places: Mapping[str, float], step: float) -> None:
    """Draw the medians; models that there are in full alone become lines across the panel."""
    varied, references = intervals.split(table)
    cells = _placed(table[table["model"].isin(varied)], places, step)
    for model, rows in cells.groupby("model", sort=False):
        mean = rows.groupby("place")["nse_median"].mean()
        intervals.line(ax, mean, style.look(model), rows["middle"].iloc[0])
        for row in rows.itertuples():
            intervals.ensemble(ax, row.place, row, row.shift)
    for row in table[table["model"].isin(references)].itertuples():
        intervals.across(ax, row.nse_median, style.look(row.model), shift=-intervals.STEP)
    limits = intervals.limits(table, references)
    ax.set(title="Median over the basins", ylim=limits, ylabel="NSE (–)")
    ax.grid(axis="x", visible=False)


def _differences(
    table: pd.DataFrame, comparisons: pd.DataFrame, places: Mapping[str, float], step: float
) -> dict[str, pd.DataFrame]:
    """What the lower panels show, by their titles: a row per symbol."""
    varied, references = intervals.split(table)
    cells = [(row.scenario, row.model) for row in table.itertuples() if row.model in varied]
    against = {model: with_descriptors(model, varied) for model in [*varied, *references]}
    every = list(dict.fromkeys(scenario for scenario, _ in cells))
    cells_of_references = [(scenario, model) for model in references for scenario in every]
    same = {
        (scenario, model): ((scenario if model in varied else FULL, model), (scenario, other))
        for scenario, model in [*cells, *cells_of_references]
        for other in [against[model]]
    }
    named = " or ".join(dict.fromkeys(filter(None, against.values())))
    parts = {
        FROM_FULL: {cell: (cell, (FULL, cell[1])) for cell in cells},
        FROM_DESCRIPTORS.format(named): same,
    }
    found = {title: _compared(comparisons, pairs) for title, pairs in parts.items()}
    return {title: _placed(rows, places, step) for title, rows in found.items() if len(rows)}


def _compared(
    comparisons: pd.DataFrame, pairs: Mapping[Ensemble, tuple[Ensemble, Ensemble]]
) -> pd.DataFrame:
    """The differences of some pairs, as far as they were compared; each is named by its cell."""
    found = {
        cell: intervals.difference(comparisons, ensemble, reference)
        for cell, (ensemble, reference) in pairs.items()
        if ensemble != reference
    }
    compared = {model for (_, model), value in found.items() if value}
    # What differs from itself by nothing closes the line of a model that was compared elsewhere.
    found |= {
        cell: intervals.Difference(0, 0, 0)
        for cell, (ensemble, reference) in pairs.items()
        if ensemble == reference and cell[1] in compared
    }
    rows = [(*cell, *value) for cell, value in found.items() if value]
    return pd.DataFrame(rows, columns=["scenario", "model", *intervals.Difference._fields])


def _draw_differences(ax: Axes, title: str, rows: pd.DataFrame) -> None:
    """Draw the median difference of every model and scenario with its interval."""
    ax.axhline(0, color="black", linewidth=0.6)
    for model, of_model in rows.groupby("model", sort=False):
        look = style.look(model)
        mean = of_model.groupby("place")["median"].mean()
        intervals.line(ax, mean, look, of_model["middle"].iloc[0])
        for row in of_model.itertuples():
            intervals.paired(ax, row.place, row, look, row.shift)
    shown = rows[list(intervals.Difference._fields)].itertuples(index=False)
    ax.set(title=title, ylim=intervals.limits_of_differences(shown), ylabel=DIFFERENCE)
    ax.grid(axis="x", visible=False)
