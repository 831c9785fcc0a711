"""Median NSE with groups of descriptors left out, and with each alone."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs

TITLES = {"without": "Without the group", "only": "With this group only"}


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return incomplete_descriptors(inputs.medians())


@style.journal
def incomplete_descriptors(table: pd.DataFrame) -> Figure:
    """Draw the median NSE of every group left out and alone, models one below the other.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`).

    Returns
    -------
    Figure
        A panel for groups left out and one for groups alone, as far as the table has them, a row
        per group. Every model in full is a line down the panel.
    """
    parts = table["scenario"].str.extract(r"^(?P<what>without|only)-(?P<group>\w+)$")
    table = table.join(parts)
    models, references = intervals.split(table)
    groups = list(table["group"].dropna().unique())
    panels = [what for what in TITLES if what in set(table["what"])]
    row_height = (intervals.STEP * len(models) + 9) / 72
    figure = Figure(figsize=(style.WIDTH, 1.3 + row_height * len(groups)), layout="constrained")
    axes = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for ax, what in zip(axes, panels, strict=True):
        _panel(ax, table[table["what"] == what], groups, models)
        for row in table[table["scenario"] == "full"].itertuples():
            intervals.reference(ax, row, upright=False)
        ax.set(title=TITLES[what], xlabel=intervals.LABEL)
    axes[0].set(xlim=intervals.limits(table), ylim=(len(groups) - 0.5, -0.5))
    axes[0].set_yticks(range(len(groups)), groups)
    band = intervals.FULL if "full" in set(table["scenario"]) else ""
    figure.legend(
        handles=[*intervals.handles([*models, *references]), *intervals.explained(band)],
        loc="outside lower center",
        ncols=4,
    )
    return figure


def _panel(ax: Axes, table: pd.DataFrame, groups: list[str], models: list[str]) -> None:
    shifts = intervals.shifts(models)
    for row in table.itertuples():
        intervals.ensemble(ax, groups.index(row.group), row, shifts[row.model], upright=False)
    for place in range(1, len(groups)):
        ax.axhline(place - 0.5, color="#BFBFBF", linewidth=0.6)
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)
