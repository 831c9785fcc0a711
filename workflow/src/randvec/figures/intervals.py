"""Medians and paired differences, drawn alike in the figures of all experiments.

A symbol on an axis of the NSE is the median of an ensemble, the thin bar with ends the range of the
members' medians; tables are those of `randvec.comparison.medians.medians`. A symbol on an axis of
differences is the median over the basins of the paired difference of two ensembles, the bar through
it its 95 % interval; tables are those of `randvec.comparison.statistics.comparisons`.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation, Transform

from randvec import matrix
from randvec.figures import style
from randvec.scenarios import FULL, Ensemble

LABEL = "Median NSE of the ensemble (–)"
LOWEST = -1.0  # lower end of an axis at the most, unless a median lies below
STEP = 7.0  # points between models that stand side by side


class Difference(NamedTuple):
    """Median over the basins of a paired difference of NSE, with its interval."""

    median: float
    low: float
    high: float


def difference(
    comparisons: pd.DataFrame, ensemble: Ensemble, reference: Ensemble
) -> Difference | None:
    """How one ensemble differs from another, whichever of the two was compared with the other.

    Parameters
    ----------
    comparisons : DataFrame
    ensemble, reference : (scenario, model)

    Returns
    -------
    Difference or None
        None if the two were not compared, or share no basin with a defined NSE.
    """
    for ours, theirs, sign in ((ensemble, reference, 1), (reference, ensemble, -1)):
        found = comparisons[
            (comparisons["scenario"] == ours[0])
            & (comparisons["model"] == ours[1])
            & (comparisons["reference_scenario"] == theirs[0])
            & (comparisons["reference"] == theirs[1])
            & comparisons["difference_median"].notna()
        ]
        for row in found.itertuples():
            ends = sorted((sign * row.difference_low, sign * row.difference_high))
            return Difference(sign * row.difference_median, *ends)
    return None


def ensemble(
    ax: Axes,
    place: float,
    row: tuple,
    shift: float = 0.0,
    upright: bool = True,
    hollow: bool = False,
) -> None:
    """Draw one ensemble, and the range of its members, at its place on the axis across the NSE.

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
    members = row.member_lowest, row.member_highest
    thin = dict(linewidth=0.6, markeredgewidth=0.6, markersize=3, marker="_" if upright else "|")
    _draw(ax, place, members, look, shift, upright, **thin)
    symbol(ax, place, row.nse_median, look, shift, upright, hollow)


def paired(
    ax: Axes,
    place: float,
    found: Difference,
    look: style.Look,
    shift: float = 0.0,
    upright: bool = True,
    hollow: bool = False,
) -> None:
    """Draw a paired difference with its interval; arguments as of `ensemble`."""
    _draw(ax, place, (found.low, found.high), look, shift, upright, linewidth=1.4)
    symbol(ax, place, found.median, look, shift, upright, hollow)


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


def line(ax: Axes, values: pd.Series, look: style.Look, shift: float) -> None:
    """Join values, whose index are their places, by a line."""
    drawn = dict(color=look.colour, linestyle=look.line, linewidth=0.9)
    ax.plot(values.index, values, transform=_moved(ax, shift, upright=True), **drawn)


def across(
    ax: Axes,
    value: float,
    look: style.Look,
    ends: tuple[float, float] | None = None,
    shift: float = 0.0,
) -> None:
    """Draw a value as a line across the panel, symbol and interval at its right end.

    Parameters
    ----------
    ax : Axes
    value : float
    look : Look
    ends : (float, float), optional
        Ends of the interval; what lies beyond the axis, whose limits must be set, is cut.
    shift : float
        Points that the symbol is right of the end of the panel.
    """
    ax.axhline(value, color=look.colour, linestyle=look.line, linewidth=1, zorder=1.5)
    transform = ax.get_yaxis_transform() + _offset(ax, shift, 0)
    drawn = dict(color=look.colour, transform=transform, clip_on=False, zorder=4)
    if ends:
        ax.plot([1.0, 1.0], np.clip(ends, *ax.get_ylim()), linewidth=1.4, **drawn)
    edge = dict(markeredgecolor="white", markeredgewidth=0.4)
    ax.plot([1.0], [value], marker=look.marker, **edge, **drawn)


def split(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Models that an experiment varies, and those that it has in full alone."""
    models = list(dict.fromkeys(table["model"]))
    varied = set(table.loc[table["scenario"] != FULL, "model"])
    return [m for m in models if m in varied], [m for m in models if m not in varied]


def shifts(names: list, step: float = STEP) -> dict:
    """Points by which each of some names is moved, so that they stand side by side."""
    return {name: (k - (len(names) - 1) / 2) * step for k, name in enumerate(names)}


def limits(table: pd.DataFrame, lines: Iterable[str] = ()) -> tuple[float, float]:
    """Ends of an NSE axis that shows every median; bars that reach far below are cut.

    Parameters
    ----------
    table : DataFrame
        Medians.
    lines : iterable of str
        Models that are lines across the panel, without their members.
    """
    medians = table["nse_median"]
    members = table.loc[~table["model"].isin(list(lines)), ["member_lowest", "member_highest"]]
    return _ends(medians, [medians, members.to_numpy().ravel()], (0.0, 1.0))


def limits_of_differences(found: Iterable[Difference]) -> tuple[float, float]:
    """Ends of an axis of differences that shows zero and every median, as `limits`."""
    medians, *ends = np.array([(0.0, 0.0, 0.0), *found]).T
    return _ends(medians, [medians, *ends], (-0.1, 0.1))


def handles(models: Iterable[str], ending: str = "") -> list[Artist]:
    """Entries of a legend: models, each with its kind of static vector, and what `ending` adds."""
    titles = {code: matrix.parse(code).statics.title for code in models}
    return [
        Line2D(
            *([], []),
            color=look.colour,
            linestyle=look.line,
            marker=look.marker,
            label=f"{code}: {title}{ending}",
        )
        for code, title in titles.items()
        for look in [style.look(code)]
    ]


def explained(differences: bool, *, upright: bool = True) -> list[Artist]:
    """Entries of a legend: what the bars are; those of differences where there are any."""
    black = dict(color="black", linestyle="")
    ends, bar = (r"$\mathtt{I}$", "|") if upright else (r"$\mathtt{H}$", "_")
    found = [Line2D([], [], marker=ends, ms=6, label="range of members", **black)]
    if differences:
        label = "95 % interval of the difference"
        found.append(Line2D([], [], marker=bar, markersize=8, mew=1.4, label=label, **black))
    return found


def _ends(medians: Iterable, shown: Iterable, default: tuple) -> tuple[float, float]:
    medians = np.asarray(medians, float)
    if np.isnan(medians).all():
        return default
    values = np.concatenate([np.asarray(each, float) for each in shown])
    lowest = max(np.nanmin(values), min(LOWEST, np.nanmin(medians)))
    highest = np.nanmax(values)
    room = 0.06 * max(highest - lowest, 0.02)
    return lowest - room, highest + room


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
    return ax.transData + (_offset(ax, points, 0) if upright else _offset(ax, 0, -points))


def _offset(ax: Axes, right: float, up: float) -> Transform:
    """A move by some points."""
    return ScaledTranslation(right / 72, up / 72, ax.figure.dpi_scale_trans)
