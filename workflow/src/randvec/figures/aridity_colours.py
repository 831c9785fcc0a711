"""The colours of aridity, the same in every figure: dark is humid, light is arid, also in grey."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

TICKS = (0.25, 0.5, 1, 2, 4)  # PET / P; the ends are those of the scale
LABEL = "Aridity: PET / P (–)"


def scatter(ax: Axes, x: pd.Series, y: pd.Series, aridity: pd.Series, **look) -> PathCollection:
    """Draw a point per basin, coloured by its aridity.

    Parameters
    ----------
    ax : Axes
    x, y, aridity : pd.Series
        One value per basin, in the same order.
    **look
        Further arguments of `Axes.scatter`.
    """
    return ax.scatter(
        x,
        y,
        c=aridity,
        cmap="viridis",
        norm=LogNorm(TICKS[0], TICKS[-1]),
        edgecolors="black",
        linewidths=0.3,
        **look,
    )


def colourbar(figure: Figure, points: PathCollection, axes: Sequence[Axes]) -> None:
    """Add the scale at the right of some axes; its arrows stand for values beyond the ends."""
    bar = figure.colorbar(points, ax=axes, extend="both", aspect=30, label=LABEL)
    label_ticks(bar.ax.yaxis)
    bar.outline.set_linewidth(0.6)


def label_ticks(axis) -> None:
    """Write plain numbers at `TICKS` of a logarithmic axis of aridity."""
    axis.set_ticks(TICKS)
    axis.set_major_formatter(FuncFormatter("{:g}".format))
    axis.set_minor_locator(NullLocator())
