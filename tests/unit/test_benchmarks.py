"""The benchmark runs, and what it compares computes the same."""

import logging
import sys
import warnings
from dataclasses import replace

import pandas as pd
import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.arithmetic import operations
from benchmarks.cases import ONE_HOT, Case, cases
from benchmarks.data import load, make, settings
from benchmarks.ours import Ours
from benchmarks.plain import Plain, PlainNetwork
from benchmarks.worker import CONTENDERS
from randvec.models import ARCHITECTURES
from randvec.models.build import from_settings
from randvec.models.layers import Dropout
from randvec.training.windows import Windows

#: In the order of their gates: ours i, f, o, g; torch's i, f, g, o.
TORCH_ORDER = [0, 1, 3, 2]


def tiny(architecture, static_size=3):
    return Case("tiny", architecture, static_size, 12, 4, 16, updates=2, basins=2)


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


def outputs_and_gradients(network, *inputs):
    output = network(*inputs)
    weights = output.detach().numel() + torch.arange(output.numel())
    (output * weights.cos()).sum().backward()
    return output.detach(), {name: value.grad for name, value in network.named_parameters()}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_plain_network_is_the_same_network(architecture):
    case = tiny(architecture)
    torch.manual_seed(1)
    ours = from_settings(architecture, case.static_size, settings(case)).double().eval()
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    plain = PlainNetwork(architecture, ours).eval()
    forcing = torch.randn(case.days, 7, 5, dtype=torch.float64)
    statics = torch.randn(7, case.static_size, dtype=torch.float64)
    (expected,), by_ours = outputs_and_gradients(ours, forcing, statics)
    found, by_plain = outputs_and_gradients(plain, forcing.transpose(0, 1), statics)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    # The gradients, in the plain network's arrangement of the weights.
    for name, parameter in ours.named_parameters():
        parameter.data = by_ours[name]
    for name, value in PlainNetwork(architecture, ours).named_parameters():
        torch.testing.assert_close(by_plain[name], value.detach(), rtol=0, atol=1e-11)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_plain_loop_makes_the_same_update_and_predicts_the_same_days(
    architecture, folder, monkeypatch
):
    monkeypatch.setattr(torch.nn.functional, "dropout", lambda state, *_: state)
    monkeypatch.setattr(Dropout, "forward", lambda _, state: state)
    case = replace(tiny(architecture), updates=1)
    data = load(folder, case)
    ours, plain = Ours(case, data), Plain(case, data)
    before = PlainNetwork(architecture, ours.network).state_dict()
    plain.network.load_state_dict(before)
    assert ours.train() == plain.train() == 16
    after = PlainNetwork(architecture, ours.network).state_dict()
    for name, value in plain.network.state_dict().items():
        torch.testing.assert_close(value, after[name], rtol=0, atol=1e-5)
    assert (after["recurrent_weight"] - before["recurrent_weight"]).abs().max() > 5e-4
    assert ours.evaluate() == plain.evaluate() == 2 * 512


@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm"])
def test_neuralhydrology_computes_the_same(architecture, folder, peer_class):
    case = tiny(architecture)
    data = load(folder, case)
    peer = peer_class(case, data)
    theirs = peer.trainer.model.double().eval()
    ours = from_settings(architecture, case.static_size, settings(case)).double().eval()
    ours.load_state_dict(their_weights(theirs, architecture))
    batch = next(iter(peer.trainer.loader))
    forcing = torch.cat(list(batch["x_d"].values()), dim=2).double()
    statics = batch["x_s"].double()
    (expected,), _ = outputs_and_gradients(ours, forcing.transpose(0, 1), statics)
    given = {"x_d": {name: v.double() for name, v in batch["x_d"].items()}, "x_s": statics}
    found = theirs(given)["y_hat"][:, -1, 0]
    torch.testing.assert_close(found.detach(), expected, rtol=0, atol=1e-12)


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


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_neuralhydrology_sees_the_same_samples_and_days(architecture, folder, peer_class):
    case = tiny(architecture)
    data = load(folder, case)
    peer = peer_class(case, data)
    assert peer.all_samples == len(data.samples)
    names = [peer.trainer.loader.dataset.lookup_table[index] for index in range(32)]
    positions = data.samples[data.chosen]
    windows = Windows(data.cube, data.scaler, case.days, data.device)
    basins = [data.cube.basins[basin] for basin in windows.basin_of(positions)]
    assert [basin for basin, _ in names] == basins
    assert peer.train() == len(positions) == 32
    assert peer.evaluate() == 2 * 512


def test_operations_are_counted_as_by_hand():
    case = Case("hand", "ct_lstm", 7, days=3, hidden=2, batch=1, updates=1, basins=1)
    gates_from_state, gates_from_forcing, gates_from_statics = 2 * 8 * 2, 2 * 8 * 5, 2 * 8 * 7
    forward = 3 * (gates_from_state + gates_from_forcing)
    expected = forward + gates_from_statics  # there
    expected += forward + gates_from_statics  # gradients of the weights
    expected += 3 * gates_from_state  # gradients of the hidden states
    assert operations(case) == {"train": expected, "evaluate": forward}


def test_the_cases_are_every_architecture_in_every_size():
    for on_gpu in (False, True):
        found = {(case.size, case.architecture, case.static_size) for case in cases(on_gpu)}
        assert len(found) == len(cases(on_gpu)) == 3 * 4 * 2 + 1
        assert ("paper", "ct_lstm", ONE_HOT) in found


def test_the_command_measures_every_contender_and_writes_its_files(tmp_path):
    case = tiny("sr_lstm_ea")
    main([replace(case, size="demo")], rounds=1, output=tmp_path)
    table = pd.read_csv(tmp_path / "speed.csv")
    names = ["randvec", "plain loop", "neuralhydrology"]
    assert set(names) == set(CONTENDERS) - {"matrix product"}
    assert table["contender"].tolist() == 2 * names
    assert table["work"].tolist() == 3 * ["training"] + 3 * ["evaluation"]
    numbers = table.select_dtypes("number")
    assert (numbers > 0).all(axis=None)
    assert (table[table["contender"] == "randvec"]["ratio"] == 1).all()
    # With a single round, a ratio is the quotient of two speeds.
    speed = table.set_index(["work", "contender"])["samples_per_second"]
    ratio = table.set_index(["work", "contender"])["ratio"]
    for work in ("training", "evaluation"):
        quotient = speed[work, "randvec"] / speed[work, "plain loop"]
        assert ratio[work, "plain loop"] == pytest.approx(quotient, rel=1e-3)
    text = (tmp_path / "speed.md").read_text()
    assert text.count("| demo | SR-LSTM_EA | 3 |") == 3
    assert (tmp_path / "speed.png").stat().st_size > 20_000
