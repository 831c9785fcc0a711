"""Median NSE over the size of errors in the descriptors."""

import pandas as pd
from matplotlib.figure import Figure

from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return uncertain_descriptors(inputs.medians("uncertain_descriptors"))


@style.journal
def uncertain_descriptors(table: pd.DataFrame) -> Figure:
    """Draw the median NSE over the size of the noise on the descriptors, a line per model.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.experiments.medians`).

    Returns
    -------
    Figure
    """
    noisy = [name for name in table["scenario"].unique() if name.startswith("noise-")]
    sizes = {"full": 0.0} | {name: float(name.removeprefix("noise-")) for name in noisy}
    figure, ax = intervals.over(table, sizes)
    largest = max(sizes.values())
    ax.set(xlabel="Noise on the descriptors (standard deviations of each)")
    ax.set_xlim(-0.1 * largest, 1.1 * largest)
    return figure
