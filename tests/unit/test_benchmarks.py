"""The benchmark runs, and what it compares computes the same."""

import logging
import sys
import warnings
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from figure_checks import check_texts

from benchmarks import interface
from benchmarks.__main__ import main
from benchmarks.arithmetic import MatrixProduct, operations
from benchmarks.cases import ARCHITECTURES, ONE_HOT, SIZES, Case, cases
from benchmarks.data import load, make, settings
from benchmarks.ours import Ours
from benchmarks.plain import Plain, PlainNetwork
from benchmarks.plot import plot
from benchmarks.report import PEERS
from benchmarks.worker import CONTENDERS
from randvec.config_schema import complete
from randvec.models.build import from_settings
from randvec.models.layers import Dropout
from randvec.training.loss import nse_weights, weighted_squared_error

REPOSITORY = Path(__file__).parents[2]
#: In the order of their gates: ours i, f, o, g; torch's i, f, g, o.
TORCH_ORDER = [0, 1, 3, 2]


def tiny(architecture, predicted_days=1):
    return Case("tiny", architecture, 3, 12, predicted_days, 4, 16, updates=2, basins=2)


predicted_days = pytest.mark.parametrize("predicted_days", [1, 5])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark")
    make(path, basins=4)
    return path


@pytest.fixture
def peer_class():
    """Their contender; what it changes in this process is put back."""
    pytest.importorskip("neuralhydrology")
    hook, handlers, level = sys.excepthook, logging.root.handlers[:], logging.root.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from benchmarks.peer import Peer

        yield Peer
    sys.excepthook, logging.root.handlers[:] = hook, handlers
    logging.root.setLevel(level)
    logging.disable(logging.NOTSET)


def gradients(network, output):
    weights = output.numel() + torch.arange(output.numel())
    (output.flatten() * weights.cos()).sum().backward()
    return {name: value.grad for name, value in network.named_parameters()}


@predicted_days
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_plain_network_is_the_same_network(architecture, predicted_days):
    case = tiny(architecture)
    torch.manual_seed(1)
    ours = from_settings(architecture, case.static_size, settings(case)).double().eval()
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    plain = PlainNetwork(architecture, ours, predicted_days).eval()
    forcing = torch.randn(case.days, 7, 5, dtype=torch.float64)
    statics = torch.randn(7, case.static_size, dtype=torch.float64)
    expected = ours(forcing, statics, days=predicted_days).t()
    found = plain(forcing.transpose(0, 1), statics)
    assert found.shape == (7, predicted_days)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    by_ours, by_plain = gradients(ours, expected), gradients(plain, found)
    # The gradients, in the plain network's arrangement of the weights.
    for name, parameter in ours.named_parameters():
        parameter.data = by_ours[name]
    for name, value in PlainNetwork(architecture, ours, predicted_days).named_parameters():
        torch.testing.assert_close(by_plain[name], value.detach(), rtol=0, atol=1e-11)


@predicted_days
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_plain_loop_predicts_the_same_days_and_makes_the_same_update(
    architecture, predicted_days, folder, monkeypatch
):
    monkeypatch.setattr(torch.nn.functional, "dropout", lambda state, *_: state)
    monkeypatch.setattr(Dropout, "forward", lambda _, state: state)
    case = replace(tiny(architecture, predicted_days), updates=1)
    data = load(folder, case)
    ours, plain = Ours(case, data), Plain(case, data)
    before = PlainNetwork(architecture, ours.network, predicted_days).state_dict()
    plain.network.load_state_dict(before)
    simulated = ours.predict()["simulated"].to_numpy()
    np.testing.assert_allclose(plain.predict().ravel(), simulated, rtol=0, atol=1e-4)
    assert simulated.std() > 0.01
    assert ours.train() == plain.train() == 16
    after = PlainNetwork(architecture, ours.network, predicted_days).state_dict()
    for name, value in plain.network.state_dict().items():
        torch.testing.assert_close(value, after[name], rtol=0, atol=1e-5)
    assert (after["recurrent_weight"] - before["recurrent_weight"]).abs().max() > 5e-4
    # 103 windows of 5 days are the fewest that have 512 days.
    assert ours.evaluate() == plain.evaluate() == 2 * {1: 512, 5: 103}[predicted_days]


