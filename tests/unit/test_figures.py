"""Figures from small made-up results: size, content, same bytes, odd inputs."""

import importlib
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
from figure_checks import check, check_texts, draw
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from randvec import figures
from randvec.comparison.published import PUBLISHED
from randvec.data.basins import write_basins
from randvec.errors import InputError
from randvec.evaluation import ensemble, metrics
from randvec.evaluation.predictions import write_predictions
from randvec.experiments import KINDS
from randvec.figures import data_quality, hydrographs, maps, nse_boxplot, style
from randvec.figures.files import files_needed
from randvec.figures.inputs import FigureInputs

REPORT = Path(__file__).parents[2] / "workflow" / "report"
#: Figures of any models in the main comparison; the others have tests of their own.
MAIN = [name for name, entry in figures.FIGURES.items() if not (entry.experiment or entry.compares)]
#: Those of them that one model is enough for.
OF_ONE_MODEL = [name for name in MAIN if not figures.FIGURES[name].against_descriptors]
GREY = [0.299, 0.587, 0.114]  # luminance of red, green and blue
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
def test_paper(name, paper, tmp_path):
    check(name, paper, tmp_path)


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


@pytest.mark.parametrize("name", MAIN)
def test_same_bytes(name, tmp_path):
    inputs = results(tmp_path / "demo", ["EP", "CN"], basins=4, seeds=2)
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        style.save(draw(name, inputs), folder / name)
    for ending in ("png", "pdf"):
        first, second = (tmp_path / k / f"{name}.{ending}" for k in "ab")
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", OF_ONE_MODEL)
@pytest.mark.parametrize("undefined", [0, 1])
def test_one_model_of_one_basin(name, undefined, tmp_path):
    check(name, results(tmp_path / "demo", ["FG-2"], 1, 1, undefined), tmp_path)


@pytest.mark.parametrize("name", MAIN)
def test_needs_name_every_file_that_is_read(name, paper, monkeypatch):
    """A figure can be drawn with nothing at hand but what the registry says it needs."""
    folder = str(paper.results_folder)
    named = [("full", model) for model in paper.models]
    allowed = set(files_needed(figures.FIGURES[name], folder, named, paper.seeds, 27))
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
    assert [ax.get_title(loc="left")[:7] for ax in figure.axes] == [
        "EA-LSTM",
        "CT-LSTM",
        "SR-LSTM",
        "FM-LSTM",
    ]
    labels = [[t.get_text() for t in ax.get_legend().get_texts()] for ax in figure.axes]
    assert all(texts[0].startswith("CN ") for texts in labels)
    nse = paper.metrics()["EP"]["nse"].dropna()
    assert f"EP  {nse.median():.2f} (0%)" in labels[0]
    curve = figure.axes[0].lines[3]  # after CN's curve, median and legend entry
    assert curve.get_color() == style.look("EP").colour
    assert curve.get_drawstyle() == "steps-post"
    np.testing.assert_array_equal(curve.get_xdata()[1:-1], np.sort(nse))
    np.testing.assert_allclose(curve.get_ydata()[:-1], np.arange(6) / 5)
    assert "1 of 6 basins" in figure._supxlabel.get_text()


@pytest.mark.parametrize("models", [PAPER, ["EP"]], ids=["all", "one"])
def test_loss_curves_show_the_validation_beside_the_loss(models, tmp_path):
    inputs = results(tmp_path / "demo", models, basins=2, seeds=2)
    before = draw("loss_curves", inputs)
    for path in inputs.results_folder.rglob("loss.csv"):
        nse = [-2.5, 0.4, 0.6 if "seed1" in str(path) else 0.7]
        pd.read_csv(path).assign(validation_nse=nse).to_csv(path, index=False)
    figure = check("loss_curves", inputs, tmp_path)
    count = len(before.axes)
    assert len(figure.axes) == 2 * count
    for place, (left, right) in enumerate(zip(figure.axes[::2], figure.axes[1::2], strict=True)):
        assert left.get_title(loc="left") == right.get_title(loc="left")
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


def test_each_hydrograph_shows_a_year_with_observations(tmp_path):
    inputs = results(tmp_path / "demo", ["EP"], basins=3, seeds=1)
    basins = ["00000001", "00000002", "00000003"]
    days = inputs.predictions("EP", basins)
    gap = (days["basin"] == basins[1]) & (days["date"] < "1990-10-01")
    days["observed"] = days["observed"].mask(gap)
    metrics = inputs.metrics()["EP"].assign(nse=[0.1, 0.5, 0.9])
    members, rain = inputs.members("EP", basins), inputs.precipitation(basins)
    figure = hydrographs.hydrographs("EP", metrics, days, members, rain)
    observed = [ax.lines[0] for ax in figure.axes if ax.lines]
    years = [str(line.get_xdata()[0])[:10] for line in observed]
    assert years == ["1989-10-01", "1990-10-01", "1989-10-01"]
    assert all(np.isfinite(line.get_ydata()).any() for line in observed)


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


def test_virtual_catchments_get_bars_and_no_map(paper, tmp_path):
    figure = check("data_quality", replace(paper, real=False), tmp_path)
    left = figure.axes[0]
    assert not left.lines and left.get_legend() is None
    assert [bar.get_width() for bar in left.patches] == [0, 1, 3, 2, 0]
    climate = figure.axes[1].collections[0].get_offsets()
    np.testing.assert_array_equal(climate, paper.descriptors()[["aridity", "frac_snow"]])


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
        "dataset": {"name": "demo", "source": source, "forcings": ["prcp", "vp"]},
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
