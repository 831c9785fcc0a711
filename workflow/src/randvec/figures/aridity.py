"""NSE with a Gaussian vector against NSE with physical descriptors, by aridity of the basin."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from randvec.figures import aridity_colours, style
from randvec.figures.inputs import FigureInputs
from randvec.figures.paired import paired

# Ends of the axes; basins beyond them are drawn at the edge, as squares.
NSE = (-0.2, 1.0)
DIFFERENCE = (-0.4, 0.4)
ARIDITY = (0.2, 6.0)


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    aridity = inputs.aridity()
    return aridity_scatter(inputs.metrics(inputs.pair()), aridity)


@style.journal
def aridity_scatter(metrics: Mapping[str, pd.DataFrame], aridity: pd.Series) -> Figure:
    """Draw the basins' NSE of two models against each other, and its difference over aridity.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse of two ensembles; the reference first.
    aridity : pd.Series
        PET / P by basin.

    Returns
    -------
    Figure
        Scatter with the 1:1 line at the left, difference over aridity at the right.
    """
    both = paired(metrics)
    aridity = aridity[both.nse.index]
    figure = Figure(figsize=(style.WIDTH, 2.9), layout="constrained")
    figure.get_layout_engine().set(wspace=0.06)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))

    better, tied, worse = (f"{name}: {here.sum()}" for name, here in both.outcomes().items())
    left.set(xlabel=f"NSE of {both.reference}", ylabel=f"NSE of {both.model}")
    left.set_title(f"{better}, {worse},\n{tied}")
    left.plot(NSE, NSE, color="black", lw=0.6)
    left.set(xlim=NSE, ylim=NSE)
    points, moved_left = _draw(left, both.nse[both.reference], both.nse[both.model], aridity)

    right.set(xlabel=aridity_colours.LABEL, ylabel=f"NSE: {both.model} − {both.reference}")
    right.set(xscale="log", xlim=ARIDITY, ylim=DIFFERENCE, title="Difference over aridity")
    aridity_colours.label_ticks(right.xaxis)
    right.axhline(0, color="black", lw=0.6)
    _, moved_right = _draw(right, aridity, both.difference, aridity)

    style.letters([left, right])
    aridity_colours.colourbar(figure, points, [left, right])
    notes = [style.undefined_note(metrics)]
    if moved_left or moved_right:
        notes.append(f"squares lie beyond the axes: {moved_left} left, {moved_right} right")
    figure.supxlabel("; ".join(filter(None, notes)), fontsize=7, ha="left", x=0.01)
    return figure


def _draw(ax: Axes, x: pd.Series, y: pd.Series, aridity: pd.Series) -> tuple[PathCollection, int]:
    """Draw the basins, those beyond the axes at their edge; also gives the number of those."""
    inside = x.between(*ax.get_xlim()) & y.between(*ax.get_ylim())
    x, y = x.clip(*ax.get_xlim()), y.clip(*ax.get_ylim())
    for marker, here in (("s", ~inside), ("o", inside)):
        points = aridity_colours.scatter(
            ax, x[here], y[here], aridity[here], marker=marker, s=12, clip_on=False, zorder=3
        )
    return points, int((~inside).sum())
