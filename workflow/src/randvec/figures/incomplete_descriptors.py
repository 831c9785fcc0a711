"""What it costs to leave groups of descriptors out, or to be told one group alone."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from randvec.comparison.pairs import with_descriptors
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.figures.intervals import Difference
from randvec.formatting import number
from randvec.scenarios import FULL, Ensemble

TITLES = {"without": "Without the group", "only": "With this group only"}
LABEL = "Difference of NSE (–)"


class Replaced(NamedTuple):
    """A model in full that takes the place of one with all descriptors, and how it differs."""

    model: str
    described: str
    value: Difference


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return incomplete_descriptors(inputs.medians(), inputs.comparisons())


@style.journal
def incomplete_descriptors(table: pd.DataFrame, comparisons: pd.DataFrame) -> Figure:
    """Draw how models with groups left out, and with one alone, differ from themselves in full.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`).
    comparisons : DataFrame
        Its comparisons (`randvec.comparison.comparisons.write_comparisons`).

    Returns
    -------
    Figure
        A panel for groups left out and one for groups alone, as far as the table has them, a row
        per group. Below these a row for each model that there is in full alone, with its difference
        from the one with all descriptors. Where nothing was compared the rows are medians.
    """
    table = table.join(table["scenario"].str.extract(r"^(?P<what>without|only)-(?P<group>\w+)$"))
    models, references = intervals.split(table)
    groups = list(table["group"].dropna().unique())
    panels = [what for what in TITLES if what in set(table["what"])]
    found = _differences(table, comparisons)
    replaced = _replaced(references, models, comparisons) if found else []
    heights = [intervals.STEP * len(models) + 9] * len(groups) + [16] * len(replaced)
    edges = [-sum(heights[:row]) for row in range(len(heights) + 1)]
    middles = [(upper + lower) / 2 for upper, lower in pairwise(edges)]
    figure = Figure(figsize=(style.WIDTH, 1.45 + sum(heights) / 72), layout="constrained")
    axes = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for ax, what in zip(axes, panels, strict=True):
        rows = table[table["what"] == what]
        _panel(ax, rows, dict(zip(groups, middles, strict=False)), found)
        for place, row in zip(middles[len(groups) :], replaced, strict=True):
            intervals.paired(ax, place, row.value, style.look(row.model), upright=False)
        for edge in edges[1:-1]:
            ax.axhline(edge, color="#BFBFBF", linewidth=0.6)
        ax.set(title=TITLES[what], xlabel=LABEL if found else intervals.LABEL)
    shown = [*found.values(), *(row.value for row in replaced)]
    limits = intervals.limits_of_differences(shown) if found else intervals.limits(table)
    axes[0].set(xlim=limits, ylim=(edges[-1], edges[0]))
    names = [f"{row.model} instead of {row.described}" for row in replaced]
    axes[0].set_yticks(middles, groups + names)
    style.letters(axes)
    shown = models + [row.model for row in replaced]
    _legend(figure, table, shown, differences=bool(found))
    return figure


def _differences(table: pd.DataFrame, comparisons: pd.DataFrame) -> dict[Ensemble, Difference]:
    """How each model with a part of the descriptors differs from itself in full."""
    cells = table.loc[table["what"].notna(), ["scenario", "model"]].itertuples(index=False)
    found = {
        tuple(cell): intervals.difference(comparisons, tuple(cell), (FULL, cell.model))
        for cell in cells
    }
    return {cell: value for cell, value in found.items() if value}


def _replaced(
    references: list[str], models: list[str], comparisons: pd.DataFrame
) -> list[Replaced]:
    """Models in full alone, as far as they were compared with one of the others in full."""
    found = []
    for model in references:
        described = with_descriptors(model, models)
        value = intervals.difference(comparisons, (FULL, model), (FULL, described))
        if value:
            found.append(Replaced(model, described, value))
    return found


def _panel(
    ax: Axes,
    table: pd.DataFrame,
    places: Mapping[str, float],
    found: Mapping[Ensemble, Difference],
) -> None:
    """Draw the rows of the groups: differences where there are any, else medians."""
    if found:
        ax.axvline(0, color="black", linewidth=0.6)
    shifts = intervals.shifts(list(dict.fromkeys(table["model"])))
    for row in table.itertuples():
        value = found.get((row.scenario, row.model))
        if value:
            look = style.look(row.model)
            intervals.paired(ax, places[row.group], value, look, shifts[row.model], upright=False)
        elif not found:
            intervals.ensemble(ax, places[row.group], row, shifts[row.model], upright=False)
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)


def _legend(figure: Figure, table: pd.DataFrame, models: list[str], differences: bool) -> None:
    """Name the models and the bars, and say on which level the differences are."""
    bars = intervals.explained(differences, upright=False)[-1:]
    told = [*intervals.handles(models), *bars]
    full = table[table["scenario"] == FULL].set_index("model")["nse_median"]
    levels = [f"{model} {number(full[model], 3)}" for model in models if model in full]
    title = f"Median NSE in full: {', '.join(levels)}" if levels else None
    figure.legend(handles=told, loc="outside lower center", ncols=3, title=title)
