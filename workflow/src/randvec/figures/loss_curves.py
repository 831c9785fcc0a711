"""Training loss per epoch, members and their mean, one panel per architecture."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from randvec.figures import style
from randvec.figures.inputs import FigureInputs

NAMES = {"nse": "Basin-averaged NSE loss (–)", "mse": "MSE of normalised discharge (–)"}


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return loss_curves(inputs.losses(), inputs.loss)


@style.journal
def loss_curves(losses: Mapping[str, Mapping[int, pd.DataFrame]], loss: str = "nse") -> Figure:
    """Draw the training loss over the epochs.

    Parameters
    ----------
    losses : mapping of model code to mapping of seed to pd.DataFrame
        Columns epoch, loss (dimensionless).
    loss : str
        Which loss it is: ``nse`` or ``mse``.

    Returns
    -------
    Figure
        Thin lines are members, thick lines their mean.
    """
    groups = style.by_architecture(losses)
    figure, axes = style.panels(len(groups), height=2.3)
    for ax, (architecture, models) in zip(axes, groups.items(), strict=True):
        for model in models:
            look = style.look(model)
            members = pd.concat(losses[model], names=["seed"])
            for _, member in members.groupby("seed"):
                ax.plot(member["epoch"], member["loss"], color=look.colour, lw=0.4, alpha=0.6)
            mean = members.groupby("epoch")["loss"].mean()
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
        ax.set(title=style.ARCHITECTURES[architecture], xlabel="Epoch", ylabel=NAMES[loss])
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    axes[0].set_ylim(bottom=0)  # shared, so only once every curve is drawn
    return figure
