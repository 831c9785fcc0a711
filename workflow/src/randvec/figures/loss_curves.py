"""Training loss and validation NSE over the epochs, members and their mean, by architecture."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.models import ARCHITECTURES

BOTH = "Loss: NSE, or MSE by model (–)"
NAMES = {"nse": "Basin-averaged NSE loss (–)", "mse": "MSE of normalised discharge (–)"}


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return loss_curves(inputs.losses(), inputs.losses_used)


@style.journal
def loss_curves(
    losses: Mapping[str, Mapping[int, pd.DataFrame]], used: tuple[str, ...] = ("nse",)
) -> Figure:
    """Draw the training loss over the epochs, and beside it the NSE of a validation period.

    Parameters
    ----------
    losses : mapping of model code to mapping of seed to pd.DataFrame
        Columns epoch, loss and, where there is a validation period, validation_nse (all
        dimensionless).
    used : tuple of str
        Which losses they are: ``nse``, ``mse`` or both.

    Returns
    -------
    Figure
        Thin lines are members, thick lines their mean.
    """
    columns = {"loss": NAMES[used[0]] if len(used) == 1 else BOTH}
    if all("validation_nse" in table for members in losses.values() for table in members.values()):
        columns["validation_nse"] = "Validation NSE, median (–)"
    groups = style.by_architecture(losses)
    key = style.vector_key(losses)
    room = style.room_for_legend([key, *groups.values()])
    count, kinds = len(groups) * len(columns), len(columns)
    figure, axes = style.panels(count, height=2.1, kinds=kinds, below=room)
    places = [(name, column) for name in groups for column in columns]
    for ax, (architecture, column) in zip(axes, places, strict=True):
        for model in groups[architecture]:
            _draw(ax, model, pd.concat(losses[model], names=["seed"]), column)
        ax.set(title=ARCHITECTURES[architecture].title, xlabel="Epoch", ylabel=columns[column])
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    # Shared, so only once every curve is drawn.
    _scale(axes[0], pd.concat([t["loss"] for each in losses.values() for t in each.values()]))
    if len(columns) > 1 and axes[1].get_ylim()[1] > 0:
        axes[1].set_ylim(bottom=max(0, axes[1].get_ylim()[0]))
    style.letters(axes)
    drawn = {
        ARCHITECTURES[name].title: axes[place * len(columns)].get_legend_handles_labels()[0]
        for place, name in enumerate(groups)
    }
    style.legend_in_columns(figure, {"Static vector": key, **drawn})
    return figure


def _scale(ax: Axes, losses: pd.Series) -> None:
    """Make the axis of the losses logarithmic, so that late epochs can be read as the first."""
    low, high = losses.min(), losses.max()
    if not low > 0 or not np.isfinite(high):
        ax.set_ylim(bottom=0)
        return
    decades = np.log10(high / low)
    within = (1, 1.5, 2, 3, 5, 7) if decades < 1 else (1, 2, 5) if decades < 3 else (1,)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in within]
    ends = max(t for t in ticks if t <= low), min(t for t in ticks if t >= high)
    ax.set(yscale="log", ylim=(ends[0] / 1.02, ends[1] * 1.02))
    shown = [tick for tick in ticks if ends[0] <= tick <= ends[1]]
    ax.yaxis.set_major_locator(FixedLocator(shown))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_locator(NullLocator())


def _draw(ax: Axes, model: str, members: pd.DataFrame, column: str) -> None:
    look = style.look(model)
    for _, member in members.groupby("seed"):
        ax.plot(member["epoch"], member[column], color=look.colour, lw=0.4, alpha=0.6)
    mean = members.groupby("epoch")[column].mean()
    ax.plot(
        mean.index,
        mean,
        color=look.colour,
        linestyle=look.line,
        marker=look.marker,
        # About eight markers however long the training.
        markevery=max(1, len(mean) // 8),
        markeredgecolor="white",
        markeredgewidth=0.4,
        label=model,
    )
