"""The lead figure: differences from the models with descriptors, whatever models there are."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_panels, check_texts
from matplotlib.colors import same_color

from randvec import figures
from randvec.comparison.statistics import comparisons
from randvec.figures import answer, style

PAPER = ["EP", "EG-16", "EO", "EM-32", "CP", "CO", "CN", "CG-16", "PEA", "REA", "FP", "FO", "FG-16"]
LONG = [f"{cell}-{d}" for cell in ("EG", "CG", "FG") for d in (2, 8, 32, 128, 512)]


def scores(models, basins=24) -> dict[str, pd.DataFrame]:
    """NSE of models with descriptors above that of others, and far above that of CN."""
    rng = np.random.default_rng(3)
    level = rng.normal(0.7, 0.1, basins)
    names = [f"{k:08d}" for k in range(basins)]
    nse = {
        code: level - (0.12 if code == "CN" else 0.02) + rng.normal(0, 0.03, basins)
        for code in models
    }
    return {code: pd.DataFrame({"basin": names, "nse": values}) for code, values in nse.items()}


def shown(models):
    return [(panel.reference, panel.models) for panel in answer.panels(models)]


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["EP", "EG-16", "CN"], [("EP", ["EG-16", "CN"])]),
        (["CN", "EP"], [("EP", ["CN"])]),
        (["CP", "CN"], [("CP", ["CN"])]),
        (["FO", "EP", "CN"], [("EP", ["CN"]), ("EP", ["FO", "CN"])]),
        (["EG-2", "FP"], [("FP", ["EG-2"])]),
        (
            ["EP", "CN", "FP", "FP_b", "FO", "FO_b"],
            [("EP", ["CN"]), ("FP", ["FO", "CN"]), ("FP_b", ["FO_b", "CN"])],
        ),
        (["EP", "CN", "CN_b"], [("EP", ["CN"]), ("EP", ["CN_b"])]),
    ],
)
def test_each_model_is_held_against_the_descriptors_of_its_architecture(models, expected):
    assert shown(models) == expected


def test_the_paper_has_a_panel_an_architecture_in_its_order():
    assert shown(PAPER) == [
        ("EP", ["EG-16", "EO", "EM-32", "CN"]),
        ("CP", ["CO", "CG-16", "CN"]),
        ("PEA", ["REA", "CN"]),
        ("FP", ["FO", "FG-16", "CN"]),
    ]


@pytest.mark.parametrize(
    "models",
    [
        ["EP", "EG-16", "CN"],
        ["EP", "CN"],
        ["EP", "EO"],
        PAPER,
        [*PAPER, *LONG, "FP_corrected", "FG-256_corrected"],
    ],
    ids=["three", "two", "no CN", "paper", "many"],
)
@pytest.mark.parametrize("basins", [24, 1])
def test_any_models_can_be_read(models, basins):
    figure = answer.answer(scores(models, basins))
    check_texts(figure)
    check_panels(figure)
    assert figure.get_figwidth() == pytest.approx(175 / 25.4)


def test_what_is_drawn_and_printed_are_the_paired_comparisons():
    tables = scores(PAPER)
    figure = answer.answer(tables)
    panels, numbers = figure.axes[::2], figure.axes[1::2]
    keyed = {("full", code): table for code, table in tables.items()}
    for ax, printed, (reference, models) in zip(panels, numbers, shown(PAPER), strict=True):
        expected = comparisons(keyed, [(("full", m), ("full", reference)) for m in models])
        assert [label.get_text() for label in ax.get_yticklabels()] == [reference, *models]
        symbols = [line for line in ax.lines if len(line.get_xdata()) == 1]
        assert symbols[0].get_xdata() == [0]
        bars = [line for line in ax.lines if line.get_color() == "black"]
        texts = [text.get_text().replace("−", "-") for text in printed.texts]
        rows = zip(expected.itertuples(), symbols[1:], bars, strict=True)
        for place, (row, symbol, bar) in enumerate(rows, 1):
            assert (symbol.get_xdata()[0], symbol.get_ydata()[0]) == (row.difference_median, place)
            assert same_color(symbol.get_color(), style.look(row.model).colour)
            assert tuple(bar.get_xdata()) == (row.difference_low, row.difference_high)
            median, low, high = (
                f"{value:+z.3f}"
                for value in (row.difference_median, row.difference_low, row.difference_high)
            )
            assert texts[2 * place - 1] == f"{median} [{low}, {high}]"
            assert texts[2 * place] == f"{row.wins}, {row.ties}, {row.losses}"
    assert [ax.get_title(loc="left")[:4] for ax in panels] == ["(a) ", "(b) ", "(c) ", "(d) "]
    assert len(figure.legends) == 1


def test_the_grey_field_is_what_descriptors_gain():
    tables = scores(["EP", "EG-16", "CN"])
    difference = (tables["CN"]["nse"] - tables["EP"]["nse"]).median()
    ax = answer.answer(tables).axes[0]
    field = ax.patches[0]
    assert (field.get_x(), field.get_width()) == pytest.approx((difference, -difference))
    tables["CN"]["nse"] += 1  # nothing is gained
    assert len(answer.answer(tables).axes[0].patches) == len(ax.patches) - 1


def test_a_basin_without_nse_is_left_out_and_said_so():
    tables = scores(["EP", "EG-16", "CN"])
    tables["CN"].loc[3, "nse"] = np.nan
    figure = answer.answer(tables)
    assert "1 of 24 basins" in figure.legends[0].get_title().get_text()
    tables["CN"]["nse"] = np.nan
    check_texts(answer.answer(tables))


@pytest.mark.parametrize(
    ("models", "applies"),
    [(["EP", "CN"], True), (["EP", "CP"], False), (["EG-2", "CN"], False), (["FO", "CP"], True)],
)
def test_it_needs_models_with_and_without_descriptors(models, applies):
    dataset = {"source": "virtual", "descriptors": {}}
    config = {"models": models, "dataset": dataset, "experiments": {}}
    found = list(figures.of_configuration(config))
    assert (found[0] == "answer") == ("answer" in found) == applies
