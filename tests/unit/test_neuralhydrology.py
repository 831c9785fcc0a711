"""EA-LSTM against the implementation of neuralhydrology, with the same weights copied in."""

import pytest
import torch

from randvec.models import recurrence as recurrence_module
from randvec.models.build import build

neuralhydrology = pytest.importorskip("neuralhydrology.modelzoo.ealstm")
from neuralhydrology.utils.config import Config  # noqa: E402

FORCINGS = ["prcp", "srad", "tmax", "tmin", "vp"]
HIDDEN, STATICS, DAYS, BATCH = 8, 3, 15, 6


@pytest.fixture
def peer():
    """Their EA-LSTM, in float64, with weights away from their initial values."""
    config = {
        "model": "ealstm",
        "hidden_size": HIDDEN,
        "dynamic_inputs": FORCINGS,
        "static_attributes": [f"x{index}" for index in range(STATICS)],
        "target_variables": ["discharge"],
        "head": "regression",
        "output_activation": "linear",
        "initial_forget_bias": 5,
        "output_dropout": 0.0,
        "seq_length": DAYS,
        "predict_last_n": 1,
    }
    torch.manual_seed(1)
    model = neuralhydrology.EALSTM(Config(config)).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return model


def copied(peer):
    """Our EA-LSTM with their weights."""
    model = build("ea_lstm", static_size=STATICS, hidden=HIDDEN).double()
    theirs = {name: value.detach() for name, value in peer.named_parameters()}
    model.load_state_dict(
        {
            "input_weight": theirs["dynamic_gates.weight_ih"].T,
            "recurrent_weight": theirs["dynamic_gates.weight_hh"].T,
            "static_weight": theirs["input_gate.weight"],
            "bias": torch.cat([theirs["input_gate.bias"], theirs["dynamic_gates.bias"]]),
            "head.weight": theirs["head.net.0.weight"],
            "head.bias": theirs["head.net.0.bias"],
        }
    )
    return model


@pytest.mark.filterwarnings("ignore:Using a non-tuple sequence")  # theirs
@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
def test_ea_lstm_equals_theirs_in_results_and_gradients(peer, form, monkeypatch):
    monkeypatch.setitem(recurrence_module.FORMS, "cpu", form)
    model = copied(peer)
    forcing = torch.randn(DAYS, BATCH, len(FORCINGS), dtype=torch.float64)
    statics = torch.randn(BATCH, STATICS, dtype=torch.float64)
    by_name = {name: forcing[:, :, [k]].transpose(0, 1) for k, name in enumerate(FORCINGS)}

    (ours,) = model(forcing, statics)
    theirs = peer({"x_d": by_name, "x_s": statics})["y_hat"][:, -1, 0]
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)

    ours.square().sum().backward()
    theirs.square().sum().backward()
    for mine, their in (
        (model.input_weight.grad, peer.dynamic_gates.weight_ih.grad.T),
        (model.recurrent_weight.grad, peer.dynamic_gates.weight_hh.grad.T),
        (model.static_weight.grad, peer.input_gate.weight.grad),
        (model.bias.grad[:HIDDEN], peer.input_gate.bias.grad),
        (model.bias.grad[HIDDEN:], peer.dynamic_gates.bias.grad),
    ):
        torch.testing.assert_close(mine, their, rtol=0, atol=1e-10)


def test_ea_lstm_has_their_number_of_weights(peer):
    ours = sum(parameter.numel() for parameter in copied(peer).parameters())
    assert ours == sum(parameter.numel() for parameter in peer.parameters())
