"""Hydrographs of EP, EG and CN in a good, a median and a bad basin."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from randvec import matrix
from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number
from randvec.matrix import WITHOUT_STATICS

PERCENTILES = {"good": 90, "median": 50, "bad": 10}
STEPS = (1, 2, 5)  # of ticks, in each decade
APART = 0.12  # of neighbouring ticks at the least, as a share of the axis


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder, for EP, the longest EG and CN."""
    models = inputs.few()
    metrics = inputs.metrics(models)
    basins = list(choose(metrics[models[0]]).values())
    return hydrographs(
        metrics,
        {model: inputs.predictions(model, basins) for model in models},
        inputs.daily_precipitation(basins) if inputs.precipitation else None,
    )


def choose(metrics: pd.DataFrame) -> dict[str, str]:
    """Basins nearest the percentiles of NSE.

    Parameters
    ----------
    metrics : pd.DataFrame
        Columns basin, nse.

    Returns
    -------
    dict
        Name in `PERCENTILES` to basin, in that order; fewer entries where few basins have a
        defined NSE, as no basin is shown twice.
    """
    ranked = metrics.dropna(subset="nse").sort_values(["nse", "basin"])["basin"].tolist()
    chosen: dict[str, str] = {}
    for name in ("median", "good", "bad"):
        place = round(PERCENTILES[name] / 100 * (len(ranked) - 1))
        if ranked and ranked[place] not in chosen.values():
            chosen[name] = ranked[place]
    return {name: chosen[name] for name in PERCENTILES if name in chosen}


@style.journal
def hydrographs(
    metrics: Mapping[str, pd.DataFrame],
    ensembles: Mapping[str, pd.DataFrame],
    precipitation: pd.DataFrame | None,
) -> Figure:
    """Draw one water year of observed and simulated discharge per basin.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse of the ensembles, all basins; those of the first model choose the basins.
    ensembles : mapping of model code to pd.DataFrame
        Predictions: basin, date, observed, simulated (mm/day).
    precipitation : pd.DataFrame or None
        Columns basin, date, precipitation (mm/day), if there is any.

    Returns
    -------
    Figure
        A panel per chosen basin, precipitation above discharge.
    """
    first = next(iter(metrics))
    chosen = choose(metrics[first])
    if not chosen:
        figure = Figure(figsize=(style.WIDTH, 2.1 + 0.4), layout="constrained")
        figure.text(0.5, 0.5, f"{first}: NSE is undefined in every basin", ha="center")
        return figure
    nse = {model: table.set_index("basin")["nse"] for model, table in metrics.items()}
    titles, tables = {}, {}
    for name, basin in chosen.items():
        scores = ", ".join(f"{model} {number(of[basin])}" for model, of in nse.items())
        titles[basin] = f"{basin} ({PERCENTILES[name]}th percentile of {first}): NSE {scores}"
        own = {model: table[table["basin"] == basin] for model, table in ensembles.items()}
        year = days_of_water_year(own[first])
        tables[basin] = {m: table.set_index("date").loc[year] for m, table in own.items()}
    shown = {basin: of_basin[first].index for basin, of_basin in tables.items()}
    return stacked(titles, shown, precipitation, lambda ax, basin: _discharge(ax, tables[basin]))


