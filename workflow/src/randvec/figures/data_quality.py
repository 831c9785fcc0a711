"""Days without discharge in every basin, on a map where there is one, and the basins' climate."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from randvec.figures import maps, style
from randvec.figures.inputs import FigureInputs


class Group(NamedTuple):
    """How the basins of a group are drawn."""

    colour: str
    marker: str
    size: float


#: Groups of basins by their missing days. Darker is worse; the marker works without colour.
GROUPS = {
    "none": Group("#56B4E9", "o", 3),
    "up to 30": Group("#FED98E", "^", 5),
    "31 to 365": Group("#E6550D", "s", 4.5),
    "more than 365": Group("#7A0177", "D", 4.5),
    "basin dropped": Group("black", "X", 5),
}
LIMITS = (-np.inf, 0, 30, 365, np.inf)  # days; of all groups but the last
NARROWEST = 5.0  # high over low end of the axis of aridity at the least


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    climate = inputs.descriptors()[list(inputs.climate)] if inputs.climate else None
    basins = inputs.basins()
    return data_quality(basins, climate, inputs.real and bool(maps.placed(basins).any()))


@style.journal
def data_quality(basins: pd.DataFrame, climate: pd.DataFrame | None, real: bool) -> Figure:
    """Draw where discharge is missing, and what climates the basins have.

    Parameters
    ----------
    basins : pd.DataFrame
        Columns missing_days_train, missing_days_test, used, gauge_lat, gauge_lon (degrees); every
        basin that was asked for.
    climate : pd.DataFrame or None
        Aridity, share of snow and, if there is one, seasonality of precipitation (Addor et al.
        2017) of the basins that are used, in this order.
    real : bool
        Whether the basins lie where their coordinates say. Those of virtual catchments mean
        nothing; bars take the place of the map.

    Returns
    -------
    Figure
        Missing days at the left, climate, if it is known, at the right.
    """
    figure = Figure(figsize=(style.WIDTH, 2.75), layout="constrained")
    figure.get_layout_engine().set(wspace=0.04)
    panels = 1 if climate is None else 2
    left, *right = figure.subplots(1, panels, width_ratios=(1.5, 1)[:panels], squeeze=False)[0]
    groups = group(basins)
    if real:
        _map(left, basins, groups)
    else:
        _bars(left, groups)
    left.set_title("Days without discharge, training and test")
    if climate is not None:
        _climate(right[0], climate)
    style.letters([left, *right])
    return figure


def group(basins: pd.DataFrame) -> pd.Series:
    """Group of each basin, a key of `GROUPS`, by its missing days in both periods together.

    Parameters
    ----------
    basins : pd.DataFrame
        Columns missing_days_train, missing_days_test, used.
    """
    *by_days, dropped = GROUPS
    days = basins["missing_days_train"] + basins["missing_days_test"]
    return pd.cut(days, LIMITS, labels=by_days).astype(str).where(basins["used"], dropped)


def _map(ax: Axes, basins: pd.DataFrame, groups: pd.Series) -> None:
    x, y = maps.place(ax, basins["gauge_lon"], basins["gauge_lat"])
    for name, look in GROUPS.items():
        here = groups == name
        ax.plot(
            x[here],
            y[here],
            look.marker,
            color=look.colour,
            markersize=look.size,
            markeredgecolor="black",
            markeredgewidth=0.3,
            label=f"{name}: {here.sum()}",
        )
    note = maps.nowhere_note(basins)
    ax.legend(
        title=f"Missing days: number of basins{f' ({note})' if note else ''}",
        loc="upper center",
        bbox_to_anchor=(0.5, 0.02),
        ncols=3,
        handlelength=1,
        columnspacing=1.2,
    )


def _bars(ax: Axes, groups: pd.Series) -> None:
    counts = groups.value_counts().reindex(list(GROUPS), fill_value=0)
    bars = ax.barh(
        list(GROUPS), counts, color=[look.colour for look in GROUPS.values()], height=0.6
    )
    ax.bar_label(bars, padding=3)
    ax.set(xlabel="Number of basins", ylabel="Missing days")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(x=0.08)  # room for the numbers
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)


def _climate(ax: Axes, climate: pd.DataFrame) -> None:
    aridity, snow, *seasonality = (climate[name] for name in climate)
    drawn = dict(s=10, edgecolors="black", linewidths=0.2)
    if seasonality:
        # Signed: white at zero, where the year is even.
        end = max(np.ceil(seasonality[0].abs().max() * 2) / 2, 0.5)
        points = ax.scatter(
            aridity, snow, c=seasonality[0], cmap="PuOr", vmin=-end, vmax=end, **drawn
        )
        bar = ax.figure.colorbar(points, ax=ax, aspect=30)
        bar.set_label("Seasonality of P (–)")
        bar.outline.set_linewidth(0.6)
    else:
        ax.scatter(aridity, snow, color="#0072B2", **drawn)
    ax.set_xscale("log", base=2)
    low, high = aridity.min(), aridity.max()
    if low > 0:
        # Basins that are alike would leave an axis without ticks, which stand at powers of two.
        widen = max(NARROWEST * low / high, 1) ** 0.5 * 1.1
        ax.set_xlim(low / widen, high * widen)
    ax.xaxis.set_major_formatter(FuncFormatter("{:g}".format))
    ax.set(title="Climate", xlabel="Aridity: PET / P (–)", ylabel="Share of snow in P (–)")
    ax.set_ylim(-0.03, 1)
