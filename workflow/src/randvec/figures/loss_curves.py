"""Training loss and validation NSE over the epochs, members and their mean, by architecture."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.models import ARCHITECTURES

NAMES = {"nse": "Basin-averaged NSE loss (–)", "mse": "MSE of normalised discharge (–)"}


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return loss_curves(inputs.losses(), inputs.loss)


@style.journal
def loss_curves(losses: Mapping[str, Mapping[int, pd.DataFrame]], loss: str = "nse") -> Figure:
    """Draw the training loss over the epochs, and beside it the NSE of a validation period.

    Parameters
    ----------
    losses : mapping of model code to mapping of seed to pd.DataFrame
        Columns epoch, loss and, where there is a validation period, validation_nse (all
        dimensionless).
    loss : str
        Which loss it is: ``nse`` or ``mse``.

    Returns
    -------
    Figure
        Thin lines are members, thick lines their mean.
    """
    columns = {"loss": NAMES[loss]}
    if all("validation_nse" in table for members in losses.values() for table in members.values()):
        columns["validation_nse"] = "Validation NSE, median (–)"
    groups = style.by_architecture(losses)
    figure, axes = style.panels(len(groups) * len(columns), height=2.3, kinds=len(columns))
    places = [(name, column) for name in groups for column in columns]
    for ax, (architecture, column) in zip(axes, places, strict=True):
        for model in groups[architecture]:
            _draw(ax, model, pd.concat(losses[model], names=["seed"]), column)
        ax.set(title=ARCHITECTURES[architecture].title, xlabel="Epoch", ylabel=columns[column])
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        if column == list(columns)[-1]:
            ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    axes[0].set_ylim(bottom=0)  # shared, so only once every curve is drawn
    if len(columns) > 1 and axes[1].get_ylim()[1] > 0:
        axes[1].set_ylim(bottom=max(0, axes[1].get_ylim()[0]))
    return figure


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
