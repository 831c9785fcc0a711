"""Figures from small made-up results: size, content, same bytes, odd inputs."""

import importlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import docutils.core
import jinja2
import numpy as np
import pandas as pd
import pytest
from figure_checks import check, check_panels, check_saved, check_texts, draw, vector_of
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from randvec import figures
from randvec.comparison.published import PUBLISHED
from randvec.data.basins import write_basins
from randvec.errors import InputError
from randvec.evaluation import ensemble, metrics
from randvec.evaluation.predictions import write_predictions
from randvec.experiments import KINDS
from randvec.figures import data_quality, hydrographs, loss_curves, maps, nse_boxplot, style
from randvec.figures.files import files_needed
from randvec.figures.inputs import FigureInputs
from randvec.models import ARCHITECTURES

REPORT = Path(__file__).parents[2] / "workflow" / "report"
#: Figures of any models in the main comparison; the others have tests of their own.
MAIN = [name for name, entry in figures.FIGURES.items() if not (entry.experiment or entry.compares)]
#: Those of them that one model is enough for.
OF_ONE_MODEL = [name for name in MAIN if not figures.FIGURES[name].against_descriptors]
PAPER = ["EP", "EG-16", "EO", "EM-32", "CP", "CO", "CN", "CG-16", "PEA", "REA", "FP", "FO", "FG-16"]


def results(root: Path, models: list[str], basins: int, seeds: int, undefined: int = 0):
    """Write results as the workflow does; the last `undefined` basins have constant discharge."""
    rng = np.random.default_rng(1)
    dates = pd.date_range("1989-10-01", periods=500)
    names = [f"{k:08d}" for k in range(1, basins + 1)]
    observed = rng.gamma(1, 1, (basins, dates.size)).astype(np.float32)
    observed[:, 10:20] = np.nan
    observed[basins - undefined :] = 1
    keys = pd.DataFrame({"basin": np.repeat(names, dates.size), "date": np.tile(dates, basins)})
    root.mkdir(parents=True)
    keys.assign(prcp=rng.gamma(0.3, 9, len(keys))).to_parquet(root / "series.parquet")
    write_basins(basin_table(names, rng), root / "basins.csv")
    climate = {"aridity": rng.uniform(0.2, 5, basins), "frac_snow": rng.uniform(0, 1, basins)}
    climate |= {"basin": names, "p_seasonality": rng.uniform(-1, 1, basins)}
    pd.DataFrame(climate).to_parquet(root / "descriptors.parquet")
    for noise, model in enumerate(models, 1):
        members, scores = {}, {}
        for seed in range(1, seeds + 1):
            folder = root / "members" / "full" / model / f"seed{seed}"
            folder.mkdir(parents=True)
            error = rng.normal(0, 0.1 * noise, observed.shape)
            simulated = np.nan_to_num(observed, nan=1) + error
            predictions = keys.assign(observed=observed.ravel(), simulated=simulated.ravel())
            members[seed] = folder / "predictions.parquet"
            write_predictions(predictions.astype({"simulated": "f4"}), members[seed])
            losses = pd.DataFrame({"epoch": [1, 2, 3], "loss": [0.5, 0.3 + seed / 50, 0.2]})
            losses.to_csv(folder / "loss.csv", index=False)
            scores[seed] = metrics.basin_metrics(predictions)
        folder = root / "ensembles" / "full" / model
        folder.mkdir(parents=True)
        mean = ensemble.average(ensemble.read_members(members))
        write_predictions(mean, folder / "predictions.parquet")
        metrics.write_metrics(metrics.basin_metrics(mean), folder / "metrics.csv")
        table = pd.concat(scores, names=["member"]).reset_index("member")
        metrics.write_metrics(table, folder / "metrics_of_members.csv")
    return FigureInputs(root, models, list(range(1, seeds + 1)))


