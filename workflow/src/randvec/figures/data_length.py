"""Median NSE over the years that the members were trained on."""

import pandas as pd
from matplotlib.figure import Figure

from randvec import scenarios
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return data_length(inputs.medians("data_length"))


@style.journal
def data_length(table: pd.DataFrame) -> Figure:
    """Draw the median NSE over the years of training, a line per model.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.experiments.medians`).

    Returns
    -------
    Figure
        Equal steps on the horizontal axis; the whole training period is the last.
    """
    years = {name: scenarios.parse(name).years for name in table["scenario"].unique()}
    shown = sorted((name for name in years if years[name]), key=years.get)
    shown += [name for name in years if name == "full"]
    figure, ax = intervals.over(table, {name: place for place, name in enumerate(shown)})
    ax.set_xticks(range(len(shown)), [str(years[name] or "all") for name in shown])
    ax.set(xlabel="Years of training", xlim=(-0.5, len(shown) - 0.5))
    return figure
