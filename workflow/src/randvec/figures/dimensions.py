"""Median NSE over the length of the random vector, one panel per architecture."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from randvec import matrix
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.matrix import WITHOUT_STATICS
from randvec.models import ARCHITECTURES
from randvec.vectors import VECTORS


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return dimensions(inputs.medians(), inputs.count)


@style.journal
def dimensions(table: pd.DataFrame, descriptors: int) -> Figure:
    """Draw the median NSE over the length of random vectors; other vectors are lines across.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`).
    descriptors : int
        Their number.

    Returns
    -------
    Figure
        One panel per architecture that has random vectors.
    """
    table = _described(table, descriptors)
    # Sorted by length: a line looks like its longest vector, in every panel.
    looks = {row.label: style.look(row.model) for row in table.itertuples()}
    random = table[table["random"]]
    panels = [name for name in ARCHITECTURES if name in set(random["architecture"])]
    figure = Figure(figsize=(style.WIDTH, 3.1), layout="constrained")
    axes = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for ax, architecture in zip(axes, panels, strict=True):
        here = (table["architecture"] == architecture) | (table["model"] == WITHOUT_STATICS)
        _panel(ax, table[here], looks)
        ax.set(title=ARCHITECTURES[architecture].title, xlabel="Length d of the vector")
    axes[0].set(ylabel=intervals.LABEL, ylim=intervals.limits(table))
    axes[0].set_xlim(random["dimension"].min() / 1.7, random["dimension"].max() * 1.7)
    lines = [
        Line2D([], [], color=look.colour, linestyle=look.line, label=label)
        for label, look in looks.items()
    ]
    band = "" if table["random"].all() else "95 % interval of a line"
    figure.legend(handles=[*lines, *intervals.explained(band)], loc="outside lower center", ncols=3)
    return figure


def _described(table: pd.DataFrame, descriptors: int) -> pd.DataFrame:
    """Add what the figure needs to know of the models, and sort by kind of vector and length."""
    models = [matrix.parse(code) for code in table["model"]]
    order = sorted(VECTORS, key=lambda name: not VECTORS[name].random)
    table = table.assign(
        order=[order.index(model.vector) for model in models],
        random=[model.statics.random for model in models],
        dimension=[model.length(descriptors) for model in models],
        label=[f"{model.statics.title} {model.variant}".strip() for model in models],
    )
    return table.sort_values(["order", "dimension"], kind="stable")


def _panel(ax: Axes, table: pd.DataFrame, looks: Mapping[str, style.Look]) -> None:
    random = table[table["random"]]
    for label, shift in intervals.shifts(list(random["label"].unique())).items():
        rows = random[random["label"] == label]
        medians = rows.set_index("dimension")["nse_median"]
        intervals.line(ax, medians, looks[label], shift)
        for row in rows.itertuples():
            intervals.ensemble(ax, row.dimension, row, shift)
    for row in table[~table["random"]].itertuples():
        intervals.reference(ax, row)
    ax.set_xscale("log", base=2)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda length, _: f"{length:g}"))
    ax.xaxis.set_minor_locator(FixedLocator(random["dimension"].unique()))
    ax.xaxis.set_minor_formatter(NullFormatter())
