"""Cumulative distribution of basin NSE, one panel per architecture."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number
from randvec.matrix import WITHOUT_STATICS
from randvec.models import ARCHITECTURES

LOWEST = -0.2  # left end of the axis; the share of basins below it is printed


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
    figure, axes = style.panels(len(groups), height=2.5)
    for ax, (architecture, models) in zip(axes, groups.items(), strict=True):
        reference = [WITHOUT_STATICS] if WITHOUT_STATICS in metrics else []
        for model in [*reference, *(m for m in models if m != WITHOUT_STATICS)]:
            _curve(ax, model, metrics[model]["nse"].dropna().to_numpy())
        ax.set(title=ARCHITECTURES[architecture].title, xlim=(LOWEST, 1), ylim=(0, 1))
        ax.set(xlabel="NSE", ylabel="Share of basins")
        ax.xaxis.set_major_locator(MultipleLocator(0.2))
        ax.legend(
            title=f"Median NSE\n(share below {number(LOWEST, 1)})",
            alignment="left",
            loc="upper left",
            bbox_to_anchor=(1.0, 1.0),
        )
    if note := style.undefined_note(metrics):
        figure.supxlabel(note, fontsize=7, ha="left", x=0.01)
    return figure


def _curve(ax: Axes, model: str, nse: np.ndarray) -> None:
    look = style.look(model)
    line = dict(color=look.colour, linestyle=look.line, marker=look.marker)
    if nse.size == 0:
        ax.plot([], [], label=f"{model}  undefined", **line)
        return
    values = np.concatenate([[-1e9], np.sort(nse), [1]])
    shares = np.concatenate([np.arange(nse.size + 1), [nse.size]]) / nse.size
    median, below = np.median(nse), (nse < LOWEST).mean()
    label = f"{model}  {number(median)} ({below:.0%})"
    ax.step(values, shares, where="post", color=look.colour, linestyle=look.line)
    ax.plot(median, 0.5, color=look.colour, marker=look.marker, markeredgecolor="white")
    ax.plot([], [], label=label, **line)
