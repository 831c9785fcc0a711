"""The figure of `benchmarks.windows`: validation NSE over core minutes, and the test NSE."""

import math
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from randvec.figures import style

#: Of the ways in the order of the table; ends of curves and ensembles are filled or open.
LINES = ("-", (0, (3, 1.5)))
MEMBER, MEDIAN = {"lw": 0.5, "alpha": 0.5}, {"lw": 1.6}
#: In the panel of the test NSE: each way from its model's place, members and ensemble from that.
APART, BESIDE = 0.19, 0.07


@style.journal
def plot(curves: pd.DataFrame, final: pd.DataFrame, path: Path) -> Figure:
    """Draw a panel of learning curves for each model, and one of the test NSE of all.

    Parameters
    ----------
    curves, final : pd.DataFrame
        Of `benchmarks.windows.learning_curves` and `final_scores`, both runs together.
    path : Path
        The PNG that is written.

    Returns
    -------
    Figure
        Thin lines are members, thick lines the median of the members after each epoch. What is
        below 0, in the first epochs, is cut.
    """
    models, ways = list(curves["model"].unique()), list(curves["way"].unique())
    rows, key = math.ceil((len(models) + 1) / 2), _key(ways)
    height = 2.1 * rows + style.room_for_legend(key.values())
    figure = Figure(figsize=(style.WIDTH, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)
    grid = figure.add_gridspec(rows, 2)
    axes: list[Axes] = []
    for place, model in enumerate(models):
        like = axes[0] if axes else None
        axes.append(figure.add_subplot(grid[place // 2, place % 2], sharex=like, sharey=like))
        _curves(axes[-1], curves[curves["model"] == model], model, ways)
    axes[0].set_ylim(bottom=max(0, axes[0].get_ylim()[0]))
    axes.append(figure.add_subplot(grid[len(models) // 2, len(models) % 2]))
    _scores(axes[-1], final, models, ways)
    style.letters(axes)
    style.legend_in_columns(figure, key)
    figure.savefig(path, dpi=style.DPI, metadata={"Software": None})
    return figure


def _curves(ax: Axes, curves: pd.DataFrame, model: str, ways: list[str]) -> None:
    look = style.look(model)
    for place, way in enumerate(ways):
        chosen = curves[curves["way"] == way]
        line = {"color": look.colour, "linestyle": LINES[place]}
        for _, member in chosen.groupby("member"):
            ax.plot(member["core_minutes"], member["validation_nse"], **line, **MEMBER)
        median = chosen.groupby("epoch")[["core_minutes", "validation_nse"]].median()
        ax.plot(median["core_minutes"], median["validation_nse"], **line, **MEDIAN)
        ax.plot(*median.iloc[-1], **_marker(model, place))
    ax.set(title=model, xscale="log", xlabel="Core minutes per member")
    ax.set_ylabel("Validation NSE, median (–)")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())


def _scores(ax: Axes, final: pd.DataFrame, models: list[str], ways: list[str]) -> None:
    for column, model in enumerate(models):
        for place, way in enumerate(ways):
            scores = final[(final["model"] == model) & (final["way"] == way)]
            ensemble = scores["member"] == "ensemble"
            members = scores["test_nse"][~ensemble]
            at, colour = column + APART * (2 * place - 1), style.look(model).colour
            ax.plot([at - BESIDE] * len(members), members, "_", color=colour, markersize=7)
            ax.plot(at + BESIDE, scores["test_nse"][ensemble].item(), **_marker(model, place))
    ax.set_xticks(range(len(models)), models)
    ax.set(title="Test period", xlim=(-0.5, len(models) - 0.5), xlabel="Model")
    ax.set_ylabel("Test NSE, median (–)")
    ax.grid(axis="x", visible=False)


def _marker(model: str, place: int) -> dict:
    look = style.look(model)
    face = look.colour if place == 0 else "white"
    return {
        "linestyle": "",
        "marker": look.marker,
        "markersize": 5.5,
        "color": look.colour,
        "markerfacecolor": face,
        "zorder": 3,
    }


def _key(ways: list[str]) -> dict[str, list[Line2D]]:
    """Entries of the legend under their headings."""
    colour = "#444444"
    entry = partial(Line2D, [], [], color=colour)
    trained = [
        entry(**MEDIAN, linestyle=line, marker="o", markerfacecolor=face, label=way)
        for way, line, face in zip(ways, LINES, (colour, "white"), strict=True)
    ]
    curves = [entry(**MEDIAN, label="Median of the members"), entry(**MEMBER, label="Member")]
    scores = [
        entry(linestyle="", marker="o", label="Ensemble"),
        entry(linestyle="", marker="_", markersize=7, label="Member"),
    ]
    return {"Trained": trained, "Validation": curves, "Test": scores}
