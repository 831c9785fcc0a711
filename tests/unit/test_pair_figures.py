"""Figures that hold a Gaussian vector against physical descriptors, from made-up results."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from figure_checks import check, check_saved, draw, vector_of
from matplotlib.colors import to_rgb

from randvec import figures
from randvec.descriptors import PAPER
from randvec.evaluation.metrics import METRICS, write_metrics
from randvec.figures import aridity, input_gate, map_nse, maps, style
from randvec.figures.files import files_needed
from randvec.figures.inputs import FigureInputs
from randvec.figures.paired import paired
from randvec.models import recurrence
from randvec.models.ea_lstm import EALSTM
from randvec.training.checkpoint import save_weights

NAMES = [name for name, entry in figures.FIGURES.items() if entry.compares]
MODELS = ["CN", "EG-256", "EP", "EG-2"]  # the pair are EP and EG-256


def results(root: Path, basins: int, undefined: int = 0) -> FigureInputs:
    """Write what the figures read; the last `undefined` basins have no NSE."""
    rng = np.random.default_rng(1)
    names = [f"{k:08d}" for k in range(1, basins + 1)]
    for model in MODELS:
        nse = 1 - rng.gamma(2, 0.15, basins)
        nse[basins - undefined :] = np.nan
        folder = root / f"ensembles/full/{model}"
        folder.mkdir(parents=True)
        write_metrics(scores(names, nse), folder / "metrics.csv")
    places = {"gauge_lat": rng.uniform(26, 48, basins), "gauge_lon": rng.uniform(-124, -68, basins)}
    pd.DataFrame({"basin": names, **places}).to_csv(root / "basins.csv", index=False)
    climate = {"basin": names, "aridity": np.exp(rng.normal(0, 0.8, basins))}
    pd.DataFrame(climate).to_parquet(root / "descriptors.parquet")
    (root / "vectors").mkdir()
    torch.manual_seed(1)
    for model, vector, size in (("EP", "physical", 27), ("EG-256", "gaussian-256-s3", 256)):
        table = pd.DataFrame(
            rng.normal(size=(basins, size)), columns=[f"x{k}" for k in range(size)]
        )
        table.insert(0, "basin", names)
        table.to_parquet(root / f"vectors/{vector}.parquet")
        network = EALSTM(5, size, hidden=16, dropout=0, forget_bias=3)
        torch.nn.init.normal_(network.bias)
        save_weights(network.state_dict(), root / f"members/full/{model}/seed3/weights.safetensors")
    return FigureInputs(root, MODELS, [3])


def scores(names, nse) -> pd.DataFrame:
    return pd.DataFrame({"basin": names, **dict.fromkeys(METRICS, nse), "days": 100})


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return results(tmp_path_factory.mktemp("many") / "demo", basins=531, undefined=2)


@pytest.mark.parametrize("name", NAMES)
def test_many_basins(name, many):
    check(name, many)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("basins", "undefined"), [(24, 0), (2, 0), (1, 0), (1, 1)])
def test_few_basins(name, basins, undefined, tmp_path):
    check(name, results(tmp_path / "demo", basins, undefined))


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes_from_nothing_but_the_files_that_it_needs(name, tmp_path):
    inputs = results(tmp_path / "demo", basins=5)
    cells = [("full", model) for model in MODELS]
    for path in files_needed(
        figures.FIGURES[name], str(tmp_path / "demo"), cells, inputs.seeds, vector_of
    ):
        copied = tmp_path / "copy" / Path(path).relative_to(tmp_path / "demo")
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    copy = FigureInputs(tmp_path / "copy", MODELS, inputs.seeds)
    check_saved(name, inputs, copy, tmp_path)


def test_the_gates_are_those_of_the_vectors_that_the_members_saw(tmp_path):
    inputs = results(tmp_path / "demo", basins=5)
    vectors = inputs.results_folder / "vectors"
    (vectors / "gaussian-256-s3.parquet").rename(vectors / "gaussian-256-s7.parquet")
    drawn = draw("input_gate", dataclasses.replace(inputs, vector_seed=7))
    assert len(drawn.axes) >= 2


@pytest.mark.parametrize(
    ("models", "source", "expected"),
    [
        (["EP", "CN", "EG-2"], "camels_us", ["map_nse", "aridity", "input_gate"]),
        (["EP", "CN", "EG-2"], "virtual", ["aridity", "input_gate"]),
        (["EP", "CG-2", "PEA", "REA"], "camels_us", []),
        (["CP", "EG-2", "FP"], "camels_us", []),
    ],
)
def test_they_apply_where_there_is_a_pair_and_a_map(models, source, expected):
    dataset = {"source": source, "descriptors": PAPER}
    config = {"models": models, "dataset": dataset, "experiments": {}}
    assert [name for name in figures.of_configuration(config) if name in NAMES] == expected


PAIR = {
    "EP": scores(list("abcdef"), [0.5, 0.5, -0.5, 0.0, 0.9, np.nan]),
    "EG-4": scores(list("fedcba"), [0.5, 0.3, 0.4, -0.505, 0.508, 0.6]),
}
ARIDITY = pd.Series([0.1, 0.5, 1, 2, 7, 1], index=list("abcdef"))


def test_outcomes_pair_the_basins_by_name():
    both = paired(PAIR)
    assert both.nse.index.tolist() == list("abcde")
    np.testing.assert_allclose(both.difference, [0.1, 0.008, -0.005, 0.4, -0.6])
    counted = {name: here.index[here].tolist() for name, here in both.outcomes().items()}
    assert counted == {
        "EG-4 better": ["a", "d"],
        "within 0.01": ["b", "c"],
        "EP better": ["e"],
    }


def test_map_shows_each_basin_in_its_place_and_colour():
    basins = pd.DataFrame({"basin": list("gfedcba")})
    basins["gauge_lon"] = np.linspace(-120, -80, 7)
    basins["gauge_lat"] = np.linspace(30, 45, 7)
    figure = map_nse.map_nse(PAIR, basins)
    left, right, *_ = figure.axes
    drawn = [collection for ax in (left, right) for collection in ax.collections]
    assert [len(c.get_offsets()) for c in drawn] == [3, 2, 2, 2, 1]
    assert drawn[1].get_array().tolist() == [-0.5, 0.0]  # failures have a marker of their own
    assert drawn[4].get_array().tolist() == pytest.approx([-0.6])
    e = basins[basins["basin"] == "e"]
    np.testing.assert_allclose(
        drawn[4].get_offsets()[0], np.ravel(maps.project(e["gauge_lon"], e["gauge_lat"]))
    )
    labels = [ax.get_xlabel() for ax in figure.axes[2:]]
    assert "○ NSE > 0: 3" in labels[0] and "▽ NSE ≤ 0: 2" in labels[0]
    assert "△ EG-4 better: 2    ○ within 0.01: 2    ▽ EP better: 1" in labels[1]
    assert left.get_title(loc="left") == "(a) EP: median 0.500"
    assert right.get_title(loc="left") == "(b) EG-4 − EP: median 0.008"


def test_a_map_tells_how_many_basins_it_can_not_show():
    basins = pd.DataFrame({"basin": list("abcdefg"), "gauge_lon": -90.0, "gauge_lat": 40.0})
    basins.loc[:1, ["gauge_lon", "gauge_lat"]] = np.nan
    note = map_nse.map_nse(PAIR, basins).get_supxlabel()
    assert note.endswith("of 6 basins; 2 without coordinates, not drawn")


def test_colours_of_the_difference_are_white_at_zero_and_even():
    assert map_nse.DIFFERENCE(0) == 0.5
    assert min(map_nse.DIVERGING(0.5)[:3]) > 0.98
    assert map_nse.DIVERGING(0.0)[:3] == pytest.approx(to_rgb(style.look("EP").colour), abs=0.01)


def test_scatter_draws_basins_beyond_the_axes_at_their_edge():
    figure = aridity.aridity_scatter(PAIR, ARIDITY)
    left, right, bar = figure.axes
    beyond, inside = left.collections
    assert sorted(map(tuple, beyond.get_offsets())) == [(-0.2, -0.2)]
    assert sorted(map(tuple, inside.get_offsets())) == [
        (0.0, 0.4),
        (0.5, 0.508),
        (0.5, 0.6),
        (0.9, 0.3),
    ]
    assert sorted(inside.get_array()) == [0.1, 0.5, 2, 7]
    assert left.lines[0].get_xydata().tolist() == [[-0.2, -0.2], [1, 1]]
    assert left.get_title(loc="left") == "(a) EG-4 better: 2, EP better: 1,\nwithin 0.01: 2"
    # Beyond are a (too humid) and e (too arid, and too bad); d is just inside.
    moved = sorted(right.collections[0].get_offsets().tolist())
    np.testing.assert_allclose(moved, [(0.2, 0.1), (6.0, -0.4)])
    note = figure.get_supxlabel()
    assert note == (
        "NSE undefined and left out: 1 of 6 basins; squares lie beyond the axes: 1 left, 2 right"
    )
    assert [text.get_text() for text in bar.get_yticklabels()] == ["0.25", "0.5", "1", "2", "4"]


def test_gate_is_what_the_network_computes(many, monkeypatch):
    weights, vectors = many.weights("EG-256", 3), many.vectors("EG-256", 3)
    network = EALSTM(5, 256, hidden=16, dropout=0, forget_bias=3)
    network.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    seen = []

    def spy(*arguments):
        seen.append(arguments[4])
        return recurrence.plain(*arguments)

    monkeypatch.setattr(recurrence, "fast", spy)
    statics = torch.tensor(vectors.drop(columns="basin").to_numpy(), dtype=torch.float32)
    with torch.no_grad():
        network(torch.zeros(2, len(statics), 5), statics)
    gate = input_gate.input_gate(weights, vectors)
    assert gate.index.tolist() == vectors["basin"].tolist()
    np.testing.assert_allclose(gate, seen[0], atol=1e-5)


def test_components_keep_the_most_variance_in_order():
    rng = np.random.default_rng(3)
    table = rng.normal(size=(40, 5)) @ rng.normal(size=(5, 5)) + 7
    found, shares = input_gate.principal_components(table)
    variances = np.sort(np.linalg.eigvalsh(np.cov(table.T)))[::-1]
    np.testing.assert_allclose(found.var(axis=0, ddof=1), variances[:2])
    np.testing.assert_allclose(shares, variances[:2] / variances.sum())
    assert abs(found[:, 0] @ found[:, 1]) < 1e-9
    # Neither the order of the rows nor the way of computing decides the sign.
    order = rng.permutation(40)
    again, _ = input_gate.principal_components(table[order])
    np.testing.assert_allclose(again, found[order])


def test_points_of_the_embedding_are_the_components(many):
    figure = draw("input_gate", many)
    for ax, model in zip(figure.axes, ["EP", "EG-256"], strict=False):
        gate = input_gate.input_gate(many.weights(model, 3), many.vectors(model, 3))
        scores, shares = input_gate.principal_components(gate.to_numpy())
        points = ax.collections[0]
        np.testing.assert_allclose(points.get_offsets(), scores)
        assert ax.get_xlabel() == f"Component 1: {shares[0]:.0%} of the variance"
        assert ax.get_title(loc="left")[4:] == f"{model}, member 3: 16 gates"
        aridity_by_basin = many.descriptors().set_index("basin")["aridity"]
        np.testing.assert_array_equal(points.get_array(), aridity_by_basin[gate.index])
