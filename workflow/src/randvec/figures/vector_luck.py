"""What the draw of the random vectors changes, and what the initial weights change."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from randvec.comparison.variance import crossed_members, spread
from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import equation, number

SOURCES = {"vectors": "vector tables", "weights": "initial weights", "residual": "residual"}
COLOURS = "cividis"  # even in lightness, so it can be read in grey
CHANCE = dict(color="black", linestyle="", marker="|", markersize=16, markeredgewidth=1.4)
LUMINANCE = [0.299, 0.587, 0.114]  # of red, green and blue


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    table = inputs.medians()
    ensembles = list(zip(table["scenario"], table["model"], strict=True))
    return vector_luck(
        crossed_members(ensembles, [inputs.members_path(*named) for named in ensembles])
    )


@style.journal
def vector_luck(medians: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw every member of a crossed design, and how far vectors and weights spread them.

    Parameters
    ----------
    medians : mapping of model code to DataFrame
        Median NSE of the members: one row per vector seed, one column per seed of the weights.

    Returns
    -------
    Figure
        A row per model: the members as a matrix, and the standard deviations of
        `randvec.comparison.variance.spread`.
    """
    heights = [0.24 * max(len(table), 4) + 0.85 for table in medians.values()]
    figure = Figure(figsize=(style.WIDTH, sum(heights) + 0.3), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)
    axes = figure.subplots(
        *(len(heights), 2), squeeze=False, width_ratios=(1.5, 1), height_ratios=heights
    )
    for (left, right), (model, table) in zip(axes, medians.items(), strict=True):
        _matrix(left, table)
        left.set_title(f"{model}: median NSE of members")
        _bars(right, spread(table), style.look(model).colour)
        right.set_title(f"{model}: spread")
    widest = max(ax.get_xlim()[1] for ax in axes[:, 1])
    for ax in axes[:, 1]:
        ax.set_xlim(0, widest)
    style.letters(axes.flat)
    chance = Line2D(
        [], [], label="what the residual alone would give", **CHANCE | {"markersize": 8}
    )
    told = [*style.vector_key(medians), chance]
    figure.legend(handles=told, loc="outside lower right", ncols=len(told))
    return figure


def _matrix(ax: Axes, table: pd.DataFrame) -> None:
    """Draw the members' medians as colours, with their numbers."""
    image = ax.imshow(table, cmap=COLOURS, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        dark = not np.isnan(value) and np.dot(image.to_rgba(value)[:3], LUMINANCE) < 0.5
        colour = "white" if dark else "black"
        ax.text(column, row, number(value, 3), ha="center", va="center", size=6.5, color=colour)
    ax.set(xlabel="Seed of the initial weights", ylabel="Seed of the vector table")
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)


def _bars(ax: Axes, table: pd.DataFrame, colour: str) -> None:
    """Draw the standard deviation that each source gives."""
    ax.barh([SOURCES[source] for source in table.index], table["sd"], height=0.6, color=colour)
    for place, (sd, chance, p) in enumerate(table[["sd", "by_chance", "p_value"]].to_numpy()):
        ax.plot(chance, place, **CHANCE)
        text = f"{number(sd, 4)} (residual: {number(chance, 4)})" if chance > 0 else number(sd, 4)
        if not np.isnan(p):
            text += f"\n{equation(p)}"
        beyond = np.nanmax([sd, chance, 0])
        ax.annotate(text, (beyond, place), (5, 0), textcoords="offset points", va="center", size=7)
    largest = max(table["sd"].max(), table["by_chance"].max())
    ax.set_xlim(0, 2.1 * largest if largest > 0 else 1)
    ax.set(xlabel="Standard deviation of NSE (–)")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