def basin_table(names, rng):
    """The columns of basins.csv that figures read; no basin is dropped."""
    return pd.DataFrame(
        {
            "basin": names,
            "missing_days_train": 10,
            "missing_days_test": np.arange(len(names)) * 100,
            "used": True,
            "reason": "",
            "note": "",
            "gauge_lat": rng.uniform(30, 48, len(names)),
            "gauge_lon": rng.uniform(-120, -75, len(names)),
        }
    )


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return results(tmp_path_factory.mktemp("paper") / "demo", PAPER, basins=6, seeds=2, undefined=1)


@pytest.mark.parametrize("name", MAIN)
def test_paper(name, paper):
    check(name, paper)


def test_a_figure_reads_only_what_its_entry_names(paper):
    named = frozenset(str(paper.results_folder / f"ensembles/full/{c}/metrics.csv") for c in PAPER)
    inputs = replace(paper, files=named)
    assert set(inputs.metrics()) == set(PAPER)
    with pytest.raises(ValueError, match=r"loss.csv, of which .* expected 'losses' among"):
        inputs.losses()


@pytest.mark.parametrize("fault", ["text on text", "text beyond the edge", "legend on data"])
def test_the_check_finds(fault):
    figure = Figure()
    ax = figure.add_subplot()
    ax.plot([0, 1], label="line")
    check_texts(figure)
    if fault == "text on text":
        ax.text(0.5, 0.5, "one")
        ax.text(0.51, 0.5, "other")
    elif fault == "text beyond the edge":
        figure.text(0.99, 0.5, "a long text")
    else:
        ax.legend()
    with pytest.raises(AssertionError):
        check_texts(figure)


@pytest.mark.parametrize("fault", ["no letters", "two legends", "no ticks"])
def test_the_check_of_panels_finds(fault):
    figure = Figure()
    axes = figure.subplots(1, 2)
    for ax, title in zip(axes, ("(a) One", "(b) Other"), strict=True):
        ax.plot([0, 1], label="line")
        ax.set_title(title, loc="left")
    check_panels(figure)
    if fault == "no letters":
        axes[1].set_title("Other", loc="left")
    elif fault == "two legends":
        axes[0].legend()
        figure.legend(loc="lower center")
    else:
        axes[0].set_xticks([])
    with pytest.raises(AssertionError):
        check_panels(figure)


@pytest.mark.parametrize("name", MAIN)
def test_same_bytes(name, tmp_path):
    inputs = results(tmp_path / "demo", ["EP", "CN"], basins=4, seeds=2)
    check_saved(name, inputs, inputs, tmp_path)


@pytest.mark.parametrize("name", OF_ONE_MODEL)
@pytest.mark.parametrize("undefined", [0, 1])
def test_one_model_of_one_basin(name, undefined, tmp_path):
    check(name, results(tmp_path / "demo", ["FG-2"], 1, 1, undefined))


@pytest.mark.parametrize("name", MAIN)
def test_needs_name_every_file_that_is_read(name, paper, monkeypatch):
    """A figure can be drawn with nothing at hand but what the registry says it needs."""
    folder = str(paper.results_folder)
    named = [("full", model) for model in paper.models]
    allowed = set(files_needed(figures.FIGURES[name], folder, named, paper.seeds, vector_of))
    assert all(Path(path).is_file() for path in allowed)
    for module, function in [
        ("randvec.figures.inputs", "read_metrics"),
        ("randvec.figures.inputs", "read_predictions"),
        ("pandas", "read_csv"),
        ("pandas", "read_parquet"),
    ]:
        original = getattr(importlib.import_module(module), function)

        def read(path, *args, original=original, **kwargs):
            assert str(path) in allowed
            return original(path, *args, **kwargs)

        monkeypatch.setattr(f"{module}.{function}", read)
    draw(name, paper)


