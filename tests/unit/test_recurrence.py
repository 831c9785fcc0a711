"""All forms of the recurrence give the same numbers; what they should give is in test_models."""

import pytest
import torch

from randvec.models import recurrence_fast
from randvec.models.recurrence import recurrence

HIDDEN, FORCINGS = 6, 5
CASES = {  # gates, length of the static vector
    "no statics": (4, 0),
    "statics added": (4, 3),
    "more statics than gate rows": (4, 30),
    "static input gate": (3, 4),
    "static input gate, more statics than hidden units": (3, 9),
}
# Float64 differs by the order of sums; float32 also by how tanh is computed.
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5}


def draw(gates, static_size, dtype, *, days=12, batch=7, rows=None, seed=0, hidden=HIDDEN):
    """Random arguments of `recurrence`, all of which want gradients."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=dtype).requires_grad_()

    arguments = [
        normal(days, batch, FORCINGS),
        normal(gates * hidden, FORCINGS),
        normal(gates * hidden, hidden),
        normal(4 * hidden),
    ]
    if static_size:
        arguments += [normal(rows or batch, static_size)]
        arguments += [normal((4 if gates == 4 else 1) * hidden, static_size)]
    return arguments


def result_and_gradients(arguments, form, days=1):
    states = recurrence(*arguments, days=days, form=form)
    assert states.shape == (days, *arguments[0].shape[1:-1], arguments[2].shape[-1])
    upstream = torch.arange(states.numel(), dtype=states.dtype).cos().view_as(states)
    return [states, *torch.autograd.grad((states * upstream).sum(), arguments)]


def assert_same(found, expected, tolerance):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        # Gradients are sums over days and samples, so that the last digits of large ones differ.
        last_digits = 8 * torch.finfo(other.dtype).eps
        torch.testing.assert_close(one, other, rtol=last_digits, atol=tolerance)


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", ["fast", "cudnn"])
@pytest.mark.parametrize("days", [1, 2, 5, 12])  # of 12
def test_forms_agree_in_results_and_all_gradients(days, form, case, dtype):
    arguments = draw(*CASES[case], dtype)
    expected = result_and_gradients(arguments, "plain", days)
    assert_same(result_and_gradients(arguments, form, days), expected, TOLERANCE[dtype])


@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
@pytest.mark.parametrize("case", CASES)
def test_the_states_of_several_days_are_those_of_windows_that_end_there(case, form):
    forcing, *others = draw(*CASES[case], torch.float64)
    states = recurrence(forcing, *others, days=5, form=form)
    for day, state in enumerate(states):
        (last,) = recurrence(forcing[: 8 + day], *others, form=form)
        torch.testing.assert_close(state, last, rtol=0, atol=1e-14)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch without oneDNN")
@pytest.mark.parametrize("case", CASES)
def test_many_units_agree_and_are_multiplied_by_onednn(case, monkeypatch):
    # Initial weights as in training, small: sums over many units would drown the comparison.
    hidden = recurrence_fast.ONEDNN_FROM
    arguments = draw(*CASES[case], torch.float32, hidden=hidden)
    arguments = [argument.detach().div(hidden).requires_grad_() for argument in arguments]
    expected = result_and_gradients(arguments, "plain")
    calls = []
    product = recurrence_fast._onednn_product
    monkeypatch.setattr(
        recurrence_fast, "_onednn_product", lambda *a, **k: calls.append(1) or product(*a, **k)
    )
    recurrence_fast._spare.clear()
    assert_same(result_and_gradients(arguments, "fast"), expected, 1e-5)
    assert calls  # else this test would test nothing


@pytest.mark.parametrize("form", ["fast", "cudnn"])
@pytest.mark.parametrize("shape", [{"days": 1}, {"batch": 1}, {"rows": 1}], ids=str)
@pytest.mark.parametrize("gates", [3, 4])
def test_forms_agree_at_the_edges(gates, shape, form):
    arguments = draw(gates, 4, torch.float64, **shape)
    for days in {1, min(3, len(arguments[0]))}:
        expected = result_and_gradients(arguments, "plain", days)
        assert_same(result_and_gradients(arguments, form, days), expected, 1e-12)


@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
@pytest.mark.parametrize("case", CASES)
def test_without_gradients_the_result_is_the_same(case, form):
    arguments = draw(*CASES[case], torch.float64)
    for days in (1, 4):
        with torch.inference_mode():
            found = recurrence(*arguments, days=days, form=form)
        expected = recurrence(*arguments, days=days, form=form)
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("days", [1, 4])
def test_members_together_get_what_each_gets_alone(days, members, form, case, dtype):
    each = [draw(*CASES[case], dtype, seed=seed) for seed in range(members)]
    forcing, *weights = (torch.stack(same).detach() for same in zip(*each, strict=True))
    together = [part.requires_grad_() for part in (forcing.transpose(0, 1), *weights)]
    states = recurrence(*together, days=days, form=form)
    upstream = torch.arange(states[:, :1].numel(), dtype=dtype).cos().view_as(states[:, :1])
    forcings, *others = torch.autograd.grad((states * upstream).sum(), together)
    found = zip(states.unbind(1), forcings.unbind(1), *others, strict=True)
    for own, arguments in zip(found, each, strict=True):
        assert_same(own, result_and_gradients(arguments, "plain", days), TOLERANCE[dtype])


@pytest.mark.parametrize("form", ["plain", "fast", "cudnn"])
def test_members_together_without_gradients(form):
    each = [draw(3, 4, torch.float64, seed=seed) for seed in range(2)]
    forcing, *weights = (torch.stack(same).detach() for same in zip(*each, strict=True))
    with torch.inference_mode():
        states = recurrence(forcing.transpose(0, 1), *weights, days=3, form=form)
    for found, arguments in zip(states.unbind(1), each, strict=True):
        expected = recurrence(*arguments, days=3, form=form)
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_only_the_gradients_that_are_asked_for_are_given():
    arguments = draw(4, 3, torch.float64)
    expected = result_and_gradients(arguments, "plain")
    forcing = arguments[0].detach()
    recurrence(forcing, *arguments[1:], form="fast").sum().backward()
    assert forcing.grad is None
    assert all(argument.grad is not None for argument in arguments[1:])
    assert_same(result_and_gradients(arguments, "fast"), expected, 1e-12)


@pytest.mark.parametrize("days", [1, 4])
def test_reused_buffers_carry_nothing_over(days):
    first = draw(3, 4, torch.float32, seed=1)
    other = draw(3, 4, torch.float32, seed=2)
    recurrence_fast._spare.clear()
    expected = result_and_gradients(first, "fast", days)
    result_and_gradients(other, "fast", days)
    assert recurrence_fast._spare  # else this test would test nothing
    assert_same(result_and_gradients(first, "fast", days), expected, 0)


def test_buffers_of_two_widths_are_kept_for_use_and_no_more(monkeypatch):
    made = []
    buffers = recurrence_fast._Buffers
    monkeypatch.setattr(
        recurrence_fast, "_Buffers", lambda *shape, **k: made.append(1) or buffers(*shape, **k)
    )
    recurrence_fast._spare.clear()
    for width in (7, 8, 7, 8, 8, 7):
        result_and_gradients(draw(3, 4, torch.float32, batch=width), "fast", 2)
    assert len(made) == len(recurrence_fast._spare) == 2
    result_and_gradients(draw(3, 4, torch.float32, batch=9), "fast", 2)
    assert len(made) == 3 and len(recurrence_fast._spare) == 2


def test_the_gradient_that_comes_in_stays_as_it_is():
    states = recurrence(*draw(3, 4, torch.float64, batch=1), days=3, form="fast")
    upstream = torch.ones_like(states)
    states.backward(upstream)
    assert torch.equal(upstream, torch.ones_like(states))


def test_two_batches_may_be_on_their_way_at_once():
    first, other = draw(4, 3, torch.float64, seed=1), draw(4, 3, torch.float64, seed=2)
    expected = [torch.autograd.grad(recurrence(*a, form="plain").sum(), a) for a in (first, other)]
    states = [recurrence(*a, form="fast") for a in (first, other)]
    for state, arguments, gradients in zip(states, (first, other), expected, strict=True):
        assert_same(torch.autograd.grad(state.sum(), arguments), gradients, 1e-12)


def test_a_second_backward_pass_is_refused():
    state = recurrence(*draw(4, 3, torch.float64), form="fast").sum()
    state.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="differentiated once"):
        state.backward()
