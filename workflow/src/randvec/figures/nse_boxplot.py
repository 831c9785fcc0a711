"""Basin NSE of every model: ensemble as a box, members as points."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from randvec.comparison.published import PUBLISHED, Reference
from randvec.figures import style
from randvec.figures.inputs import FigureInputs
from randvec.formatting import number
from randvec.models import ARCHITECTURES

LOWEST = -1.0  # left end of the axis at the most
ROW = 0.21  # height of a row in inches
POINT = dict(
    marker="o",
    markersize=3,
    markerfacecolor="white",
    markeredgecolor="black",
    markeredgewidth=0.6,
    linestyle="",
)
PUBLISHED_POINT = dict(
    marker="D",
    markersize=4,
    markerfacecolor="#F0E442",
    markeredgecolor="black",
    markeredgewidth=0.6,
    linestyle="",
)
# Printed numbers, and where they stand as shares of their axis.
COLUMNS = {"ensemble\nmedian": 0.15, "members'\nmedian": 0.5, "failures\n(NSE ≤ 0)": 0.85}


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return nse_boxplot(
        inputs.metrics(), inputs.members_medians(), PUBLISHED if inputs.published else ()
    )


@style.journal
def nse_boxplot(
    metrics: Mapping[str, pd.DataFrame],
    members: Mapping[str, pd.Series],
    published: Sequence[Reference] = (),
) -> Figure:
    """Draw a box over the basins per model, with the members' medians beside it.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse of the ensembles.
    members : mapping of model code to pd.Series
        Median NSE of each member.
    published : sequence of Reference
        Published medians to mark in the rows of the models nearest to them.

    Returns
    -------
    Figure
        One row per model, grouped by architecture.
    """
    rows: list[str] = []  # headings and models from top to bottom
    for architecture, models in style.by_architecture(metrics).items():
        rows += [ARCHITECTURES[architecture].title, *models]
    figure = Figure(figsize=(style.WIDTH, ROW * len(rows) + 1.15), layout="constrained")
    grid = figure.add_gridspec(1, 2, width_ratios=(1, 0.42))
    ax = figure.add_subplot(grid[0])
    numbers = figure.add_subplot(grid[1], sharey=ax)
    shown = {reference.nearest_model: reference for reference in published}
    shown = {model: reference for model, reference in shown.items() if model in metrics}
    for row, text in enumerate(rows):
        if text in metrics:
            points = members[text].dropna()
            nse = metrics[text]["nse"].dropna()
            _box(ax, row, text, nse, points)
            if text in shown:
                ax.plot(shown[text].nse_median, row - 0.08, zorder=4, **PUBLISHED_POINT)
            _print(numbers, row, nse, points)
        else:
            ax.axhline(row - 0.45, color="#BFBFBF", linewidth=0.6)
    _print_headings(numbers)
    left = _left_end([table["nse"].dropna() for table in metrics.values()], members.values())
    _axes(ax, rows, left)
    _legend(figure, list(metrics), list(shown.values()), _notes(metrics, members, left))
    return figure


def _left_end(nse: Iterable[pd.Series], members: Iterable[pd.Series]) -> float:
    """Where the axis begins: left of every whisker and member, but for what lies far off.

    It begins at zero at the latest, so that basins that are not drawn are failures.
    """
    whiskers = [
        values[values >= first - 1.5 * (third - first)].min()
        for values in nse
        for first, third in [values.quantile([0.25, 0.75])]
    ]
    lowest = np.nanmin([0.0, *whiskers, *(each.min() for each in members)])
    return max(np.floor(lowest * 10) / 10, LOWEST)


def _legend(
    figure: Figure, models: list[str], published: list[Reference], notes: str | None
) -> None:
    handles = [
        *style.vector_key(models),
        Patch(facecolor="#D9D9D9", edgecolor="black", linewidth=0.6, label="ensemble, basins"),
        Line2D([], [], color="black", linewidth=1.4, label="ensemble, median"),
        Line2D([], [], **POINT, label="one member, median"),
    ]
    if published:
        source = published[0].source.partition(",")[0]
        label = f"published median, {source}: 531 basins, 256 units, 8 members"
        handles.append(Line2D([], [], **PUBLISHED_POINT, label=label))
    columns = dict(ncols=2 if published else 4, handlelength=2.4, columnspacing=1.2)
    figure.legend(handles=handles, loc="outside lower center", title=notes, **columns)


def _axes(ax: Axes, rows: list[str], left: float) -> None:
    """Set limits and row labels."""
    ax.set(xlim=(left, 1), ylim=(len(rows) - 0.45, -0.45), xlabel="NSE (–)")
    ax.set_yticks(range(len(rows)), rows)
    titles = {architecture.title for architecture in ARCHITECTURES.values()}
    for label in ax.get_yticklabels():
        heading = label.get_text() in titles
        label.set_fontweight("bold" if heading else "normal")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)


def _box(ax: Axes, row: int, model: str, nse: pd.Series, points: pd.Series) -> None:
    """Draw one model's row: the box of its ensemble and the medians of its members."""
    if len(nse):
        ax.boxplot(
            nse,
            positions=[row - 0.08],
            orientation="horizontal",
            widths=0.5,
            patch_artist=True,
            manage_ticks=False,
            boxprops=dict(facecolor=style.look(model).colour, linewidth=0.6),
            whiskerprops=dict(linewidth=0.6),
            capprops=dict(linewidth=0.6),
            medianprops=dict(color="black", linewidth=1.4),
            flierprops=dict(marker="|", markersize=4, markeredgecolor="#808080"),
        )
    ax.plot(points, [row + 0.3] * len(points), **POINT)


def _print(ax: Axes, row: int, nse: pd.Series, points: pd.Series) -> None:
    """Print one model's numbers, a dash where there is none."""
    medians = [number(x.median(), 3) for x in (nse, points)]
    for text, x in zip((*medians, str((nse <= 0).sum())), COLUMNS.values(), strict=True):
        ax.text(x, row, text, ha="center", va="center", size=7)


def _print_headings(ax: Axes) -> None:
    for text, x in COLUMNS.items():
        ax.text(x, -0.6, text, ha="center", va="bottom", size=7)
    ax.set_axis_off()


def _notes(
    metrics: Mapping[str, pd.DataFrame], members: Mapping[str, pd.Series], left: float
) -> str | None:
    """What the axis does not show."""
    below = sum(int((m["nse"] < left).sum()) for m in metrics.values())
    members_below = sum(int((medians < left).sum()) for medians in members.values())
    notes = [style.undefined_note(metrics)]
    if below:
        notes.append(f"values below {number(left, 1)} and so not drawn: {below}")
    if members_below:
        notes.append(f"members below {number(left, 1)}: {members_below}")
    return "; ".join(note for note in notes if note) or None