@predicted_days
@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm"])
def test_neuralhydrology_computes_the_same(architecture, predicted_days, folder, peer_class):
    case = tiny(architecture, predicted_days)
    data = load(folder, case)
    peer = peer_class(case, data)
    theirs = peer.trainer.model.double().eval()
    ours = from_settings(architecture, case.static_size, settings(case)).double().eval()
    ours.load_state_dict(their_weights(theirs, architecture))
    batch = next(iter(peer.trainer.loader))
    forcing = torch.cat(list(batch["x_d"].values()), dim=2).double()
    statics = batch["x_s"].double()
    expected = ours(forcing.transpose(0, 1), statics, days=predicted_days).t()
    given = {"x_d": {name: v.double() for name, v in batch["x_d"].items()}, "x_s": statics}
    found = theirs(given)["y_hat"][:, -predicted_days:, 0]
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    # Their loss is that of the last days as well, and missing discharge does not count.
    of_loss = {"y_hat": theirs(given)["y_hat"]}
    total, _ = peer.trainer.loss_obj(of_loss, batch)
    observed = batch["y"][:, -predicted_days:, 0].t()
    weights = nse_weights(batch["per_basin_target_stds"].flatten())
    by_ours = weighted_squared_error(expected.t(), observed, weights)
    torch.testing.assert_close(total.item(), by_ours.item(), rtol=1e-6, atol=0)


