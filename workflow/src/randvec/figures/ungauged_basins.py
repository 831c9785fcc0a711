"""NSE in gauged and in ungauged basins, and how it differs."""

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from randvec.comparison.pairs import with_descriptors
from randvec.figures import intervals, style
from randvec.figures.inputs import FigureInputs
from randvec.matrix import WITHOUT_STATICS
from randvec.scenarios import FULL, Ensemble

ROW = 0.36  # height of a row in inches
SHIFT = 4.0  # points between the middle of a row and its two symbols
LOSS = "Ungauged less gauged"
FROM_DESCRIPTORS = "Difference from {}"


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder."""
    return ungauged_basins(inputs.medians(), inputs.comparisons())


@style.journal
def ungauged_basins(table: pd.DataFrame, comparisons: pd.DataFrame) -> Figure:
    """Draw the median NSE of every model in basins that it was trained on, and in others.

    Parameters
    ----------
    table : DataFrame
        Medians of the experiment (`randvec.comparison.medians.medians`): full is gauged, the
        first division ``folds-N`` ungauged.
    comparisons : DataFrame
        Its comparisons (`randvec.comparison.comparisons.write_comparisons`).

    Returns
    -------
    Figure
        A row per model: its medians, what it loses in ungauged basins, and how it differs from the
        model with descriptors in both, as far as they were compared. The network without static
        vector in ungauged basins is a line down the first panel: what is left without any knowledge
        of the basin.
    """
    folds = next(name for name in table["scenario"] if name.startswith("folds-"))
    models = list(table["model"].unique())
    parts = _differences(models, folds, comparisons)
    figure = Figure(figsize=(style.WIDTH, 1.75 + ROW * len(models)), layout="constrained")
    axes = figure.subplots(1, 1 + len(parts), sharey=True, squeeze=False)[0]
    level = _medians(axes[0], table, models, folds)
    for ax, (title, rows) in zip(axes[1:], parts.items(), strict=True):
        ax.axvline(0, color="black", linewidth=0.6)
        for place, shift, hollow, value in rows:
            look = style.look(models[place])
            intervals.paired(ax, place, value, look, shift, upright=False, hollow=hollow)
        limits = intervals.limits_of_differences(value for *_, value in rows)
        ax.set(title=title, xlim=limits, xlabel="Difference of NSE (–)")
    for ax in axes:
        ax.grid(axis="y", visible=False)
        ax.tick_params(axis="y", length=0)
    axes[0].set_ylim(len(models) - 0.4, -0.6)
    axes[0].set_yticks(range(len(models)), models)
    style.letters(axes)
    told = [*style.vector_key(models), *_symbols(folds, level), *intervals.explained(bool(parts))]
    figure.legend(handles=told, loc="outside lower center", ncols=3)
    return figure


def _medians(ax: Axes, table: pd.DataFrame, models: list[str], folds: str) -> bool:
    """Draw the medians, and the level without static vector in ungauged basins if there is one."""
    for row in table[table["scenario"].isin([FULL, folds])].itertuples():
        hollow = row.scenario == folds
        shift = SHIFT if hollow else -SHIFT
        place = models.index(row.model)
        intervals.ensemble(ax, place, row, shift, upright=False, hollow=hollow)
        if hollow and row.model == WITHOUT_STATICS:
            ax.axvline(row.nse_median, color=style.look(row.model).colour, lw=1, zorder=0.9)
    ax.set(title="Median over the basins", xlim=intervals.limits(table), xlabel="NSE (–)")
    return (folds, WITHOUT_STATICS) in set(zip(table["scenario"], table["model"], strict=True))


def _differences(models: list[str], folds: str, comparisons: pd.DataFrame) -> dict[str, list]:
    """What the panels of differences show, by title: place, shift, whether hollow, difference."""

    def compared(pairs: Iterable[tuple[int, float, bool, Ensemble, Ensemble]]) -> list:
        found = [
            (*where, intervals.difference(comparisons, ensemble, other))
            for *where, ensemble, other in pairs
        ]
        return [row for row in found if row[-1]]

    against = [with_descriptors(model, models) for model in models]
    loss = [(k, 0.0, False, (folds, m), (FULL, m)) for k, m in enumerate(models)]
    from_descriptors = [
        (place, shift, scenario == folds, (scenario, model), (scenario, other))
        for place, (model, other) in enumerate(zip(models, against, strict=True))
        for scenario, shift in ((FULL, -SHIFT), (folds, SHIFT))
    ]
    rows = compared(from_descriptors)
    named = "/".join(dict.fromkeys(against[place] for place, *_ in rows))
    parts = {LOSS: compared(loss), FROM_DESCRIPTORS.format(named): rows}
    return {title: rows for title, rows in parts.items() if rows}


def _symbols(folds: str, level: bool) -> list[Line2D]:
    """Entries of the legend: what filled and hollow symbols mean, and the line."""
    symbols = dict(color="black", linestyle="", marker="o", markersize=5)
    unseen = symbols | dict(markerfacecolor="white", markeredgewidth=0.9)
    count = folds.removeprefix("folds-")
    found = [
        Line2D([], [], label="gauged: trained on", **symbols),
        Line2D([], [], label=f"ungauged: not seen ({count} folds)", **unseen),
    ]
    if level:
        colour = style.look(WITHOUT_STATICS).colour
        found.append(Line2D([], [], color=colour, label=f"{WITHOUT_STATICS}, ungauged"))
    return found
