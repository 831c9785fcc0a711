"""Cumulative distribution of basin NSE, one panel per architecture."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number
from randvec.matrix import WITHOUT_STATICS
from randvec.models import ARCHITECTURES

LOWEST = -0.2  # left end of the axis; a curve starts there at the share of basins below it


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return nse_cdf(inputs.metrics())


@style.journal
def nse_cdf(metrics: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the cumulative distribution of NSE over the basins.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse.

    Returns
    -------
    Figure
        One panel per architecture; the network without static vector is in every panel.
    """
    groups = style.by_architecture(metrics)
    columns = {"Static vector": style.vector_key(metrics)}
    room = style.room_for_legend([*columns.values(), *groups.values()])
    figure, axes = style.panels(len(groups), height=2.1, below=room)
    for ax, (architecture, models) in zip(axes, groups.items(), strict=True):
        reference = [WITHOUT_STATICS] if WITHOUT_STATICS in metrics else []
        for model in [*reference, *(m for m in models if m != WITHOUT_STATICS)]:
            _curve(ax, model, metrics[model]["nse"].dropna().to_numpy())
        ax.set(title=ARCHITECTURES[architecture].title, xlim=(LOWEST, 1), ylim=(0, 1))
        ax.set(xlabel="NSE (–)", ylabel="Share of basins (–)")
        ax.xaxis.set_major_locator(MultipleLocator(0.2))
        columns[ARCHITECTURES[architecture].title] = [_entry(m, metrics[m]["nse"]) for m in models]
    style.letters(axes)
    title = "; ".join(
        filter(None, ["Number after a model: its median NSE", style.undefined_note(metrics)])
    )
    style.legend_in_columns(figure, columns, title)
    return figure


def _curve(ax: Axes, model: str, nse: np.ndarray) -> None:
    if nse.size == 0:
        return
    look = style.look(model)
    values = np.concatenate([[-1e9], np.sort(nse), [1]])
    shares = np.concatenate([np.arange(nse.size + 1), [nse.size]]) / nse.size
    ax.step(values, shares, where="post", color=look.colour, linestyle=look.line)
    edge = dict(markersize=5.5, markeredgecolor="white", markeredgewidth=0.4)
    ax.plot(np.median(nse), 0.5, color=look.colour, marker=look.marker, **edge)


def _entry(model: str, nse: pd.Series) -> Line2D:
    """The model in the legend, with its median."""
    look = style.look(model)
    line = dict(color=look.colour, linestyle=look.line, marker=look.marker)
    return Line2D([], [], label=f"{model}  {number(nse.median(), 3)}", **line)