def test_cdf_passes_through_the_data(paper):
    figure = draw("nse_cdf", paper)
    assert [ax.get_title(loc="left")[:11] for ax in figure.axes] == [
        "(a) EA-LSTM",
        "(b) CT-LSTM",
        "(c) SR-LSTM",
        "(d) FM-LSTM",
    ]
    nse = paper.metrics()["EP"]["nse"].dropna()
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert f"EP  {nse.median():.3f}" in labels
    for ax in figure.axes:  # CN's curve is the first in every panel
        assert ax.lines[0].get_color() == style.look("CN").colour
    curve = figure.axes[0].lines[2]  # after CN's curve and median
    assert curve.get_color() == style.look("EP").colour
    assert curve.get_drawstyle() == "steps-post"
    np.testing.assert_array_equal(curve.get_xdata()[1:-1], np.sort(nse))
    np.testing.assert_allclose(curve.get_ydata()[:-1], np.arange(6) / 5)
    assert "1 of 6 basins" in figure.legends[0].get_title().get_text()


@pytest.mark.parametrize("name", ["nse_cdf", "loss_curves"])
def test_the_one_legend_has_a_column_an_architecture_and_a_key_of_the_vectors(name, paper):
    figure = draw(name, paper)
    (legend,) = figure.legends
    told = [text.get_text().partition("  ")[0] for text in legend.get_texts()]
    headings = [k for k, text in enumerate(legend.get_texts()) if text.get_fontweight() == "bold"]
    columns = [told[k + 1 : end] for k, end in zip(headings, [*headings[1:], None], strict=True)]
    assert [told[k].partition("$")[0] for k in headings] == [
        *("Static vector", "EA-LSTM", "CT-LSTM", "SR-LSTM", "FM-LSTM")
    ]
    assert "physical descriptors" in columns[0] and "no static vector" in columns[0]
    assert [label for label in columns[1] if label] == ["EP", "EG-16", "EO", "EM-32"]
    assert [label for label in columns[3] if label] == ["PEA", "REA"]


@pytest.mark.parametrize(
    ("losses", "ticks"),
    [
        ([0.2, 0.02], ["0.02", "0.05", "0.1", "0.2"]),
        ([0.21, 0.29], ["0.2", "0.3"]),
        ([40.0, 0.02], ["0.01", "0.1", "1", "10", "100"]),
    ],
)
def test_the_axis_of_losses_begins_and_ends_with_a_tick(losses, ticks):
    table = pd.DataFrame({"epoch": [1, 2], "loss": losses})
    (ax,) = loss_curves.loss_curves({"EP": {1: table}}).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ticks


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (("nse",), "Basin-averaged NSE loss (–)"),
        (("mse",), "MSE of normalised discharge (–)"),
        (("mse", "nse"), "Loss: NSE, or MSE by model (–)"),
    ],
)
def test_the_axis_says_which_loss_it_shows(used, said):
    table = pd.DataFrame({"epoch": [1, 2], "loss": [0.2, 0.02]})
    (ax,) = loss_curves.loss_curves({"EP": {1: table}, "EP_m": {1: table}}, used).axes
    assert ax.get_ylabel() == said


@pytest.mark.parametrize("models", [PAPER, ["EP"]], ids=["all", "one"])
def test_loss_curves_show_the_validation_beside_the_loss(models, tmp_path):
    inputs = results(tmp_path / "demo", models, basins=2, seeds=2)
    before = draw("loss_curves", inputs)
    for path in inputs.results_folder.rglob("loss.csv"):
        nse = [-2.5, 0.4, 0.6 if "seed1" in str(path) else 0.7]
        pd.read_csv(path).assign(validation_nse=nse).to_csv(path, index=False)
    figure = check("loss_curves", inputs)
    count = len(before.axes)
    assert len(figure.axes) == 2 * count
    for place, (left, right) in enumerate(zip(figure.axes[::2], figure.axes[1::2], strict=True)):
        assert left.get_title(loc="left")[4:] == right.get_title(loc="left")[4:]
        assert left.get_ylabel().startswith("Basin-averaged NSE loss")
        assert right.get_ylabel() == "Validation NSE, median (–)"
        for line, other in zip(left.lines, before.axes[place].lines, strict=True):
            np.testing.assert_array_equal(line.get_xydata(), other.get_xydata())
        mean = right.lines[2]
        assert mean.get_label() == models[0] or place
        np.testing.assert_allclose(mean.get_ydata(), [-2.5, 0.4, 0.65])
        assert right.get_ylim()[0] == 0 < left.get_ylim()[1]
        assert left.get_ylim() != right.get_ylim()


