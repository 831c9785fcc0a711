"""What every figure must hold to, whatever it shows."""

from itertools import combinations
from unittest import mock

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread
from matplotlib.legend import Legend
from matplotlib.text import Text

from randvec import figures, matrix
from randvec.figures import style


def entry_of(name):
    """A figure of the main comparison, or of the experiment that has the name of its kind."""
    return figures.FIGURES.get(name) or figures.of_experiment(name, name)


def draw(name, inputs):
    return figures.load(entry_of(name).module)(inputs)


def check(name, inputs):
    """Draw a figure; it has the size asked for, shows something, and can be read."""
    figure = draw(name, inputs)
    image = check_texts(figure)
    height = figure.get_size_inches()[1]
    assert image.shape[1] == int(175 / 25.4 * 300)
    assert image.shape[0] == pytest.approx(height * 300, abs=1)
    assert image[..., :3].std() > 3
    # Nothing touches the edge, so nothing is cut there.
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert (edge[:, :3] == 255).all()
    check_panels(figure)
    return figure


def check_saved(name, inputs, again, folder):
    """A figure drawn from two equal results has the same bytes, as a PNG of full size and a PDF."""
    for stem, each in {"first": inputs, "second": again}.items():
        style.save(draw(name, each), folder / stem)
    for ending in ("png", "pdf"):
        first, second = (folder / f"{stem}.{ending}" for stem in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
    assert imread(folder / "first.png").shape[1] == int(175 / 25.4 * 300)
    assert (folder / "first.pdf").read_bytes().startswith(b"%PDF")


def panels(figure):
    """The panels that show data: no colour scales, no printed numbers, no rain above discharge."""
    found = []
    for ax in figure.axes:
        scale = ax.get_label() == "<colorbar>"
        numbers = not (ax.lines or ax.collections or ax.patches or ax.images)
        rain = ax.get_ylabel().startswith("P\n")
        if not (scale or numbers or (rain and not ax.get_title(loc="left"))):
            found.append(ax)
    return found


def check_panels(figure):
    """Several panels have letters in their titles; axes have ticks; there is one legend at most."""
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    letters = sorted(title[1] for title in titles if title.startswith("(") and title[2:3] == ")")
    count = len([ax for ax in panels(figure) if ax.get_title(loc="left")])
    expected = list("abcdefghijklmnopqrstuvwxyz")[:count] if count > 1 else []
    assert letters == expected, f"panels are called {titles}"
    assert len(figure.findobj(Legend)) <= 1, "more than one legend"
    for ax in panels(figure):
        if ax.axison:
            for axis in (ax.xaxis, ax.yaxis):
                low, high = sorted(axis.get_view_interval())
                shown = [tick for tick in axis.get_ticklocs() if low <= tick <= high]
                assert shown, f"no tick on an axis of '{ax.get_title(loc='left')}'"


def check_texts(figure):
    """No text lies on another or leaves the figure; no legend lies on a panel. Gives its pixels."""
    boxes, image = drawn_texts(figure)
    for (one, a), (other, b) in combinations(boxes, 2):
        # A box has room for descenders, of which a little may touch.
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert width < 2 or height < 2, f"'{one}' lies on '{other}'"
    for text, box in boxes:
        inside = figure.bbox.contains(box.x0, box.y0) and figure.bbox.contains(box.x1, box.y1)
        assert inside, f"'{text}' leaves the figure"
    for legend in figure.findobj(Legend):
        box = legend.get_window_extent().shrunk(0.99, 0.99)
        assert not any(box.overlaps(ax.bbox) for ax in figure.axes), "legend on data"
    return image


def drawn_texts(figure):
    """Every text that is drawn, with its box in pixels, and the pixels of the figure."""
    boxes = []
    original = Text.draw

    def draw(text, renderer):
        if text.get_visible() and text.get_text().strip():
            boxes.append((text.get_text(), text.get_window_extent(renderer)))
        original(text, renderer)

    canvas = FigureCanvasAgg(figure)
    with mock.patch.object(Text, "draw", draw):
        canvas.draw()
    return boxes, np.asarray(canvas.buffer_rgba())


def vector_of(scenario, model, seed):
    """Name of a member's static vector table, with 27 descriptors."""
    return matrix.parse(model).table(seed, 27)
