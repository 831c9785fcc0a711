"""NSE over the length of the random vector, one panel per architecture."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from randvec import matrix
from randvec.comparison.pairs import with_descriptors
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.figures.intervals import Difference
from randvec.matrix import PHYSICAL, WITHOUT_STATICS
from randvec.models import ARCHITECTURES
from randvec.scenarios import FULL
from randvec.vectors import VECTORS

Looks = Mapping[str, style.Look]  # of lines, by the kind of vector
#: Points between kinds of vector at one length: less than half of what is between a length and its
#: double, some 12 points with three panels.
SHIFT = 3.5


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return dimensions(inputs.medians(), inputs.comparisons(), inputs.count)


@style.journal
def dimensions(table: pd.DataFrame, comparisons: pd.DataFrame, descriptors: int) -> Figure:
    """Draw the median NSE over the length of random vectors; other vectors are lines across.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`).
    comparisons : DataFrame
        Its comparisons (`randvec.comparison.comparisons.write_comparisons`).
    descriptors : int
        Their number.

    Returns
    -------
    Figure
        One panel per architecture that has random vectors, and below it one with the paired
        differences from its model with descriptors, if it was compared with that; each of these
        has its own vertical axis.
    """
    table = _described(table, descriptors)
    # Sorted by length: a line looks like its longest vector, in every panel.
    looks = {row.label: style.look(row.model) for row in table.itertuples()}
    random = table[table["random"]]
    parts = {
        name: table[(table["architecture"] == name) | (table["model"] == WITHOUT_STATICS)]
        for name in ARCHITECTURES
        if name in set(random["architecture"])
    }
    below = {name: _differences(name, rows, comparisons) for name, rows in parts.items()}
    figure, upper, lower = _axes(below)
    for name, ax in upper.items():
        _medians(ax, parts[name], looks)
        ax.set_title(ARCHITECTURES[name].title)
    for name, ax in lower.items():
        _draw_differences(ax, below[name], looks)
        against = below[name]["against"].unique()
        ax.set_title(f"Against {against[0] if len(against) == 1 else 'descriptors'}")
    for name in upper:
        _lengths(lower.get(name, upper[name]), random)
    first = upper[next(iter(upper))]
    lines = table.loc[~table["random"], "model"]
    first.set(ylabel="Median NSE (–)", ylim=intervals.limits(table, lines))
    if lower:
        next(iter(lower.values())).set_ylabel("Difference of NSE (–)")
    style.letters([*upper.values(), *lower.values()])
    figure.align_ylabels()
    _legend(figure, looks, bool(lower))
    return figure


def _axes(
    below: Mapping[str, pd.DataFrame],
) -> tuple[Figure, dict[str, Axes], dict[str, Axes]]:
    """A panel per architecture, and one below it where there is something to show."""
    rows = 1 + any(len(part) for part in below.values())
    figure = Figure(figsize=(style.WIDTH, 1.1 + 2.0 * rows), layout="constrained")
    grid = figure.add_gridspec(rows, len(below))
    upper: dict[str, Axes] = {}
    lower: dict[str, Axes] = {}
    for place, (name, part) in enumerate(below.items()):
        first = next(iter(upper.values()), None)
        upper[name] = figure.add_subplot(grid[0, place], sharex=first, sharey=first)
        if len(part):
            lower[name] = figure.add_subplot(grid[1, place], sharex=upper[name])
            upper[name].tick_params(labelbottom=False)
    return figure, upper, lower


def _differences(name: str, table: pd.DataFrame, comparisons: pd.DataFrame) -> pd.DataFrame:
    """The rows that were compared with the descriptors of an architecture, and how they differ."""
    there = list(table["model"])
    rows = []
    for row in table.itertuples():
        own = PHYSICAL[name] if PHYSICAL[name] in there else ""
        against = own if row.model == WITHOUT_STATICS else with_descriptors(row.model, there)
        found = intervals.difference(comparisons, (FULL, row.model), (FULL, against))
        if found and row.vector != "physical":
            rows.append({**row._asdict(), **found._asdict(), "against": against})
    columns = [*table.columns, *Difference._fields, "against"]
    return pd.DataFrame(rows, columns=["Index", *columns])[columns]


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


def _medians(ax: Axes, table: pd.DataFrame, looks: Looks) -> None:
    random = table[table["random"]]
    for label, shift in _beside(random).items():
        rows = random[random["label"] == label]
        intervals.line(ax, rows.set_index("dimension")["nse_median"], looks[label], shift)
        for row in rows.itertuples():
            intervals.ensemble(ax, row.dimension, row, shift)
    for row in table[~table["random"]].itertuples():
        intervals.across(ax, row.nse_median, style.look(row.model))


def _draw_differences(ax: Axes, table: pd.DataFrame, looks: Looks) -> None:
    ax.axhline(0, color=VECTORS["physical"].colour, linewidth=1)
    shown = table[list(Difference._fields)].itertuples(index=False)
    ax.set_ylim(intervals.limits_of_differences(shown))
    random = table[table["random"]]
    for label, shift in _beside(random).items():
        rows = random[random["label"] == label]
        intervals.line(ax, rows.set_index("dimension")["median"], looks[label], shift)
        for row in rows.itertuples():
            intervals.paired(ax, row.dimension, row, style.look(row.model), shift)
    for place, row in enumerate(table[~table["random"]].itertuples()):
        ends = row.low, row.high
        intervals.across(ax, row.median, style.look(row.model), ends, -intervals.STEP * place)


def _beside(random: pd.DataFrame) -> dict[str, float]:
    """Points by which each kind of vector is moved: the first stands at its lengths."""
    return {label: SHIFT * place for place, label in enumerate(random["label"].unique())}


def _lengths(ax: Axes, random: pd.DataFrame) -> None:
    """Set the axis of the lengths, below the lowest panel of an architecture."""
    ax.set_xlabel("Length d of the vector")
    ax.set_xscale("log", base=2)
    ax.set_xlim(random["dimension"].min() / 1.7, random["dimension"].max() * 1.7)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda length, _: f"{length:g}"))
    ax.xaxis.set_minor_locator(FixedLocator(random["dimension"].unique()))
    ax.xaxis.set_minor_formatter(NullFormatter())


def _legend(figure: Figure, looks: Looks, differences: bool) -> None:
    lines = [
        Line2D([], [], color=look.colour, linestyle=look.line, label=label)
        for label, look in looks.items()
    ]
    told = [*lines, *intervals.explained(differences)]
    figure.legend(handles=told, loc="outside lower center", ncols=3)
