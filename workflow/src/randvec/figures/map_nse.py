"""Maps of the NSE with physical descriptors, and of what a Gaussian vector changes."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from randvec.figures import maps, style
from randvec.figures.inputs import FigureInputs
from randvec.figures.paired import paired
from randvec.formatting import number
from randvec.vectors import VECTORS

# Ends of the colour scales; the arrows of their bars stand for what lies beyond.
NSE = Normalize(0, 1)
DIFFERENCE = Normalize(-0.2, 0.2)
#: From the colour of the reference through white to that of the model.
DIVERGING = LinearSegmentedColormap.from_list(
    "difference", [VECTORS["physical"].colour, "white", VECTORS["gaussian"].colour]
)
SYMBOLS = {"^": "△", "o": "○", "v": "▽"}  # of the markers, in text
#: Basins by the marker that they are drawn with: their name, and whether a basin is one of them.
Groups = Mapping[str, tuple[str, pd.Series]]


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return map_nse(inputs.metrics(inputs.pair()), inputs.basins())


@style.journal
def map_nse(metrics: Mapping[str, pd.DataFrame], basins: pd.DataFrame) -> Figure:
    """Draw the NSE of one model, and its difference in another, at the gauges of the basins.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse of two ensembles; the reference first.
    basins : pd.DataFrame
        Columns basin, gauge_lon, gauge_lat (degrees).

    Returns
    -------
    Figure
        NSE of the reference at the left, difference to it at the right.
    """
    both = paired(metrics)
    places = basins.set_index("basin").loc[both.nse.index]
    figure = Figure(figsize=(style.WIDTH, 2.95), layout="constrained")
    figure.get_layout_engine().set(wspace=0.04)
    left, right = figure.subplots(1, 2)

    nse = both.nse[both.reference]
    groups = {"o": ("NSE > 0", nse > 0), "v": ("NSE ≤ 0", nse <= 0)}
    left.set_title(f"{both.reference}: median {number(nse.median(), 3)}")
    _map(left, places, nse, groups, "viridis", NSE)
    _bar(left, "viridis", NSE, "min", f"NSE of {both.reference}", groups)

    difference, name = both.difference, f"{both.model} − {both.reference}"
    groups = dict(zip("^ov", both.outcomes().items(), strict=True))
    right.set_title(f"{name}: median {number(difference.median(), 3)}")
    _map(right, places, difference, groups, DIVERGING, DIFFERENCE)
    _bar(right, DIVERGING, DIFFERENCE, "both", f"Difference of NSE: {name}", groups)
    style.letters([left, right])
    if note := "; ".join(filter(None, [style.undefined_note(metrics), maps.nowhere_note(places)])):
        figure.supxlabel(note, fontsize=7, ha="left", x=0.01)
    return figure


def _map(
    ax: Axes,
    places: pd.DataFrame,
    values: pd.Series,
    groups: Groups,
    colours: str | Colormap,
    scale: Normalize,
) -> None:
    """Draw values at places, each group of basins with its own marker."""
    x, y = maps.place(ax, places["gauge_lon"], places["gauge_lat"])
    ax.set_aspect("equal", adjustable="datalim")  # a box that shrinks would leave its title no room
    for marker, (_, here) in groups.items():
        ax.scatter(
            x[here],
            y[here],
            c=values[here],
            cmap=colours,
            norm=scale,
            marker=marker,
            s=10,
            edgecolors="black",
            linewidths=0.25,
        )


def _bar(
    ax: Axes, colours: str | Colormap, scale: Normalize, extend: str, label: str, groups: Groups
) -> None:
    """Draw the colour scale below a map, and what the markers mean and count."""
    counts = [f"{SYMBOLS[marker]} {name}: {here.sum()}" for marker, (name, here) in groups.items()]
    bar = ax.figure.colorbar(
        ScalarMappable(scale, colours),
        ax=ax,
        location="bottom",
        extend=extend,
        aspect=30,
        shrink=0.9,
        label=f"{label}\n{'    '.join(counts)}",
    )
    bar.outline.set_linewidth(0.6)
