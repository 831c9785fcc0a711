"""What training does for a GPU, as far as a CPU can show it."""

import re
from contextlib import nullcontext

import pytest
import torch
from device_reads import Reads, Waits
from safetensors.torch import save
from small_data import BASINS, TEST, TRAIN, arguments, make_vectors, train_member

from randvec.devices import count_gpus
from randvec.errors import InputError
from randvec.models import ARCHITECTURES, recurrence_cudnn
from randvec.models.recurrence import FORMS, FORMS_OF_SEVERAL, recurrence
from randvec.training import loop, torch_setup
from randvec.training.samples import training_samples
from randvec.training.torch_setup import tf32
from randvec.training.train import begin, train_members
from randvec.training.windows import Windows

SEVERAL_DAYS = {"predicted_days": 7, "batch_size": 9}


def several(**changes):
    given = arguments(**changes)
    del given["vectors"], given["seed"]
    return given | {"seeds": [3, 1], "vectors": [make_vectors(seed=seed) for seed in (3, 1)]}


def everything(members):
    return [(save(member.model.state_dict()), member.losses) for member in members]


# Looks at the losses


@pytest.mark.parametrize("days", [{}, SEVERAL_DAYS], ids=["one day", "several days"])
@pytest.mark.parametrize("every", [2, 7, 100])
def test_how_often_losses_are_looked_at_changes_no_byte(every, days, monkeypatch):
    expected = everything(train_members(**several(validation=TEST, **days)))
    monkeypatch.setitem(loop.LOOK_EVERY, "cpu", every)
    assert everything(train_members(**several(validation=TEST, **days))) == expected


