"""The networks against their equations, written out here once more and step by step."""

import pytest
import torch

from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.models import recurrence as recurrence_module
from randvec.models.build import build, from_settings
from randvec.models.layers import stack

HIDDEN, STATICS, DAYS, BATCH = 6, 4, 11, 5


def affine(weight, bias, vector):
    """One output at a time, as the equations have it."""
    return torch.stack([(row * vector).sum() for row in weight]) + bias


def gate_blocks(parameter, names):
    return dict(zip(names, parameter.chunk(len(names)), strict=True))


def walk(p, forcing, static=None, input_gate=None):
    """Hidden state after the last day of one sample: forcing [days, 5], static [d]."""
    names = "fog" if input_gate is not None else "ifog"
    w, r = gate_blocks(p["input_weight"], names), gate_blocks(p["recurrent_weight"], names)
    b = gate_blocks(p["bias"], "ifog")
    if static is not None:  # concatenated to the forcing of every day
        s = gate_blocks(p["static_weight"], names)
        w = {name: torch.cat([w[name], s[name]], dim=1) for name in names}
    h = torch.zeros(HIDDEN, dtype=torch.float64)
    c = torch.zeros(HIDDEN, dtype=torch.float64)
    for day in forcing:
        x = day if static is None else torch.cat([day, static])
        z = {k: affine(w[k], b[k], x) + affine(r[k], torch.zeros(HIDDEN), h) for k in names}
        i = input_gate if input_gate is not None else 1 / (1 + torch.exp(-z["i"]))
        f, o = 1 / (1 + torch.exp(-z["f"])), 1 / (1 + torch.exp(-z["o"]))
        c = f * c + i * z["g"].tanh()
        h = o * c.tanh()
    return h


def static_input_gate(p, vector):
    return 1 / (1 + torch.exp(-affine(p["static_weight"], p["bias"][:HIDDEN], vector)))


def ea_lstm(p, forcing, static):
    h = walk(p, forcing, input_gate=static_input_gate(p, static))
    return affine(p["head.weight"], p["head.bias"], h)


def ct_lstm(p, forcing, static):
    return affine(p["head.weight"], p["head.bias"], walk(p, forcing, static))


def sr_lstm_ea(p, forcing, static):
    embedded = affine(p["embedding.weight"], p["embedding.bias"], static).clamp(min=0)
    inner = {name.removeprefix("ea_lstm."): value for name, value in p.items()}
    return ea_lstm(inner, forcing, embedded)


def fm_lstm(p, forcing, static):
    h = walk(p, forcing)
    modulation = 1 / (1 + torch.exp(-affine(p["modulation.weight"], p["modulation.bias"], static)))
    return affine(p["head.weight"], p["head.bias"], modulation * h)


ORACLES = {
    "ea_lstm": ea_lstm,
    "ct_lstm": ct_lstm,
    "sr_lstm_ea": sr_lstm_ea,
    "fm_lstm": fm_lstm,
}


def make(name, static_size=STATICS, seed=3, **options):
    """A network in float64 whose weights are all away from their special initial values."""
    torch.manual_seed(seed)
    model = build(name, static_size=static_size, hidden=HIDDEN, **options).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return model


def make_batch(static_size=STATICS):
    generator = torch.Generator().manual_seed(4)
    forcing = torch.randn(DAYS, BATCH, 5, generator=generator, dtype=torch.float64)
    statics = torch.randn(BATCH, static_size, generator=generator, dtype=torch.float64)
    return forcing.requires_grad_(), statics.requires_grad_()


def test_every_architecture_has_an_oracle():
    assert set(ORACLES) == set(ARCHITECTURES)


@pytest.mark.parametrize("days", [1, 4, DAYS])
@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
@pytest.mark.parametrize("name", ORACLES)
def test_results_and_gradients_follow_the_equations(name, form, days, monkeypatch):
    monkeypatch.setitem(recurrence_module.FORMS, "cpu", form)
    options = {"embedding": 9} if name == "sr_lstm_ea" else {}
    model = make(name, **options)
    forcing, statics = make_batch()
    weights = dict(model.named_parameters())
    wanted = [*weights.values(), forcing, statics]
    upstream = torch.linspace(-1, 2, days * BATCH, dtype=torch.float64).view(days, BATCH)

    found = model(forcing, statics, days=days)
    expected = torch.stack([walk_to(day, name, weights, forcing, statics) for day in last(days)])

    torch.testing.assert_close(found, expected, rtol=0, atol=1e-10)
    for one, other in zip(
        torch.autograd.grad((found * upstream).sum(), wanted),
        torch.autograd.grad((expected * upstream).sum(), wanted),
        strict=True,
    ):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)


