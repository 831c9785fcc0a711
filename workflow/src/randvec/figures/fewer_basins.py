"""Median NSE over the number of basins that the members were trained on."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from randvec import scenarios
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return fewer_basins(inputs.medians("fewer_basins"), int(inputs.basins()["used"].sum()))


@style.journal
def fewer_basins(table: pd.DataFrame, basins: int) -> Figure:
    """Draw the median NSE over the number of basins trained on, a line per model.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.experiments.medians`).
    basins : int
        Number of basins that full trains on.

    Returns
    -------
    Figure
        Draws of as many basins stand side by side, and the line goes through their mean.
    """
    choices = {name: scenarios.parse(name).basins or {} for name in table["scenario"].unique()}
    counts = {name: choice["count"] for name, choice in choices.items() if "count" in choice}
    if "full" in choices:
        counts["full"] = basins
    figure, ax = intervals.over(table, counts)
    ax.set_xscale("log")
    ticks = sorted(set(counts.values()))
    ax.set_xticks(ticks, [str(count) for count in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel=f"Basins trained on (tested on the same {table['basins'].max()})")
    ax.set_xlim(ticks[0] / 1.3, ticks[-1] * 1.3)
    return figure
