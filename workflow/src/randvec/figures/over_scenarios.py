"""An experiment over the scenarios that it varies: medians, and what each costs against full."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from randvec import scenarios
from randvec.experiments import KINDS, Axis
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.scenarios import FULL

DIFFERENCE = "Difference of NSE\nfrom full (–)"


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    kind = KINDS[inputs.kind]
    basins = int(inputs.basins()["used"].sum()) if "basins" in kind.needs else 0
    return over_scenarios(inputs.medians(), inputs.comparisons(), kind.axis, basins)


@style.journal
def over_scenarios(
    table: pd.DataFrame, comparisons: pd.DataFrame, axis: Axis | None, basins: int = 0
) -> Figure:
    """Draw medians over the scenarios of an experiment, and differences from full below.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.experiments.medians`).
    comparisons : DataFrame
        Its comparisons (`randvec.comparison.experiments.write_comparisons`).
    axis : Axis or None
        Where scenarios stand; without one side by side, in the order of the table.
    basins : int
        Number of basins that full trains on, where the axis asks for it.

    Returns
    -------
    Figure
        A line per model. Several scenarios of one place stand side by side, and the line goes
        through their mean. There is a lower panel if models are compared with themselves in full.
    """
    names = list(table["scenario"].unique())
    places, labels = _places(names, axis, basins)
    against_full = _against_full(comparisons)
    figure = Figure(figsize=(style.WIDTH, 4.2 if len(against_full) else 2.9), layout="constrained")
    axes = figure.subplots(
        *(1 + (len(against_full) > 0), 1), sharex=True, squeeze=False, height_ratios=None
    )[:, 0]
    intervals.over(figure, axes[0], table, places)
    for ax in axes[1:]:
        _differences(ax, against_full, places)
    log = axis is not None and axis.scale == "log"
    _ticks(axes[-1], labels, log)
    tested = f" (tested on the same {table['basins'].max()})" if log else ""
    axes[-1].set_xlabel((axis.label if axis else "Scenario") + tested)
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


def _ticks(ax: Axes, labels: Mapping[float, str], log: bool) -> None:
    """Set the ticks of the horizontal axis, and room on both sides."""
    ends = min(labels), max(labels)
    if log:
        ax.set_xscale("log")
        ax.set_xlim(ends[0] / 1.3, ends[1] * 1.3)
    else:
        room = 0.1 * (ends[1] - ends[0]) or 0.5
        ax.set_xlim(ends[0] - room, ends[1] + room)
    ax.set_xticks(list(labels), list(labels.values()))
    ax.xaxis.set_minor_locator(NullLocator())


def _against_full(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of a model with itself in full."""
    itself = comparisons["model"] == comparisons["reference"]
    found = comparisons[itself & (comparisons["reference_scenario"] == FULL)]
    return found[found["difference_median"].notna()]


def _differences(ax: Axes, table: pd.DataFrame, places: Mapping[str, float]) -> None:
    """Draw the median difference of every model and scenario with its interval."""
    ax.axhline(0, color="black", linewidth=0.6)
    for model, shift in intervals.shifts(list(table["model"].unique())).items():
        look = style.look(model)
        rows = table[table["model"] == model]
        at = rows["scenario"].map(places)
        middle = rows["difference_median"].groupby(at).mean().sort_index()
        intervals.line(ax, middle, look, shift)
        for place, row in zip(at, rows.itertuples(), strict=True):
            intervals.bar(ax, place, (row.difference_low, row.difference_high), look, shift)
            intervals.symbol(ax, place, row.difference_median, look, shift)
    low, high = np.nanmin(table["difference_low"]), np.nanmax(table["difference_high"])
    room = 0.08 * max(high - low, 0.02)
    ax.set(ylim=(min(low, 0) - room, max(high, 0) + room), ylabel=DIFFERENCE)
    ax.grid(axis="x", visible=False)