def their_weights(theirs, architecture):
    """Their weights under our names."""
    weights = {name: value.detach() for name, value in theirs.named_parameters()}
    head = {f"head.{kind}": weights[f"head.net.0.{kind}"] for kind in ("weight", "bias")}
    if architecture == "ea_lstm":
        return head | {
            "input_weight": weights["dynamic_gates.weight_ih"].T,
            "recurrent_weight": weights["dynamic_gates.weight_hh"].T,
            "static_weight": weights["input_gate.weight"],
            "bias": torch.cat([weights["input_gate.bias"], weights["dynamic_gates.bias"]]),
        }
    ordered = {
        name: torch.cat([weights[f"lstm.{name}_l0"].chunk(4)[gate] for gate in TORCH_ORDER])
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    return head | {
        "input_weight": ordered["weight_ih"][:, :5],
        "static_weight": ordered["weight_ih"][:, 5:],
        "recurrent_weight": ordered["weight_hh"],
        "bias": ordered["bias_ih"] + ordered["bias_hh"],
    }


@predicted_days
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_neuralhydrology_sees_the_same_windows_and_days(
    architecture, predicted_days, folder, peer_class
):
    case = tiny(architecture, predicted_days)
    data = load(folder, case)
    peer = peer_class(case, data)
    assert peer.all_samples == len(data.samples)
    dataset = peer.trainer.loader.dataset
    basins, days = np.divmod(data.samples[data.chosen].numpy(), len(data.cube.dates))
    assert len(dataset) == len(basins) == 32
    for index, (basin, day) in enumerate(zip(basins, days, strict=True)):
        assert dataset.lookup_table[index][0] == data.cube.basins[basin]
        expected = data.cube.dates[day - case.days + 1 : day + 1]
        np.testing.assert_array_equal(dataset[index]["date"], expected)
    assert peer.train() == 32
    assert peer.evaluate() == 2 * {1: 512, 5: 103}[predicted_days]


@predicted_days
def test_neuralhydrology_predicts_the_same_days(predicted_days, folder, peer_class):
    case = tiny("ea_lstm", predicted_days)
    data = load(folder, case)
    ours = Ours(case, data).predict()
    theirs = peer_class(case, data).predict()
    assert set(theirs) == set(ours["basin"])
    for basin, table in ours.groupby("basin"):
        windows = theirs[basin]["1D"]["xr"].isel(date=slice(None, None, predicted_days))
        last, ago = windows["date"].to_numpy()[:, None], windows["time_step"].to_numpy()
        dates = last + ago * np.timedelta64(1, "D")
        np.testing.assert_array_equal(dates.ravel(), table["date"].to_numpy("datetime64[ns]"))
        observed = windows["QObs(mm/d)_obs"].to_numpy().ravel()
        np.testing.assert_allclose(observed, table["observed"], rtol=0, atol=1e-4)
        assert np.isfinite(windows["QObs(mm/d)_sim"]).all()


def test_operations_are_counted_as_by_hand():
    case = Case("hand", "ct_lstm", 7, 3, 1, hidden=2, batch=1, updates=1, basins=1)
    gates_from_state, gates_from_forcing, gates_from_statics = 2 * 8 * 2, 2 * 8 * 5, 2 * 8 * 7
    forward = 3 * (gates_from_state + gates_from_forcing)
    expected = forward + gates_from_statics  # there
    expected += forward + gates_from_statics  # gradients of the weights
    expected += 3 * gates_from_state  # gradients of the hidden states
    assert operations(case) == {"train": expected, "evaluate": forward}


@predicted_days
def test_the_matrix_products_are_the_arithmetic_of_a_round_without_statics(predicted_days, folder):
    case = tiny("ea_lstm", predicted_days)
    data = load(folder, case)
    products, ours = MatrixProduct(case, data), Ours(case, data)
    assert products.evaluate() == operations(case)["evaluate"] * ours.evaluate()
    day = 2 * 3 * case.hidden * (case.hidden + 5)
    assert products.train() == case.updates * case.batch * case.days * 3 * day


def test_the_cases_are_every_architecture_in_every_size():
    for on_gpu in (False, True):
        found = {(case.size, case.architecture, case.static_size) for case in cases(on_gpu)}
        assert len(found) == len(cases(on_gpu)) == 3 * 4 * 2 + 1 + 2 * 4
        assert ("paper", "ct_lstm", ONE_HOT) in found
        for size in SIZES:
            assert {found[1] for found in found if found[0] == size} == set(ARCHITECTURES)


def test_a_size_named_like_a_configuration_is_that_configurations(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    schema = yaml.safe_load(Path("workflow/schemas/config.schema.yaml").read_text())
    names = {path.stem for path in Path("config").glob("*.yaml")} & set(SIZES)
    assert names == {"paper", "laptop", "overnight"}
    keys = ("sequence_length", "predicted_days", "hidden", "batch_size")
    for name in names:
        given = yaml.safe_load(Path(f"config/{name}.yaml").read_text())
        training = complete(given, schema)["training"]
        assert SIZES[name] == tuple(training[key] for key in keys)
    assert not {"demo", "virtual", "config"} & set(SIZES)


def test_the_figure_of_all_cases_can_be_read(tmp_path):
    rows = [
        {**asdict(case), "work": work, "contender": name}
        for case in cases(on_gpu=False)
        for work in ("training", "evaluation")
        for name in PEERS
    ]
    table = pd.DataFrame(rows).assign(ratio=2.0, ratio_lowest=0.6, ratio_highest=19.0)
    check_texts(plot(table, tmp_path / "speed.png"))


def test_the_command_measures_every_contender_and_writes_its_files(tmp_path):
    case = replace(tiny("sr_lstm_ea", 4), size="laptop")
    main([case], rounds=1, output=tmp_path)
    table = pd.read_csv(tmp_path / "speed.csv")
    names = ["randvec", "plain loop", "neuralhydrology"]
    assert set(names) == set(CONTENDERS) - {"matrix product"}
    assert table["contender"].tolist() == 2 * names
    assert table["work"].tolist() == 3 * ["training"] + 3 * ["evaluation"]
    numbers = table.select_dtypes("number")
    assert (numbers > 0).all(axis=None)
    assert (table[table["contender"] == "randvec"]["ratio"] == 1).all()
    days = table["windows_per_second"] * 4
    pd.testing.assert_series_equal(table["days_per_second"], days, check_names=False, rtol=1e-3)
    # With a single round, a ratio is the quotient of two speeds.
    speed = table.set_index(["work", "contender"])["windows_per_second"]
    ratio = table.set_index(["work", "contender"])["ratio"]
    for work in ("training", "evaluation"):
        quotient = speed[work, "randvec"] / speed[work, "plain loop"]
        assert ratio[work, "plain loop"] == pytest.approx(quotient, rel=1e-3)
    text = (tmp_path / "speed.md").read_text()
    assert text.count("| laptop | SR-LSTM_EA | 3 |") == 3
    assert "| laptop | 365 | 180 | 64 | 32 |" in text
    assert (tmp_path / "speed.png").stat().st_size > 20_000


def test_preparing_many_basins_is_measured_step_by_step():
    preparing = pytest.importorskip("benchmarks.preparing", exc_type=ImportError)
    table = preparing.main(20).set_index(["step", "basins"])
    assert list(table.index) == [("prepare", 2), ("member", 2), ("prepare", 20), ("member", 20)]
    assert table["result_mb"]["member", 20] == pytest.approx(20 * 14_975 * 6 * 4 / 1e6)
    assert (table["peak_memory_mb"] > 50).all() and (table["seconds"] > 0).all()
    assert table["memory_ratio"].tolist()[:2] == [1, 1]


def test_simulating_from_python_is_held_against_the_job():
    table = interface.main(2)
    assert table["ratio"].to_numpy() == pytest.approx(table["interface"] / table["job"])
    assert len(table) == interface.ROUNDS