@pytest.mark.parametrize(("every", "seen"), [(7, 7), (100, 34)])
def test_a_look_at_several_batches_names_the_first_bad_one_and_keeps_nothing(
    every, seen, monkeypatch, tmp_path
):
    batches = []
    before = Windows.forcing_before
    monkeypatch.setattr(
        Windows, "forcing_before", lambda self, p: batches.append(p) or before(self, p)
    )
    monkeypatch.setitem(loop.LOOK_EVERY, "cpu", every)
    given = arguments(batch_size=16, learning_rate=[{"epoch": 1, "rate": 1e30}])
    with pytest.raises(InputError, match=r"^seed 1: the loss became (inf|nan) in epoch 1") as error:
        train_member(**given, checkpoint=tmp_path / "checkpoint", keep_epochs=True)
    assert len(batches) == seen  # of 34 in the epoch
    expected = [
        (BASINS[position // 320], str(given["cube"].dates[position % 320]))
        for position in batches[1].flatten().tolist()
    ]
    assert re.findall(r"(\d{8}) (\d{4}-\d\d-\d\d)", str(error.value)) == expected
    assert not list(tmp_path.iterdir())


# Nothing in between waits for the device


# The last form is that of several members on a GPU, but for the streams.
@pytest.mark.parametrize("form", ["fast", "plain", "cudnn"])
@pytest.mark.parametrize("days", [{}, SEVERAL_DAYS], ids=["one day", "several days"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_batches_read_no_number_and_looks_read_one_tensor(architecture, days, form, monkeypatch):
    monkeypatch.setitem(loop.LOOK_EVERY, "cpu", 4)
    monkeypatch.setitem(FORMS_OF_SEVERAL, "cpu", form)
    _, training = begin(**several(architecture=architecture, **days))
    batches = list(training.samples.batches(training.order, training.device))
    assert len(batches) == 9
    monkeypatch.setattr(training.samples, "batches", lambda *_: iter(batches))
    with Reads() as reads, Waits() as waits:
        training.train_epoch()
    # cuDNN's form makes sure of its type, which moves nothing.
    read = [name for name in reads.found if not (form == "cudnn" and name == "to")]
    assert read == 4 * ["tolist"]  # after 4, 8 and 9 batches, and the weights at the end
    assert waits.found == []


def test_the_counters_count():
    tensor = torch.ones(3)
    with Reads() as reads, Waits() as waits:
        tensor.tolist(), bool(tensor[0]), tensor[tensor > 0], tensor.nonzero()
    assert reads.found == ["tolist", "__bool__", "nonzero"]
    assert waits.found == ["_local_scalar_dense", "index", "nonzero"]


@pytest.mark.parametrize("days", [1, 7])
def test_batches_are_cut_on_the_device_without_reading_from_it(days):
    given = arguments(predicted_days=days)
    samples = training_samples(given["cube"], TRAIN, given["settings"])
    drawn = [
        list(samples.batches([torch.Generator().manual_seed(seed) for seed in (1, 2)], device))
        for device in ("cpu", "meta")  # a tensor on meta has no numbers that could be read
    ]
    for ours, theirs in zip(*drawn, strict=True):
        assert theirs.positions.device.type == theirs.shown.device.type == "meta"
        assert ours.positions.shape == theirs.positions.shape
        assert (ours.samples, ours.days) == (theirs.samples, theirs.days)


class Anywhere(torch.Generator):
    """A generator of the CPU, whatever device is asked for."""

    def __new__(cls, _="cpu"):
        return super().__new__(cls)


@pytest.mark.parametrize("form", ["plain", "cudnn"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_an_update_makes_all_its_tensors_on_the_device(architecture, form, monkeypatch):
    """On meta, whose tensors have no numbers and can't be combined with those of the CPU."""
    monkeypatch.setattr(torch, "Generator", Anywhere)
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())  # it doesn't know meta
    monkeypatch.setattr(torch, "is_autocast_enabled", lambda *_: False)
    monkeypatch.setitem(FORMS_OF_SEVERAL, "meta", form)
    given = several(architecture=architecture, dropout=0.0, **SEVERAL_DAYS)
    _, training = begin(**given | {"device": "meta"})
    batch = next(training.samples.batches(training.order, training.device))
    losses = training._train_batch(batch, 0.01)
    assert losses.device.type == "meta" and losses.shape == (2,)
    training.loss_weights = torch.ones(len(BASINS))  # on the CPU
    with pytest.raises(RuntimeError, match="device"):
        training._train_batch(batch, 0.01)


# Precision


def allowed():
    kinds = (torch.backends.cuda.matmul, torch.backends.cudnn.rnn, torch.backends.cudnn.conv)
    return [each.fp32_precision for each in kinds]


@pytest.mark.parametrize(
    ("precision", "training"), [("float32", "ieee"), ("tf32", "tf32"), ("bf16", "tf32")]
)
def test_rounding_is_allowed_in_updates_alone_and_only_if_asked_for(
    precision, training, monkeypatch
):
    before, found = allowed(), {"update": [], "validation": []}
    step = loop.Adam.step
    monkeypatch.setattr(
        loop.Adam, "step", lambda *given: found["update"].append(allowed()) or step(*given)
    )
    forward = torch.nn.Module.__call__

    def watched(network, *given, **options):
        if not network.training:
            found["validation"].append(allowed())
        return forward(network, *given, **options)

    monkeypatch.setattr(torch.nn.Module, "__call__", watched)
    train_member(**arguments(precision=precision, epochs=1, validation=TEST))
    assert {tuple(each) for each in found["update"]} == {3 * (training,)}
    assert {tuple(each) for each in found["validation"]} == {3 * ("ieee",)}
    assert allowed() == before


def test_a_card_that_torch_can_not_use_is_told_of(monkeypatch, caplog, tmp_path):
    (tmp_path / "nvidia0").touch()
    monkeypatch.setattr(torch_setup, "count_gpus", lambda: count_gpus(tmp_path))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for chosen, told in ((None, True), ("0", True), ("", False)):
        caplog.clear()
        if chosen is None:
            monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        else:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
        assert torch_setup.choose_device() == "cpu"
        assert (f"a graphics card that torch {torch.__version__} can't use" in caplog.text) == told


def test_tf32_is_put_back_after_an_error():
    before = allowed()
    with pytest.raises(ValueError), tf32(True):
        raise ValueError
    assert allowed() == before


def test_tf32_changes_nothing_on_a_cpu():
    ours, theirs = (train_member(**arguments(precision=p)) for p in ("float32", "tf32"))
    assert everything([ours]) == everything([theirs])


@pytest.mark.parametrize("members", ["one", "several"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_bf16_computes_the_network_with_fewer_bits_and_trains(architecture, members):
    given = arguments if members == "one" else several
    train = (lambda **g: [train_member(**g)]) if members == "one" else train_members
    found, expected = (
        train(**given(architecture=architecture, precision=precision, dropout=0.0))
        for precision in ("bf16", "float32")
    )
    for ours, theirs in zip(found, expected, strict=True):
        losses = [[row["loss"] for row in each.losses] for each in (ours, theirs)]
        assert losses[0] != losses[1]
        # Eight bits in each product; the updates that follow drift apart.
        assert losses[0] == pytest.approx(losses[1], rel=0.1)
        assert losses[0][-1] < losses[0][0]
        assert all(w.dtype == torch.float32 for w in ours.model.state_dict().values())


def draw(members=2):
    generator = torch.Generator().manual_seed(0)
    shapes = [(12, members, 7, 5), (members, 18, 5), (members, 18, 6), (members, 24)]
    shapes += [(members, 7, 4), (members, 6, 4)]
    return [torch.randn(shape, generator=generator).requires_grad_() for shape in shapes]


def test_cudnns_form_computes_in_the_type_of_autocast_and_returns_float32():
    given = draw()
    expected = recurrence(*given, form="cudnn")
    with torch.autocast("cpu", torch.bfloat16):
        found = recurrence(*given, form="cudnn")
    assert found.dtype == torch.float32
    assert torch.equal(found, found.bfloat16().float()) and not torch.equal(found, expected)
    torch.testing.assert_close(found, expected, rtol=0, atol=0.1)
    gradients = torch.autograd.grad(found.sum(), given)
    assert all(each.dtype == torch.float32 for each in gradients)


# Streams


class Stream:
    """Stands in for a stream of a GPU, and writes down what waits for what."""

    def __init__(self, events, name):
        self.events, self.name = events, name

    def wait_stream(self, other):
        self.events.append(f"{self.name} waits for {other.name}")


@pytest.fixture
def events(monkeypatch):
    """What happens on streams that are made up."""
    found = []
    here = Stream(found, "here")
    streams = [Stream(found, name) for name in ("first", "second")]
    monkeypatch.setattr(recurrence_cudnn, "_streams", lambda count: streams[:count])
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: here)
    monkeypatch.setattr(
        torch.cuda, "stream", lambda s: found.append(f"on {s.name}") or nullcontext()
    )
    monkeypatch.setattr(
        torch.Tensor, "record_stream", lambda t, s: found.append(f"{list(t.shape)} for {s.name}")
    )
    return found


def test_members_run_on_streams_that_wait_for_what_they_need(events):
    given = draw()
    found = recurrence(*given, form="streams", days=3)
    waits = [event for event in events if "waits" in event or event.startswith("on")]
    assert waits == [
        "first waits for here", "on first", "second waits for here", "on second",
        "here waits for first", "here waits for second",
    ]  # fmt: skip
    # What one stream made and another uses is kept until that one is done.
    shapes = [[12, 7, 5], *(list(part.shape[1:]) for part in given[1:])]
    for name in ("first", "second"):
        kept = [event for event in events if event.endswith(f"] for {name}")]
        assert kept == [f"{shape} for {name}" for shape in shapes]
    assert [event for event in events if event.endswith("] for here")] == 2 * ["[3, 7, 6] for here"]
    expected = recurrence(*given, form="cudnn", days=3)
    assert torch.equal(found, expected)
    pair = (torch.autograd.grad(each.square().sum(), given) for each in (found, expected))
    for ours, theirs in zip(*pair, strict=True):
        assert torch.equal(ours, theirs)


def test_what_is_used_on_a_gpu_is_a_form():
    for forms in (FORMS, FORMS_OF_SEVERAL):
        assert set(forms) == {"cpu", "cuda"} == set(loop.LOOK_EVERY)
        assert set(forms.values()) <= {"plain", "fast", "cudnn", "streams"}