def test_boxplot_prints_failures_and_members(tmp_path):
    inputs = results(tmp_path / "demo", ["EP", "CN"], basins=5, seeds=3, undefined=1)
    tables = inputs.metrics()
    tables["CN"].loc[:2, "nse"] = [-3.0, 0.0, 0.2]
    figure = nse_boxplot.nse_boxplot(tables, inputs.members_medians())
    plot, numbers = figure.axes
    printed = [t.get_text() for t in numbers.texts]
    assert printed[5] == "2"  # failures of CN: NSE of zero counts
    circles = [line for line in plot.lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in circles] == [3, 3]
    title = figure.legends[0].get_title().get_text()
    assert "1 of 5 basins" in title
    assert "not drawn: 1" in title
    assert "members below" not in title
    assert "not drawn" in title
    low = inputs.members_medians()
    low["CN"] = low["CN"] - 3
    title = nse_boxplot.nse_boxplot(tables, low).legends[0].get_title().get_text()
    assert "members below −1.0: 3" in title


def test_variants_look_different_from_each_other_and_from_every_architecture():
    looks = [style.look(code) for code in ("EP", "EP_rate", "EP_long", "EP_a")]
    assert len(set(looks)) == 4
    of_architectures = {architecture.marker for architecture in ARCHITECTURES.values()}
    assert not {look.marker for look in looks[1:]} & of_architectures
    key = [entry.get_label() for entry in style.vector_key(["EP", "EP_rate"])]
    assert key == ["physical descriptors", "(darker: variant)"]


@pytest.mark.parametrize(
    ("nse", "left"),
    [
        ([0.5, 0.6, 0.7, 0.8, -3], 0.0),  # far off, and no part of the whisker
        ([0.0, 0.2, 0.4, 0.6, -0.35], -0.4),
        ([-5, -2, 0.1, 0.4, 0.8], -1.0),
    ],
)
def test_the_axis_of_the_boxes_begins_with_the_whiskers(nse, left):
    table = pd.DataFrame({"basin": list("abcde"), "nse": nse})
    figure = nse_boxplot.nse_boxplot({"EP": table}, {"EP": pd.Series([0.5])})
    assert figure.axes[0].get_xlim() == pytest.approx((left, 1))


def test_hydrograph_basins_and_year():
    nse = pd.DataFrame({"basin": list("abcdefghijk"), "nse": np.arange(11) / 10})
    assert hydrographs.choose(nse) == {"good": "j", "median": "f", "bad": "b"}
    assert hydrographs.choose(nse[:1]) == {"median": "a"}
    assert hydrographs.choose(nse.assign(nse=np.nan)) == {}
    dates = pd.date_range("1989-10-01", "1992-09-30")
    days = pd.DataFrame({"date": dates, "observed": 1.0})
    days.loc[5, "observed"] = np.nan
    days.loc[dates >= "1991-10-01", "observed"] = np.nan
    assert hydrographs.water_year(days) == 1991
    # September closes a water year: 30 days of one against 20 of the next.
    days["observed"] = days["observed"].where(days["date"].between("1990-09-01", "1990-10-20"))
    assert hydrographs.water_year(days) == 1990


