"""Medians with intervals and members, drawn alike in the figures of all experiments.

A symbol is the median NSE of an ensemble, the bar through it the 95 % interval over the basins,
the thin bar with ends beside it the range of the members' medians. Tables are those of
`randvec.comparison.medians.medians`.
"""

from collections.abc import Iterable, Mapping

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation, Transform

from randvec.figures import style

LABEL = "Median NSE of the ensemble (–)"
LOWEST = -1.0  # lower end of an axis at the most, unless a median lies below
FULL = "full, 95 % interval"  # what the band of a line across the panel is
BESIDE = 2.5  # points between an interval and the range of its members
STEP = 7.0  # points between models that stand side by side


def over(figure: Figure, ax: Axes, table: pd.DataFrame, places: Mapping[str, float]) -> None:
    """Draw medians over places that scenarios have, a line per model, and the figure's legend.

    Parameters
    ----------
    figure : Figure
    ax : Axes
    table : DataFrame
        Medians of an experiment. Models that it has in full alone become lines across the panel.
    places : mapping of scenario to float
        Place on the horizontal axis; other scenarios are not drawn. A line goes through the mean of
        scenarios at one place.
    """
    table = table[table["scenario"].isin(list(places))]
    table = table.assign(place=table["scenario"].map(places)).sort_values("place", kind="stable")
    at_one_place = table.groupby(["model", "place"])["model"]
    draws = at_one_place.transform("size")
    table["shift"] = STEP * (at_one_place.cumcount() - (draws - 1) / 2)
    varied, references = split(table)
    for model, shift in shifts(varied, STEP * draws.max()).items():
        rows = table[table["model"] == model]
        line(ax, rows.groupby("place")["nse_median"].mean(), style.look(model), shift)
        for row in rows.itertuples():
            ensemble(ax, row.place, row, shift + row.shift)
    for row in table[table["model"].isin(references)].itertuples():
        reference(ax, row)
    ax.set(ylim=limits(table), ylabel=LABEL)
    ax.grid(axis="x", visible=False)
    entries = [*handles([*varied, *references]), *explained(FULL if references else "")]
    figure.legend(handles=entries, loc="outside right upper")


def ensemble(
    ax: Axes,
    place: float,
    row: tuple,
    shift: float = 0.0,
    upright: bool = True,
    hollow: bool = False,
) -> None:
    """Draw one ensemble at its place on the axis across the NSE.

    Parameters
    ----------
    ax : Axes
    place : float
    row : namedtuple
        Row of an experiment's medians.
    shift : float
        Points by which all is moved along the axis of the places, to the right or down.
    upright : bool
        Whether NSE is the vertical axis.
    hollow : bool
        Whether the symbol is not filled.
    """
    look = style.look(row.model)
    bar(ax, place, (row.nse_low, row.nse_high), look, shift, upright)
    members = row.member_lowest, row.member_highest
    thin = dict(linewidth=0.5, markeredgewidth=0.5, markersize=3, marker="_" if upright else "|")
    _draw(ax, place, members, look, shift + BESIDE, upright, **thin)
    symbol(ax, place, row.nse_median, look, shift, upright, hollow)


def bar(
    ax: Axes,
    place: float,
    ends: tuple[float, float],
    look: style.Look,
    shift: float,
    upright: bool = True,
) -> None:
    """Draw an interval; arguments as of `ensemble`."""
    _draw(ax, place, ends, look, shift, upright, linewidth=1.4)


def symbol(
    ax: Axes,
    place: float,
    value: float,
    look: style.Look,
    shift: float,
    upright: bool = True,
    hollow: bool = False,
) -> None:
    """Draw the symbol of a model at a value; arguments as of `ensemble`."""
    drawn = dict(marker=look.marker, markersize=5, zorder=4)
    if hollow:
        drawn |= dict(markerfacecolor="white", markeredgewidth=0.9)
    else:
        drawn |= dict(markeredgecolor="white", markeredgewidth=0.4)
    _draw(ax, place, (value,), look, shift, upright, **drawn)