@style.journal
def stacked(
    titles: Mapping[str, str],
    days: Mapping[str, pd.DatetimeIndex],
    precipitation: pd.DataFrame | None,
    draw: Callable[[Axes, str], None],
    handles: Sequence[Artist] = (),
) -> Figure:
    """Draw basins one below the other, precipitation above discharge on a square-root scale.

    Parameters
    ----------
    titles : mapping of str to str
        Of the panel of each basin.
    days : mapping of str to DatetimeIndex
        Days that each panel shows.
    precipitation : DataFrame or None
        Columns basin, date, precipitation [mm/day], if there is any.
    draw : callable
        Draws the discharge [mm/day] of a basin.
    handles : sequence of Artist
        What the legend has besides.
    """
    figure = Figure(figsize=(style.WIDTH, 2.1 * len(titles) + 0.4), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.03, hspace=0)
    above = 0.1 if precipitation is None else 1
    grid = figure.add_gridspec(2 * len(titles), 1, height_ratios=(above, 2.6) * len(titles))
    tops: list[Axes] = []
    entries: list[list[Artist]] = []
    for place, (basin, title) in enumerate(titles.items()):
        top = figure.add_subplot(grid[2 * place])
        ax = figure.add_subplot(grid[2 * place + 1], sharex=top)
        if precipitation is None:
            top.set_axis_off()
        else:
            falling = precipitation[precipitation["basin"] == basin].set_index("date")[
                "precipitation"
            ]
            _precipitation(top, falling.reindex(days[basin]))
        draw(ax, basin)
        ax.set(ylabel="Discharge\n(mm/day)", xlim=(days[basin][0], days[basin][-1]))
        _square_root(ax)
        _label_days(ax)
        top.set_title(title)
        tops.append(top)
        entries.append([h for part in (ax, top) for h in part.get_legend_handles_labels()[0]])
    # A basin without observed discharge lacks that entry.
    told = [*max(entries, key=len), *handles]
    style.letters(tops)
    figure.align_ylabels()
    columns = min(math.ceil(len(told) / 2), 3)
    figure.legend(handles=told, loc="outside upper center", ncols=columns)
    return figure


def water_year(days: pd.DataFrame) -> int:
    """Water year (October to September, named by its end) with most observed days, the first of
    equals.

    Parameters
    ----------
    days : pd.DataFrame
        Columns date, observed (NaN where missing).
    """
    year = days["date"].dt.year + (days["date"].dt.month >= 10)
    return int(days["observed"].notna().groupby(year).sum().idxmax())


def days_of_water_year(days: pd.DataFrame) -> slice:
    """First and last day of the `water_year` of the same table."""
    year = water_year(days)
    return slice(f"{year - 1}-10-01", f"{year}-09-30")


def _precipitation(ax: Axes, precipitation: pd.Series) -> None:
    ax.fill_between(
        precipitation.index, precipitation, step="mid", color="#56B4E9", lw=0, label="precipitation"
    )
    ax.set(ylim=(max(np.nanmax(precipitation, initial=0), 1) * 1.05, 0), ylabel="P\n(mm/day)")
    ax.tick_params(axis="x", length=0, labelbottom=False)
    ax.spines["bottom"].set_visible(False)
    ax.spines["top"].set_visible(True)


def _discharge(ax: Axes, tables: Mapping[str, pd.DataFrame]) -> None:
    """Draw observed discharge, and that of the models, the one without static vector behind."""
    observed = next(iter(tables.values()))["observed"]
    ax.plot(observed.index, observed, color="black", lw=1.1, label="observed")
    for model, table in tables.items():
        look = style.look(model)
        behind = 1.8 if model == WITHOUT_STATICS else 2.2
        drawn = dict(color=look.colour, lw=1, ls=look.line, zorder=behind)
        label = f"{model}: {matrix.parse(model).statics.title}"
        ax.plot(table.index, table["simulated"].clip(lower=0), label=label, **drawn)


def _square_root(ax: Axes) -> None:
    """Give the axis of the discharge a square-root scale, on which low flow can be read too."""
    top = max(ax.get_ylim()[1], 0.01)
    ax.set_yscale("function", functions=(lambda q: np.sqrt(np.maximum(q, 0)), np.square))
    ax.set_ylim(0, top)
    highest = math.ceil(math.log10(top))
    ticks = [0.0]
    for value in sorted(s * 10.0**power for power in range(highest - 4, highest) for s in STEPS):
        if value <= top and math.sqrt(value) - math.sqrt(ticks[-1]) >= APART * math.sqrt(top):
            ticks.append(value)
    ax.yaxis.set_major_locator(FixedLocator(ticks))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_locator(NullLocator())


def _label_days(ax: Axes) -> None:
    locator = AutoDateLocator()
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