def test_each_hydrograph_shows_a_year_with_observations_and_all_models(tmp_path):
    models = ["EO", "CN", "EP", "EG-16", "EG-2"]
    inputs = results(tmp_path / "demo", models, basins=3, seeds=1)
    assert inputs.few() == ["EP", "EG-16", "CN"]
    basins = ["00000001", "00000002", "00000003"]
    days = {model: inputs.predictions(model, basins) for model in inputs.few()}
    for table in days.values():
        gap = (table["basin"] == basins[1]) & (table["date"] < "1990-10-01")
        table["observed"] = table["observed"].mask(gap)
    metrics = inputs.metrics(inputs.few())
    metrics["EP"]["nse"] = [0.1, 0.5, 0.9]
    figure = hydrographs.hydrographs(metrics, days, inputs.daily_precipitation(basins))
    panels = [ax for ax in figure.axes if ax.lines]
    observed = [ax.lines[0] for ax in panels]
    years = [str(line.get_xdata()[0])[:10] for line in observed]
    assert years == ["1989-10-01", "1990-10-01", "1989-10-01"]
    assert all(np.isfinite(line.get_ydata()).any() for line in observed)
    for ax, basin in zip(panels, reversed(basins), strict=True):
        assert [line.get_color() for line in ax.lines[1:]] == [
            style.look(model).colour for model in ("EP", "EG-16", "CN")
        ]
        shown = days["CN"][days["CN"]["basin"] == basin].set_index("date")["simulated"]
        dates = ax.lines[3].get_xdata()
        np.testing.assert_array_equal(ax.lines[3].get_ydata(), shown[dates].clip(lower=0))
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    assert titles[0].startswith("(a) 00000003 (90th percentile of EP): NSE EP 0.90, EG-16 ")
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told[:2] == ["observed", "EP: physical descriptors"]


def test_low_flow_has_room_in_a_hydrograph():
    """On a square-root scale a hundredth of the highest flow stands at a tenth of the axis."""
    ax = Figure().add_subplot()
    ax.plot([0.0, 30.0])
    hydrographs._square_root(ax)
    top = ax.get_ylim()[1]
    heights = ax.transAxes.inverted().transform(ax.transData.transform([(0, top / 100), (0, 0)]))
    assert heights[:, 1] == pytest.approx([0.1, 0.0])
    ticks = ax.get_yticks()
    assert ticks[0] == 0 and len(ticks) > 3 and ticks[-1] <= top


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["CN", "EO", "EG-2", "EP", "EG-8"], ["EP", "EG-8", "CN"]),
        (["CP", "CN"], ["CN"]),
        (["FO", "FP"], ["FO"]),
    ],
)
def test_hydrographs_show_descriptors_random_and_nothing(models, expected):
    assert figures.the_few(models) == expected


def test_projection_gives_the_example_of_snyder():
    """The numerical example of Snyder (1987): 35 N, 75 W on the unit sphere, parallels as here."""
    x, y = maps.project(np.array([-75.0]), np.array([35.0]))
    assert x / maps.RADIUS == pytest.approx(0.2952720, abs=5e-8)
    assert y / maps.RADIUS == pytest.approx(0.2416774, abs=5e-8)


def test_projection_keeps_areas():
    """A square of a hundredth of a degree has its area on the sphere, wherever it lies."""
    side = 0.01
    west, south = np.meshgrid(np.arange(-125.0, -65, 5), np.arange(25.0, 50, 5))
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    x, y = np.array([maps.project(west + dx, south + dy) for dx, dy in corners]).swapaxes(0, 1)
    shoelace = (x * np.roll(y, -1, axis=0) - np.roll(x, -1, axis=0) * y).sum(axis=0) / 2
    band = np.diff(np.sin(np.radians([south, south + side])), axis=0)[0]
    np.testing.assert_allclose(shoelace, maps.RADIUS**2 * np.radians(side) * band, rtol=1e-6)


def test_groups_of_missing_days():
    table = pd.DataFrame(
        {
            "missing_days_train": [0, 0, 30, 30, 365, 365, 0],
            "missing_days_test": [0, 1, 0, 1, 0, 1, 0],
            "used": [True] * 6 + [False],
        }
    )
    none, month, year, more, dropped = data_quality.GROUPS
    expected = [none, month, month, year, year, more, dropped]
    assert data_quality.group(table).tolist() == expected


def climate_of(inputs):
    return inputs.descriptors()[list(inputs.climate)]