def last(days):
    return range(DAYS - days, DAYS)


def walk_to(day, name, weights, forcing, statics):
    """What the equations give for a day, [batch], of the forcing up to it alone."""
    samples = zip(forcing[: day + 1].unbind(1), statics, strict=True)
    return torch.cat([ORACLES[name](weights, x, s) for x, s in samples])


@pytest.mark.parametrize("days", [1, 4])
@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
@pytest.mark.parametrize("name", ORACLES)
def test_members_together_follow_the_equations(name, form, days, monkeypatch):
    monkeypatch.setitem(recurrence_module.FORMS_OF_SEVERAL, "cpu", form)
    options = {"embedding": 9} if name == "sr_lstm_ea" else {}
    models = [make(name, seed=seed, **options) for seed in (3, 8)]
    together = stack(models, [None, None])
    forcing, statics = make_batch()
    forcing = torch.stack([forcing, forcing.flip(0)], dim=1).detach()
    statics = torch.stack([statics, -statics]).detach()
    basins = torch.tensor([[0, 1, 2, 3, 4], [2, 0, 2, 1, 0]])
    upstream = torch.linspace(-1, 2, days * BATCH, dtype=torch.float64).view(days, BATCH)
    found = together(forcing, statics, basins, days=days)
    assert found.shape == (days, 2, BATCH)
    (found * upstream.unsqueeze(1)).sum().backward()
    gradients = {name: value.grad for name, value in together.named_parameters()}
    for member, model in enumerate(models):
        weights = dict(model.named_parameters())
        own = (weights, forcing[:, member], statics[member][basins[member]])
        expected = torch.stack([walk_to(day, name, *own) for day in last(days)])
        torch.testing.assert_close(found[:, member], expected, rtol=0, atol=1e-10)
        wanted = torch.autograd.grad((expected * upstream).sum(), list(weights.values()))
        for key, gradient in zip(weights, wanted, strict=True):
            torch.testing.assert_close(gradients[key][member], gradient, rtol=0, atol=1e-9)


@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
def test_without_statics_ct_lstm_is_the_lstm_of_torch(form, monkeypatch):
    monkeypatch.setitem(recurrence_module.FORMS, "cpu", form)
    model = make("ct_lstm", static_size=0)
    forcing, _ = make_batch()
    lstm = torch.nn.LSTM(5, HIDDEN, dtype=torch.float64)

    def torch_order(parameter):
        i, f, o, g = parameter.detach().chunk(4)
        return torch.cat([i, f, g, o])

    with torch.no_grad():
        lstm.weight_ih_l0.copy_(torch_order(model.input_weight))
        lstm.weight_hh_l0.copy_(torch_order(model.recurrent_weight))
        lstm.bias_ih_l0.copy_(torch_order(model.bias))
        lstm.bias_hh_l0.zero_()
    expected = model.head(lstm(forcing)[0][-1]).squeeze(1)
    torch.testing.assert_close(model(forcing, None)[0], expected, rtol=0, atol=1e-12)


def test_fm_lstm_modulates_what_it_emits_and_not_its_recurrence():
    model = make("fm_lstm")
    forcing, statics = make_batch()
    torch.nn.init.zeros_(model.modulation.weight)
    torch.nn.init.zeros_(model.modulation.bias)  # sigmoid(0) = 1/2, in every unit
    plain = make("ct_lstm", static_size=0)
    own = model.state_dict()
    plain.load_state_dict({name: own[name] for name in plain.state_dict()})
    with torch.no_grad():
        plain.head.weight.mul_(0.5)
    torch.testing.assert_close(model(forcing, statics), plain(forcing, None), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ORACLES)
def test_one_row_of_statics_serves_the_whole_batch(name):
    model = make(name)
    forcing, statics = make_batch()
    repeated = model(forcing, statics[:1].expand(BATCH, -1))
    torch.testing.assert_close(model(forcing, statics[:1]), repeated, rtol=0, atol=1e-12)