def line(ax: Axes, medians: pd.Series, look: style.Look, shift: float) -> None:
    """Join medians, whose index are their places, by a line."""
    drawn = dict(color=look.colour, linestyle=look.line, linewidth=0.9)
    ax.plot(medians.index, medians, transform=_moved(ax, shift, upright=True), **drawn)


def reference(ax: Axes, row: tuple, upright: bool = True) -> None:
    """Draw an ensemble as a line across the panel, symbol at its end, interval as a band."""
    look = style.look(row.model)
    across, band = (ax.axhline, ax.axhspan) if upright else (ax.axvline, ax.axvspan)
    across(row.nse_median, color=look.colour, linestyle=look.line, linewidth=1, zorder=1.5)
    band(row.nse_low, row.nse_high, color=look.colour, alpha=0.12, linewidth=0, zorder=0.5)
    end, value = [1.0], [row.nse_median]
    points, transform = (
        ((end, value), ax.get_yaxis_transform())
        if upright
        else ((value, end), ax.get_xaxis_transform())
    )
    ax.plot(
        *points,
        color=look.colour,
        marker=look.marker,
        markeredgecolor="white",
        markeredgewidth=0.4,
        transform=transform,
        clip_on=False,
    )


def split(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Models that an experiment varies, and those that it has in full alone."""
    models = list(dict.fromkeys(table["model"]))
    varied = set(table.loc[table["scenario"] != "full", "model"])
    return [m for m in models if m in varied], [m for m in models if m not in varied]


def shifts(names: list, step: float = STEP) -> dict:
    """Points by which each of some names is moved, so that they stand side by side."""
    return {name: (k - (len(names) - 1) / 2) * step for k, name in enumerate(names)}


def limits(table: pd.DataFrame) -> tuple[float, float]:
    """Ends of an NSE axis that shows every median; bars that reach far below are cut."""
    values = table[["nse_median", "nse_low", "nse_high", "member_lowest", "member_highest"]]
    medians = table["nse_median"].dropna()
    if medians.empty:
        return 0.0, 1.0
    lowest = max(values.min().min(), min(LOWEST, medians.min()))
    highest = values.max().max()
    room = 0.05 * max(highest - lowest, 0.02)
    return lowest - room, highest + room


def handles(models: Iterable[str]) -> list[Artist]:
    """Entries of a legend: models."""
    looks = {code: style.look(code) for code in models}
    return [
        Line2D([], [], color=look.colour, linestyle=look.line, marker=look.marker, label=code)
        for code, look in looks.items()
    ]


def explained(band: str) -> list[Artist]:
    """Entries of a legend: what the bars are, and what the band is, if there is one."""
    black = dict(color="black", linestyle="")
    found = [
        Line2D([], [], marker="|", markersize=8, mew=1.4, label="95 % interval", **black),
        Line2D([], [], marker=r"$\mathtt{I}$", markersize=6, label="range of members", **black),
    ]
    if band:
        found.append(Patch(facecolor="black", alpha=0.15, label=band))
    return found


def _draw(
    ax: Axes,
    place: float,
    values: tuple,
    look: style.Look,
    shift: float,
    upright: bool,
    **drawn: object,
) -> None:
    """Draw values at one place, moved by some points along the axis of the places."""
    points = ([place] * len(values), values)
    points = points if upright else points[::-1]
    ax.plot(*points, color=look.colour, transform=_moved(ax, shift, upright), **drawn)


def _moved(ax: Axes, points: float, upright: bool) -> Transform:
    """Data coordinates, moved by some points along the axis of the places."""
    inches = points / 72
    move = (inches, 0) if upright else (0, -inches)
    return ax.transData + ScaledTranslation(*move, ax.figure.dpi_scale_trans)