def test_map_shows_every_basin_that_has_coordinates(paper):
    basins = basin_table(list("abcdefgh"), np.random.default_rng(1))
    basins.loc[[2, 5, 6], "used"] = False
    basins.loc[[5, 6], ["gauge_lat", "gauge_lon"]] = np.nan
    figure = data_quality.data_quality(basins, climate_of(paper), real=True)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [
        "none: 0",
        "up to 30: 1",
        "31 to 365: 2",
        "more than 365: 2",
        "basin dropped: 3",
    ]
    assert "(2 without coordinates, not drawn)" in legend.get_title().get_text()
    groups = figure.axes[0].lines[-5:]
    assert [np.isfinite(line.get_xdata()).sum() for line in groups] == [0, 1, 2, 2, 1]
    x, y = maps.project(basins["gauge_lon"][2], basins["gauge_lat"][2])
    assert (x, y) in zip(*groups[-1].get_data(), strict=True)
    assert len(figure.axes[0].lines) > 48  # the borders of the states


def test_a_map_of_another_place_has_no_borders_and_no_climate_where_there_is_none(paper):
    basins = basin_table(list("abcd"), np.random.default_rng(1))
    basins["gauge_lat"], basins["gauge_lon"] = [46.0, 47.0, 46.5, 46.5], [7.0, 7.0, 7.0, 9.0]
    figure = data_quality.data_quality(basins, None, real=True)
    (ax,) = figure.axes
    assert len(ax.lines) == len(data_quality.GROUPS)
    x, y = maps.place(ax, basins["gauge_lon"], basins["gauge_lat"])
    assert y[1] - y[0] == pytest.approx(111.2, abs=0.1)  # km of a degree of latitude
    assert x[3] - x[2] == pytest.approx(2 * 111.2 * np.cos(np.radians(46.5)), abs=0.2)


def test_virtual_catchments_get_bars_and_no_map(paper):
    figure = check("data_quality", replace(paper, real=False))
    left = figure.axes[0]
    assert not left.lines and left.get_legend() is None
    assert [bar.get_width() for bar in left.patches] == [0, 1, 3, 2, 0]
    climate = figure.axes[1].collections[0].get_offsets()
    np.testing.assert_array_equal(climate, paper.descriptors()[["aridity", "frac_snow"]])


def test_basins_without_coordinates_get_bars_too(paper, monkeypatch):
    nowhere = paper.basins().assign(gauge_lat=np.nan, gauge_lon=np.nan)
    monkeypatch.setattr(type(paper), "basins", lambda _: nowhere)
    assert len(data_quality.make(replace(paper, real=True)).axes[0].patches) == 5


def test_similar_basins_have_ticks_too(paper):
    """All of them between two powers of two, and signed seasonality is white at zero."""
    climate = climate_of(paper).assign(aridity=np.linspace(1.2, 1.3, 6))
    figure = data_quality.data_quality(paper.basins(), climate, real=False)
    check_panels(figure)
    low, high = figure.axes[1].get_xlim()
    assert sum(low <= tick <= high for tick in figure.axes[1].get_xticks()) >= 2
    points = figure.axes[1].collections[0]
    assert points.norm.vmin == -points.norm.vmax
    assert min(points.to_rgba(0.0)[:3]) > 0.95


def test_letters_are_for_several_panels():
    figure = Figure()
    axes = figure.subplots(1, 3)
    axes[1].set_title("Other", loc="left")
    style.letters(axes)
    assert [ax.get_title(loc="left") for ax in axes] == ["(a)", "(b) Other", "(c)"]
    style.letters(axes[:1])
    assert axes[0].get_title(loc="left") == "(a)"


def test_the_key_shows_each_kind_of_vector_once_in_its_colour():
    key = style.vector_key(["CN", "EG-256", "EP", "CG-16", "FG-256_corrected", "FP"])
    *key, variant = key
    assert variant.get_label() == "(darker: variant)"
    told = {patch.get_label(): patch.get_facecolor()[:3] for patch in key}
    assert told == {
        "physical descriptors": pytest.approx(to_rgb(style.look("EP").colour)),
        "Gaussian vector (darker: longer)": pytest.approx(to_rgb(style.look("EG-256").colour)),
        "no static vector": pytest.approx(to_rgb(style.look("CN").colour)),
    }
    assert [patch.get_label() for patch in style.vector_key(["EG-16"])] == ["Gaussian vector"]


