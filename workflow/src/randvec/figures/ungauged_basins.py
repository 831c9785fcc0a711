"""Median NSE in gauged and in ungauged basins."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number, signed
from randvec.matrix import WITHOUT_STATICS

#: Printed numbers, and where they stand as shares of their axis.
COLUMNS = {"gauged": 0.15, "ungauged": 0.5, "difference": 0.85}
ROW = 0.36  # height of a row in inches


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return ungauged_basins(inputs.medians())


@style.journal
def ungauged_basins(table: pd.DataFrame) -> Figure:
    """Draw the median NSE of every model in basins that it was trained on, and in others.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`): full is gauged, the
        first division ``folds-N`` ungauged.

    Returns
    -------
    Figure
        A row per model. The network without static vector in ungauged basins is a line down the
        panel: what is left without any knowledge of the basin.
    """
    folds = next(name for name in table["scenario"] if name.startswith("folds-"))
    rows_of = {
        what: table[table["scenario"] == scenario].set_index("model", drop=False)
        for what, scenario in (("gauged", "full"), ("ungauged", folds))
    }
    models = list(table["model"].unique())
    figure = Figure(figsize=(style.WIDTH, 1.6 + ROW * len(models)), layout="constrained")
    grid = figure.add_gridspec(1, 2, width_ratios=(1, 0.42))
    ax = figure.add_subplot(grid[0])
    numbers = figure.add_subplot(grid[1], sharey=ax)
    for place, model in enumerate(models):
        for (what, rows), shift in zip(rows_of.items(), (-4.0, 4.0), strict=True):
            if model in rows.index:
                row, hollow = rows.loc[model], what == "ungauged"
                intervals.ensemble(ax, place, row, shift, upright=False, hollow=hollow)
        _print(numbers, place, *(rows["nse_median"].get(model) for rows in rows_of.values()))
    count = folds.removeprefix("folds-")
    symbols = dict(color="black", linestyle="", marker="o", markersize=5)
    unseen = symbols | dict(markerfacecolor="white", markeredgewidth=0.9)
    handles = [
        Line2D([], [], label="gauged: trained on the basin", **symbols),
        Line2D([], [], label=f"ungauged: not seen in training ({count} folds)", **unseen),
    ]
    level = WITHOUT_STATICS in rows_of["ungauged"].index
    if level:
        row = rows_of["ungauged"].loc[WITHOUT_STATICS]
        intervals.reference(ax, row, upright=False)
        label = f"{WITHOUT_STATICS} (no static vector), ungauged"
        handles.append(Line2D([], [], color=style.look(WITHOUT_STATICS).colour, label=label))
    _axes(ax, numbers, models, intervals.limits(table))
    handles += intervals.explained("95 % interval of the line" if level else "")
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _axes(ax: Axes, numbers: Axes, models: list[str], limits: tuple[float, float]) -> None:
    """Set limits, row labels and headings."""
    ax.set(xlim=limits, ylim=(len(models) - 0.4, -0.6), xlabel=intervals.LABEL)
    ax.set_yticks(range(len(models)), models)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    for text, x in COLUMNS.items():
        numbers.text(x, -0.6, text, ha="center", va="bottom", size=7)
    numbers.set_axis_off()


def _print(ax: Axes, place: int, gauged: float | None, ungauged: float | None) -> None:
    """Print the medians of a row and their difference, a dash where there is none."""
    gauged, ungauged = (np.nan if value is None else value for value in (gauged, ungauged))
    texts = [number(gauged), number(ungauged), signed(ungauged - gauged)]
    for x, text in zip(COLUMNS.values(), texts, strict=True):
        ax.text(x, place, text, ha="center", va="center", size=7)
