"""The answer: what other static vectors, and none, lose against physical descriptors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from randvec import matrix
from randvec.comparison.pairs import with_descriptors
from randvec.comparison.statistics import comparisons
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number, signed
from randvec.matrix import WITHOUT_STATICS
from randvec.models import ARCHITECTURES
from randvec.scenarios import FULL

LABEL = (
    "NSE less that of the model with descriptors named in the title (–)\n"
    "← worse than with descriptors      better →"
)
LOWEST = -1.0  # left end of the axis at the most, unless a median lies below
ROW = 0.19  # height of a row in inches
GAP = "#E9E9E9"  # between descriptors and no static vector
INTERVAL = dict(color="black", lw=1.4, zorder=5)
#: Printed numbers, and where they stand as shares of their axis.
COLUMNS = {"median difference\nand 95 % interval": 0.3, "basins better,\nsame, worse": 0.8}


@dataclass(frozen=True)
class Panel:
    """A panel: an architecture, or a variant of one.

    Attributes
    ----------
    title : str
    reference : str
        Model with descriptors that the others are held against.
    models : list of str
        The others; the network without static vector last.
    """

    title: str
    reference: str
    models: list[str]


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return answer(inputs.metrics())


def panels(models: Iterable[str]) -> list[Panel]:
    """Which models are held against which.

    Parameters
    ----------
    models : iterable of str
        Model codes, at least one with physical descriptors among them.

    Returns
    -------
    list of Panel
        In each the models of an architecture, and of a variant if they are of one, against the one
        of them that has descriptors, or that `with_descriptors` names. CN, the network without
        static vector, is in every panel.
    """
    models = list(models)
    groups: dict[tuple[str, str], list[str]] = {}
    for model in map(matrix.parse, models):
        if (model.vector, model.variant) != ("none", ""):
            groups.setdefault((model.architecture, model.variant), []).append(model.code)
    order = list(ARCHITECTURES)
    found = []
    for architecture, variant in sorted(groups, key=lambda key: order.index(key[0])):
        group = groups[architecture, variant]
        described = [code for code in group if matrix.parse(code).vector == "physical"]
        reference = described[0] if described else with_descriptors(group[0], models)
        without = [f"{WITHOUT_STATICS}_{variant}", WITHOUT_STATICS]
        without = [code for code in without if code in models][:1]
        own = [code for code in group if code not in without]
        others = [code for code in own if code != reference] + without
        if others:
            title = ARCHITECTURES[architecture].title + (f", {variant}" if variant else "")
            found.append(Panel(f"{title}: difference from {reference}", reference, others))
    return found


@style.journal
def answer(metrics: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the paired differences in NSE from models with descriptors, a panel an architecture.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse of the ensembles; `panels` says which are compared.

    Returns
    -------
    Figure
        A row per model; the reference is a row of its own, at zero.
    """
    shown = panels(metrics)
    tables = [_differences(metrics, panel) for panel in shown]
    rows = [len(table) + 1 for table in tables]
    size = (style.WIDTH, ROW * sum(rows) + 0.34 * len(rows) + 1.1)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.add_gridspec(len(shown), 2, width_ratios=(1, 0.5), height_ratios=rows)
    axes: list[Axes] = []
    for place, (panel, table) in enumerate(zip(shown, tables, strict=True)):
        ax = figure.add_subplot(grid[place, 0], sharex=axes[0] if axes else None)
        numbers = figure.add_subplot(grid[place, 1], sharey=ax)
        _panel(ax, panel, table)
        _print(numbers, table, metrics[panel.reference]["nse"], headings=not axes)
        ax.tick_params(axis="x", labelbottom=place == len(shown) - 1)
        axes.append(ax)
    axes[0].set_xlim(_limits(pd.concat(tables)))
    axes[-1].set_xlabel(LABEL)
    style.letters(axes)
    _legend(figure, list(metrics), style.undefined_note(metrics))
    return figure


def _differences(metrics: Mapping[str, pd.DataFrame], panel: Panel) -> pd.DataFrame:
    """The paired comparisons of a panel, and the quartiles of the differences over the basins."""
    pairs = [((FULL, model), (FULL, panel.reference)) for model in panel.models]
    table = comparisons({(FULL, code): scores for code, scores in metrics.items()}, pairs)
    nse = pd.DataFrame({code: metrics[code].set_index("basin")["nse"] for code in metrics})
    less = nse[panel.models].sub(nse[panel.reference], axis=0)
    return table.assign(lower=less.quantile(0.25).to_numpy(), upper=less.quantile(0.75).to_numpy())


def _panel(ax: Axes, panel: Panel, table: pd.DataFrame) -> None:
    """Draw the reference at zero and the differences of the others below it."""
    without = table.loc[table["model"].str.startswith(WITHOUT_STATICS), "difference_median"]
    if (without < 0).any():
        ax.axvspan(without.item(), 0, color=GAP, lw=0, zorder=0.4)
    reference = style.look(panel.reference)
    ax.axvline(0, color=reference.colour, lw=1.2, zorder=1.5)
    intervals.symbol(ax, 0, 0.0, reference, 0, upright=False)
    for place, row in enumerate(table.itertuples(), 1):
        look = style.look(row.model)
        half = row.upper - row.lower
        ax.barh(place, half, left=row.lower, height=0.62, color=look.colour, alpha=0.35, lw=0)
        intervals.symbol(ax, place, row.difference_median, look, 0, upright=False)
        ax.plot((row.difference_low, row.difference_high), (place, place), **INTERVAL)
    ax.set(title=panel.title, ylim=(len(table) + 0.6, -0.6))
    ax.set_yticks(range(len(table) + 1), [panel.reference, *panel.models])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)


def _print(ax: Axes, table: pd.DataFrame, reference: pd.Series, headings: bool) -> None:
    """Print the numbers of a panel's rows, and the median NSE that the reference has."""
    first, second = COLUMNS.values()
    centred = dict(ha="center", va="center", size=7)
    ax.text(first, 0, f"median NSE {number(reference.median(), 3)}", **centred)
    for place, row in enumerate(table.itertuples(), 1):
        low, high = (signed(end, 3) for end in (row.difference_low, row.difference_high))
        ax.text(first, place, f"{signed(row.difference_median, 3)} [{low}, {high}]", **centred)
        ax.text(second, place, f"{row.wins}, {row.ties}, {row.losses}", **centred)
    if headings:
        for text, x in COLUMNS.items():
            ax.text(x, -0.6, text, ha="center", va="bottom", size=7)
    ax.set_axis_off()


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Ends of the axis: every median, and what does not reach far below."""
    values = table[["difference_median", "difference_low", "difference_high", "lower", "upper"]]
    least = np.nanmin(table["difference_median"], initial=LOWEST)
    low, high = np.nanmin(values, initial=0), np.nanmax(values, initial=0)
    low = max(low, least)
    room = 0.05 * max(high - low, 0.02)
    return low - room, high + room


def _legend(figure: Figure, models: list[str], note: str) -> None:
    told: list[Artist] = [
        *style.vector_key(models),
        Line2D([], [], color="black", marker="o", linestyle="", label="median over the basins"),
        Line2D([], [], label="95 % interval of the median", **INTERVAL),
        Patch(facecolor="black", alpha=0.35, lw=0, label="middle half of the basins"),
    ]
    if any(code.startswith(WITHOUT_STATICS) for code in models):
        told.append(Patch(facecolor=GAP, label="median loss without static vector"))
    columns = dict(ncols=4, handlelength=1.8, columnspacing=1.2)
    figure.legend(handles=told, loc="outside lower center", title=note or None, **columns)
