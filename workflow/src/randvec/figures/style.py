"""The look of every figure: size, fonts, and one appearance per model.

A model's colour and line style follow from its static vector, its marker from its architecture, so
a model looks the same in every figure and is told apart without colour. `randvec.vectors` and
`randvec.models` say which.
"""

import math
import string
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from randvec import matrix
from randvec.models import ARCHITECTURES
from randvec.vectors import VECTORS

WIDTH = 175 / 25.4  # inches; a full-width figure of a journal
DPI = 300

# Of variants, as their names choose: two of one model look alike once in 24 pairs.
VARIANT_MARKERS = "*PXph8"
VARIANT_SHADES = (0.4, 0.2, 0.55, 0.7)
OF_PAPER = 27  # descriptors; a model looks the same whatever their number

#: Matplotlib settings of every figure; DejaVu Sans comes with Matplotlib, so it is everywhere.
SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.fontsize": 7,
    "legend.title_fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 3.6,
    "lines.linewidth": 1.2,
    "lines.markersize": 4,
    "pdf.fonttype": 42,
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
}

#: Decorator for functions that draw or save.
journal = matplotlib.rc_context(SETTINGS)


@dataclass(frozen=True)
class Look:
    """Appearance of one model: colour (hex), line style and marker."""

    colour: str
    line: str | tuple
    marker: str


def look(code: str) -> Look:
    """Appearance of a model, from its code alone.

    Random vectors share a hue; the longer the vector, the darker. A variant is darker than the
    model that it varies, and has a marker that no architecture has.

    Raises
    ------
    InputError
        If there is no such model.
    """
    model = matrix.parse(code)
    colour, line = model.statics.colour, model.statics.line
    if model.statics.random:
        colour = _shade(colour, (math.log2(model.length(OF_PAPER)) - 6) / 11)
    if model.variant:
        shade, marker = divmod(zlib.crc32(model.variant.encode()), len(VARIANT_MARKERS))
        shade %= len(VARIANT_SHADES)
        return Look(_shade(colour, VARIANT_SHADES[shade]), line, VARIANT_MARKERS[marker])
    return Look(colour, line, ARCHITECTURES[model.architecture].marker)


def by_architecture(codes: Iterable[str]) -> dict[str, list[str]]:
    """Group model codes by architecture, both in the order given."""
    groups: dict[str, list[str]] = {}
    for code in codes:
        groups.setdefault(matrix.parse(code).architecture, []).append(code)
    return groups


@journal
def panels(
    count: int, height: float, kinds: int = 1, below: float = 0.0
) -> tuple[Figure, list[Axes]]:
    """Make a full-width figure of `count` equal panels, two abreast, that share their axes.

    Parameters
    ----------
    count : int
        Number of panels.
    height : float
        Height of a row in inches.
    kinds : int
        With 2, panels on the left show one quantity and those on the right another, and each kind
        has its own vertical axis.
    below : float
        Room for a legend below the panels, in inches.

    Returns
    -------
    Figure, list of Axes
        The axes in reading order; an odd last row has one panel and no empty one.
    """
    columns = min(count, 2)
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(WIDTH, rows * height + below), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)
    grid = figure.add_gridspec(rows, columns)
    axes: list[Axes] = []
    for place in range(count):
        share = axes[0] if axes else None
        like = axes[place % kinds] if place >= kinds else None
        axes.append(
            figure.add_subplot(grid[place // columns, place % columns], sharex=share, sharey=like)
        )
    return figure, axes


def letters(axes: Iterable[Axes]) -> None:
    """Put (a), (b), ... before the titles of the panels of a figure; a single one gets none."""
    axes = list(axes)
    if len(axes) > 1:
        for letter, ax in zip(string.ascii_lowercase, axes, strict=False):
            ax.set_title(f"({letter}) {ax.get_title(loc='left')}".rstrip(), loc="left")


def vector_key(codes: Iterable[str]) -> list[Artist]:
    """Entries of a legend: the colour of each kind of static vector among some models.

    Random vectors of several lengths have shades of one colour; the key shows that of the longest.
    """
    of_kind: dict[str, list[matrix.Model]] = {}
    for model in map(matrix.parse, codes):
        of_kind.setdefault(model.vector, []).append(model)
    key: list[Artist] = []
    for name in (name for name in VECTORS if name in of_kind):
        lengths = {model.length(OF_PAPER) for model in of_kind[name]}
        longest = max(of_kind[name], key=lambda model: model.length(OF_PAPER) or 0)
        darker = " (darker: longer)" if len(lengths) > 1 else ""
        title = VECTORS[name].title + darker
        colour = look(longest.plain).colour
        key.append(Patch(facecolor=colour, edgecolor="black", lw=0.4, label=title))
    if any(model.variant for models in of_kind.values() for model in models):
        key.append(_blank("(darker: variant)"))
    return key


def room_for_legend(columns: Iterable[Collection]) -> float:
    """Inches that `legend_in_columns` needs for columns of some entries."""
    return 0.15 * (max(map(len, columns)) + 2) + 0.1


def legend_in_columns(
    figure: Figure, columns: Mapping[str, Iterable[Artist]], title: str | None = None
) -> None:
    """Add one legend below the panels of a figure: columns of entries, each under its heading.

    Parameters
    ----------
    figure : Figure
    columns : mapping of str to iterable of Artist
        Entries by heading.
    title : str, optional
    """
    entries = {heading: list(handles) for heading, handles in columns.items()}
    longest = max(map(len, entries.values()))
    handles: list[Artist] = []
    for heading, told in entries.items():
        filled = [*told, *(_blank() for _ in range(longest - len(told)))]
        handles += [_blank(heading), *filled]
    spaced = dict(handlelength=2.8, columnspacing=1.2, ncols=len(entries), title=title)
    legend = figure.legend(handles=handles, loc="outside lower center", **spaced)
    for text in legend.get_texts():
        text.set_fontweight("bold" if text.get_text() in entries else "normal")


def _blank(label: str = "") -> Line2D:
    return Line2D([], [], linestyle="", label=label)


def undefined_note(metrics: Mapping[str, pd.DataFrame]) -> str:
    """Sentence on the basins left out because their NSE is undefined; empty if there are none."""
    basins = set().union(*(set(m["basin"]) for m in metrics.values()))
    undefined = set().union(*(set(m["basin"][m["nse"].isna()]) for m in metrics.values()))
    if not undefined:
        return ""
    return f"NSE undefined and left out: {len(undefined)} of {len(basins)} basins"


@journal
def save(figure: Figure, stem: Path) -> None:
    """Write ``<stem>.png`` (300 dpi) and ``<stem>.pdf``; the same figure gives the same bytes."""
    stem = Path(stem)
    figure.savefig(stem.with_name(stem.name + ".png"), dpi=DPI, metadata={"Software": None})
    figure.savefig(stem.with_name(stem.name + ".pdf"), metadata={"CreationDate": None})


def _shade(colour: str, amount: float) -> str:
    """Blend a colour with white (negative amount) or black (positive)."""
    target = 0.0 if amount > 0 else 1.0
    weight = min(abs(amount), 0.8)
    return to_hex((1 - weight) * np.array(to_rgb(colour)) + weight * target)
