"""The ratios as a figure."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from benchmarks.cases import NEAREST, SIZES
from benchmarks.report import NAMES, PEERS
from randvec.figures.style import DPI, WIDTH, journal

# Okabe and Ito (2008); the markers tell the contenders apart without colour.
COLOURS = dict(zip(PEERS, ("#0072B2", "#D55E00"), strict=True))
MARKERS = dict(zip(PEERS, ("o", "s"), strict=True))
WORKS = ("training", "evaluation")


@journal
def plot(table: pd.DataFrame, path: Path) -> Figure:
    """Draw the ratios: a row of panels per size, one for training and one for evaluation."""
    sizes = [size for size in SIZES if size in set(table["size"])]
    lines = [table[table["size"] == size].drop_duplicates(["architecture", "static_size"])
             for size in sizes]  # fmt: skip
    heights = [len(rows) + 1.5 for rows in lines]
    figure = Figure(figsize=(WIDTH, 0.19 * sum(heights) + 0.8), layout="constrained")
    axes = figure.subplots(len(sizes), 2, sharex=True, squeeze=False, height_ratios=heights)
    for row, size in enumerate(sizes):
        for column, work in enumerate(WORKS):
            chosen = table[(table["size"] == size) & (table["work"] == work)]
            _panel(axes[row, column], chosen, lines[row])
            title = size if column else _described(size)  # two long ones have no room
            axes[row, column].set_title(f"{title}, {work}", fontsize=7.5)
        axes[row, 1].tick_params(labelleft=False)
    for axis in axes[-1]:
        axis.set_xlabel(
            "speed of randvec over that of the other\n(median, lowest to highest round)"
        )
    figure.legend(handles=_handles(), loc="outside upper center", ncols=3)
    figure.savefig(path, dpi=DPI, metadata={"Software": None})
    return figure


def _described(size):
    days, predicted_days, hidden, _ = SIZES[size]
    return f"{size} ({predicted_days}/{days} days, {hidden} units)"


def _panel(axis, rows, order):
    cases = list(zip(order["architecture"], order["static_size"], strict=True))
    places = {case: -place for place, case in enumerate(cases)}
    for shift, name in zip((0.15, -0.15), PEERS, strict=True):
        for row in rows[rows["contender"] == name].itertuples():
            place = places[row.architecture, row.static_size] + shift
            nearest = name == "neuralhydrology" and row.architecture in NEAREST
            colour = COLOURS[name]
            axis.plot([row.ratio_lowest, row.ratio_highest], [place] * 2, color=colour, zorder=2)
            axis.plot(
                row.ratio,
                place,
                MARKERS[name],
                color=colour,
                markerfacecolor="white" if nearest else colour,
                zorder=3,
            )
    axis.axvline(1, color="black", linewidth=0.8, zorder=1)
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.set_xticks([0.5, 1, 2, 5, 10, 20])
    axis.set_yticks(list(places.values()), [f"{NAMES[name]}, d = {width}" for name, width in cases])
    axis.set_ylim(-len(cases) + 0.4, 0.6)
    axis.grid(axis="y", visible=False)


def _handles():
    peer = {"linestyle": "-", "color": COLOURS["neuralhydrology"], "marker": "s"}
    return [
        Line2D([], [], color=COLOURS["plain loop"], marker="o", label="plain loop"),
        Line2D([], [], **peer, label="neuralhydrology"),
        Line2D([], [], **peer, markerfacecolor="white", label="neuralhydrology, nearest network"),
    ]
