"""Hydrographs of a good, a median and a bad basin, with the spread of the members."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number

PERCENTILES = {"good": 90, "median": 50, "bad": 10}


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder, for the first of the models."""
    model = inputs.models[0]
    metrics = inputs.metrics([model])[model]
    basins = list(choose(metrics).values())
    return hydrographs(
        model,
        metrics,
        inputs.predictions(model, basins),
        inputs.members(model, basins),
        inputs.precipitation(basins) if inputs.rain else None,
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
    model: str,
    metrics: pd.DataFrame,
    ensemble: pd.DataFrame,
    members: Mapping[int, pd.DataFrame],
    rain: pd.DataFrame | None,
) -> Figure:
    """Draw one water year of observed and simulated discharge per basin.

    Parameters
    ----------
    model : str
        Model code.
    metrics : pd.DataFrame
        Columns basin, nse of the model's ensemble, all basins.
    ensemble : pd.DataFrame
        Predictions of the ensemble: basin, date, observed, simulated (mm/day).
    members : mapping of seed to pd.DataFrame
        Predictions of the members, as `ensemble`.
    rain : pd.DataFrame or None
        Columns basin, date, rain (mm/day), if there is any.

    Returns
    -------
    Figure
        A panel per chosen basin, precipitation above discharge.
    """
    chosen = choose(metrics)
    if not chosen:
        figure = Figure(figsize=(style.WIDTH, 2.1 + 0.4), layout="constrained")
        figure.text(0.5, 0.5, f"{model}: NSE is undefined in every basin", ha="center")
        return figure
    nse = metrics.set_index("basin")["nse"]
    spread = pd.concat(members.values()).groupby(["basin", "date"])["simulated"].agg(["min", "max"])
    titles, tables = {}, {}
    for name, basin in chosen.items():
        score = f"NSE {number(nse[basin])}, {PERCENTILES[name]}th percentile of basins"
        titles[basin] = f"{basin}: {score}"
        days = ensemble[ensemble["basin"] == basin]
        table = days.set_index("date").join(spread.loc[basin])
        tables[basin] = table.loc[days_of_water_year(days)]
    shown = {basin: table.index for basin, table in tables.items()}
    return stacked(titles, shown, rain, lambda ax, basin: _discharge(ax, model, tables[basin]))


@style.journal
def stacked(
    titles: Mapping[str, str],
    days: Mapping[str, pd.DatetimeIndex],
    rain: pd.DataFrame | None,
    draw: Callable[[Axes, str], None],
    handles: Sequence[Artist] = (),
) -> Figure:
    """Draw basins one below the other, precipitation above discharge.

    Parameters
    ----------
    titles : mapping of str to str
        Of the panel of each basin.
    days : mapping of str to DatetimeIndex
        Days that each panel shows.
    rain : DataFrame or None
        Columns basin, date, rain [mm/day], if there is any.
    draw : callable
        Draws the discharge [mm/day] of a basin.
    handles : sequence of Artist
        What the legend has besides.
    """
    figure = Figure(figsize=(style.WIDTH, 2.1 * len(titles) + 0.4), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.03, hspace=0)
    grid = figure.add_gridspec(2 * len(titles), 1, height_ratios=(1, 2.6) * len(titles))
    for place, (basin, title) in enumerate(titles.items()):
        top = figure.add_subplot(grid[2 * place])
        ax = figure.add_subplot(grid[2 * place + 1], sharex=top)
        if rain is None:
            top.set_axis_off()
        else:
            falling = rain[rain["basin"] == basin].set_index("date")["rain"]
            _precipitation(top, falling.reindex(days[basin]))
        draw(ax, basin)
        ax.set(ylabel="Discharge\n(mm/day)", xlim=(days[basin][0], days[basin][-1]))
        ax.set_ylim(bottom=0)
        _label_days(ax)
        top.set_title(title)
    told = [*ax.get_legend_handles_labels()[0], *top.get_legend_handles_labels()[0], *handles]
    figure.align_ylabels()
    figure.legend(handles=told, loc="outside upper center", ncols=4)
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


def _precipitation(ax: Axes, rain: pd.Series) -> None:
    ax.fill_between(rain.index, rain, step="mid", color="#56B4E9", lw=0, label="precipitation")
    ax.set(ylim=(max(np.nanmax(rain, initial=0), 1) * 1.05, 0), ylabel="P\n(mm/day)")
    ax.tick_params(axis="x", length=0, labelbottom=False)
    ax.spines["bottom"].set_visible(False)
    ax.spines["top"].set_visible(True)


def _discharge(ax: Axes, model: str, days: pd.DataFrame) -> None:
    colour = style.look(model).colour
    ax.fill_between(
        days.index, days["min"], days["max"], color=colour, alpha=0.3, lw=0, label="members' range"
    )
    ax.plot(days.index, days["observed"], color="black", lw=0.9, label="observed")
    ax.plot(
        days.index, days["simulated"], color=colour, lw=1, ls=(0, (4, 1)), label=f"{model} ensemble"
    )


def _label_days(ax: Axes) -> None:
    locator = AutoDateLocator()
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