def test_every_model_is_told_apart_also_in_grey():
    codes = [*PAPER, "EG-2", "EG-256", "CG-64", "FG-512", "EM-512"]
    looks = {code: style.look(code) for code in codes}
    grey = {
        c: round(float(np.dot(to_rgb(k.colour), [0.3, 0.59, 0.11])), 2) for c, k in looks.items()
    }
    assert len({(k.line, k.marker, grey[code]) for code, k in looks.items()}) == len(codes)
    assert style.look("EG-16").colour == style.look("CG-16").colour


def test_the_registry_imports_no_matplotlib():
    """Snakemake reads it at every start."""
    code = "import sys, randvec.figures.files; sys.exit('matplotlib' in sys.modules)"
    package = Path(figures.__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=package)


def test_unknown_names():
    with pytest.raises(InputError):
        style.look("XY")


@pytest.mark.parametrize("name", sorted(path.stem for path in REPORT.glob("*.rst")))
@pytest.mark.parametrize(
    ("source", "kind"), [("virtual", "data_length"), ("camels_us", "fewer_basins"), ("virtual", "")]
)
def test_captions_are_valid(name, source, kind):
    config = {
        "dataset": {
            "name": "demo",
            "source": source,
            "forcings": ["prcp", "vp"],
            "descriptors": {"climate": ["p_mean"], "soil": ["slope", "depth"]},
        },
        "periods": {"train": ["1999-10-01", "2008-09-30"], "test": ["1989-10-01", "1999-09-30"]},
        "models": ["EP", "CN"],
        "seeds": [1, 2],
        "experiments": {"data_length": {"kind": "data_length"}} if source == "virtual" else {},
    }
    params = SimpleNamespace(
        module="randvec.figures.new",
        kind=kind,
        experiment="own_name",
        published=source == "camels_us",
        loss=("nse",) if kind else ("mse", "nse"),
        descriptors={"precipitation": "prcp" if kind else ""},
    )
    # As Snakemake renders them.
    template = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    ).from_string((REPORT / f"{name}.rst").read_text())
    text = template.render(snakemake=SimpleNamespace(config=config, params=params), files=[])
    html = docutils.core.publish_parts(
        text, writer="html", settings_overrides={"halt_level": 2, "report_level": 2}
    )["body"]
    assert len(html) > 150
    assert "{" not in html
    assert not re.search(r"\b27\b", html)  # there are three
    assert ("Bars hanging" in html) == (name == "hydrographs" and bool(kind))
    if name == "workflow":
        assert ("virtual catchments" in html) == (source == "virtual")
        assert ("data length" in html) == (source == "virtual")


def test_every_figure_has_a_caption():
    modules = [*(f.module for f in figures.FIGURES.values()), *(k.figure for k in KINDS.values())]
    assert all((REPORT / f"{module.rpartition('.')[2]}.rst").is_file() for module in modules)


@pytest.mark.parametrize(("real", "marked"), [(True, {"EP", "CP", "CN"}), (False, set())])
def test_published_medians_are_marked_on_real_basins_alone(paper, real, marked):
    figure = draw("nse_boxplot", replace(paper, published=real))
    diamonds = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    rows = {labels[round(line.get_ydata()[0] + 0.08)]: line.get_xdata()[0] for line in diamonds}
    assert rows == {p.nearest_model: p.nse_median for p in PUBLISHED if p.nearest_model in marked}
    said = " ".join(text.get_text() for text in figure.legends[0].get_texts())
    assert ("Kratzert et al. 2019: 531 basins" in said) == real


def test_basins_without_coordinates_are_drawn_on_no_map_of_a_country():
    ax = Figure().add_subplot()
    nowhere = np.full(3, np.nan)
    assert np.isnan(maps.place(ax, nowhere, nowhere)).all()
    assert not ax.lines