@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
@pytest.mark.parametrize("name", ORACLES)
def test_the_vectors_of_basins_serve_their_samples(name, form, monkeypatch):
    monkeypatch.setitem(recurrence_module.FORMS, "cpu", form)
    model = make(name)
    forcing, statics = make_batch()
    basins = torch.tensor([2, 0, 2, 1, 0])
    wanted = [*model.parameters(), statics]
    upstream = torch.linspace(-1, 2, BATCH, dtype=torch.float64)
    (by_basin,), (by_sample,) = model(forcing, statics, basins), model(forcing, statics[basins])
    torch.testing.assert_close(by_basin, by_sample, rtol=0, atol=1e-12)
    for one, other in zip(
        torch.autograd.grad(by_basin @ upstream, wanted),
        torch.autograd.grad(by_sample @ upstream, wanted),
        strict=True,
    ):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ORACLES)
def test_dropout_acts_in_training_alone(name):
    model = make(name, dropout=0.5)
    batch = make_batch()
    assert not torch.equal(model(*batch), model(*batch))
    model.eval()
    assert torch.equal(model(*batch), model(*batch))


def parts(name, **options):
    """The freshly built network that holds the recurrence."""
    torch.manual_seed(5)
    model = build(name, static_size=27, hidden=16, forget_bias=3.5, **options)
    return model.ea_lstm if name == "sr_lstm_ea" else model


@pytest.mark.parametrize("name", ORACLES)
def test_initial_bias_is_zero_but_on_the_forget_gate(name):
    bias = parts(name).bias.detach().chunk(4)
    assert [set(block.tolist()) for block in bias] == [{0.0}, {3.5}, {0.0}, {0.0}]


def test_fm_lstm_can_put_the_forget_bias_where_the_original_did():
    bias = parts("fm_lstm", forget_bias_gate="input").bias.detach().chunk(4)
    assert [set(block.tolist()) for block in bias] == [{3.5}, {0.0}, {0.0}, {0.0}]
    settings = {"hidden": 16, "dropout": 0.4, "forget_bias": 3.5, "fm_forget_bias_gate": "input"}
    assert from_settings("fm_lstm", 27, settings).bias[0] == 3.5
    assert from_settings("ct_lstm", 27, settings).bias[0] == 0
    del settings["fm_forget_bias_gate"]
    with pytest.raises(InputError, match=r"training\.fm_forget_bias_gate, which has no value"):
        from_settings("fm_lstm", 27, settings)


@pytest.mark.parametrize("name", ORACLES)
def test_initial_recurrent_weights_are_repeated_identities(name):
    for block in parts(name).recurrent_weight.detach().split(16):
        assert torch.equal(block, torch.eye(16))


def assert_orthogonal(weight):
    """Of orthonormal columns, or rows where there are more columns."""
    rows, columns = weight.shape
    product = weight.T @ weight if rows > columns else weight @ weight.T
    torch.testing.assert_close(product, torch.eye(min(rows, columns)), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ORACLES)
def test_initial_input_weights_are_orthogonal(name):
    model = parts(name)
    weights = [model.input_weight]
    if name == "ct_lstm":
        weights = [torch.cat([model.input_weight, model.static_weight], dim=1)]
    elif name == "fm_lstm":
        weights.append(model.modulation.weight)
    else:
        weights.append(model.static_weight)
    for weight in weights:
        assert_orthogonal(weight)


@pytest.mark.parametrize("static_size", [1, 27, 700])
def test_the_embedding_starts_orthogonal_and_without_bias(static_size):
    embedding = build("sr_lstm_ea", static_size=static_size, hidden=16).embedding
    assert embedding.weight.shape == (512, static_size)
    assert_orthogonal(embedding.weight)
    assert not embedding.bias.any()


def test_initial_weights_follow_the_seed():
    first, same = parts("ct_lstm"), parts("ct_lstm")
    torch.manual_seed(6)
    other = build("ct_lstm", static_size=27, hidden=16)
    assert torch.equal(first.input_weight, same.input_weight)
    assert not torch.equal(first.input_weight, other.input_weight)


def test_what_cannot_be_built_is_refused():
    with pytest.raises(ValueError, match="unknown architecture 'gru'; known: ea_lstm, ct_lstm"):
        build("gru", static_size=3, hidden=4)
    for name in ("ea_lstm", "sr_lstm_ea", "fm_lstm"):
        with pytest.raises(ValueError, match=f"{name} needs a static vector"):
            build(name, static_size=0, hidden=4)
    with pytest.raises(ValueError, match="forget_bias_gate is 'output'"):
        build("fm_lstm", static_size=3, hidden=4, forget_bias_gate="output")
