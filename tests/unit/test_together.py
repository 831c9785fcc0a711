"""Members that are trained together: each gets what it would get alone."""

import re

import numpy as np
import pytest
import torch
from safetensors.torch import save
from small_data import BASINS, arguments, make_cube, make_vectors, train_member

from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.models import recurrence as recurrence_module
from randvec.models.build import build, from_settings
from randvec.models.layers import stack, weights_of
from randvec.training import loop, train
from randvec.training.samples import Samples
from randvec.training.train import train_members
from randvec.training.windows import Windows

SEEDS = [3, 1, 7]
FORMS = ["plain", "fast", "cudnn"]


def several(seeds=SEEDS, **changes):
    """Arguments of `train_members`: each member has its own random vector."""
    given = arguments(**changes)
    del given["vectors"], given["seed"]
    return given | {"seeds": seeds, "vectors": [make_vectors(seed=seed) for seed in seeds]}


def alone(seed, **changes):
    return train_member(**arguments(seed=seed, vectors=make_vectors(seed=seed), **changes))


@pytest.fixture
def double(monkeypatch):
    """Training in float64, where rounding can't hide a mistake."""

    class DoubleWindows(Windows):
        def __init__(self, *given):
            super().__init__(*given)
            self.forcing, self.discharge = self.forcing.double(), self.discharge.double()

    table = train.by_basin
    monkeypatch.setattr(train, "Windows", DoubleWindows)
    monkeypatch.setattr(train, "by_basin", lambda *given: table(*given).double())
    monkeypatch.setattr(train, "from_settings", lambda *given: from_settings(*given).double())


# 9 batches an epoch, the last one shorter. Rounding grows a little with every update.
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_weights_are_those_of_members_trained_alone(architecture, form, double, monkeypatch):
    monkeypatch.setitem(recurrence_module.FORMS_OF_SEVERAL, "cpu", form)
    given = {"architecture": architecture, "epochs": 2, "gradient_clip": 0.1}
    together = train_members(**several(**given))
    for seed, member in zip(SEEDS, together, strict=True):
        expected = alone(seed, **given)
        for name, weight in expected.model.state_dict().items():
            torch.testing.assert_close(member.model.state_dict()[name], weight, rtol=0, atol=1e-10)
        losses = [row["loss"] for row in member.losses]
        assert losses == pytest.approx([row["loss"] for row in expected.losses], abs=1e-10)
        assert member.losses[0].keys() == expected.losses[0].keys()


# Each member draws its own windows: in some batches one has fewer, which are then filled up.
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_several_predicted_days_give_the_weights_of_members_trained_alone(
    architecture, form, double, monkeypatch
):
    monkeypatch.setitem(recurrence_module.FORMS_OF_SEVERAL, "cpu", form)
    cube = make_cube()
    cube.forcing[1, [60, 100, 140, 180]] = np.nan
    cube.discharge[2, 60:90] = np.nan
    given = {"architecture": architecture, "gradient_clip": 0.1, "predicted_days": 7}
    given |= {"batch_size": 9, "epochs": 2, "cube": cube}
    filled = []
    batches = Samples.batches
    monkeypatch.setattr(
        Samples, "batches", lambda *g: (filled.append(b.samples) or b for b in batches(*g))
    )
    together = train_members(**several(**given))
    assert any(len(set(samples)) > 1 for samples in filled)  # else this would test less
    for seed, member in zip(SEEDS, together, strict=True):
        expected = alone(seed, **given)
        for name, weight in expected.model.state_dict().items():
            torch.testing.assert_close(member.model.state_dict()[name], weight, rtol=0, atol=1e-10)
        losses = [row["loss"] for row in member.losses]
        assert losses == pytest.approx([row["loss"] for row in expected.losses], abs=1e-10)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_in_single_precision_the_losses_are_close(architecture):
    together = train_members(**several(architecture=architecture))
    for seed, member in zip(SEEDS, together, strict=True):
        expected = [row["loss"] for row in alone(seed, architecture=architecture).losses]
        assert [row["loss"] for row in member.losses] == pytest.approx(expected, rel=1e-3)


def test_ct_lstm_without_vectors(double, monkeypatch):
    given = {"architecture": "ct_lstm", "epochs": 1}
    monkeypatch.setattr(train, "by_basin", lambda *given: None)
    members = train_members(**several(**given))
    expected = train_member(**arguments(seed=7, vectors=None, **given)).model.state_dict()
    for name, weight in members[2].model.state_dict().items():
        torch.testing.assert_close(weight, expected[name], rtol=0, atol=1e-10)


def test_initial_weights_are_those_drawn_alone_to_the_bit(monkeypatch):
    monkeypatch.setattr(loop.Adam, "step", lambda self, rate: None)
    for architecture in ARCHITECTURES:
        given = several(architecture=architecture, epochs=1)
        for seed, member in zip(SEEDS, train_members(**given), strict=True):
            torch.manual_seed(seed)
            drawn = from_settings(architecture, 4, given["settings"])
            assert save(member.model.state_dict()) == save(drawn.state_dict())


def test_every_member_sees_the_windows_in_its_own_order(monkeypatch):
    def seen_by(train_them, given):
        batches = []
        before = Windows.forcing_before
        with monkeypatch.context() as patch:
            patch.setattr(
                Windows, "forcing_before", lambda self, p: batches.append(p) or before(self, p)
            )
            train_them(**given)
        return torch.cat(batches, dim=1)

    together = seen_by(train_members, several(epochs=2))
    for seed, order in zip(SEEDS, together, strict=True):
        assert torch.equal(order[None], seen_by(train_member, arguments(seed=seed, epochs=2)))
    assert not torch.equal(together[0], together[1])


def test_every_member_has_the_dropout_that_it_has_alone():
    state = torch.ones(1, 3, 50, 8)
    models = [build("ct_lstm", static_size=0, hidden=8, dropout=0.4) for _ in SEEDS]
    generators = [torch.Generator().manual_seed(seed) for seed in SEEDS]
    together = stack(models, generators).dropout
    found = torch.stack([together(state)[0] for _ in range(2)], dim=1)
    for seed, masks in zip(SEEDS, found, strict=True):
        single = stack(models[:1], [torch.Generator().manual_seed(seed)]).dropout
        assert torch.equal(masks, torch.cat([single(state[:, :1])[0] for _ in range(2)]))
        assert 0.3 < (masks == 0).float().mean() < 0.5
        assert set(masks.unique().tolist()) == {0.0, float(torch.tensor(1 / 0.6))}
    assert not torch.equal(found[0], found[1])


def test_samples_that_fill_up_a_batch_draw_no_dropout():
    models = [build("ct_lstm", static_size=0, hidden=8, dropout=0.4) for _ in range(2)]
    together = stack(models, [torch.Generator().manual_seed(seed) for seed in (3, 7)]).dropout
    together.samples = [5, 3]
    found = [together(torch.ones(4, 2, 5, 8)) for _ in range(2)]
    for member, (seed, own) in enumerate([(3, 5), (7, 3)]):
        single = stack(models[:1], [torch.Generator().manual_seed(seed)]).dropout
        for masks in found:
            assert torch.equal(masks[:, member, :own], single(torch.ones(4, 1, own, 8))[:, 0])


def test_a_network_with_a_buffer_is_refused():
    model = torch.nn.Module()
    model.register_buffer("projection", torch.zeros(2, 2))
    with pytest.raises(ValueError, match="Module has the buffer 'projection'"):
        stack([model], [None])


def test_a_stacked_network_gives_each_its_weights_back():
    models = [build("sr_lstm_ea", static_size=3, hidden=4, embedding=9) for _ in range(2)]
    stacked = stack(models, [None, None]).state_dict()
    for member, model in enumerate(models):
        assert save(weights_of(stacked, member)) == save(model.state_dict())
        assert model.ea_lstm.head.weight.shape == (1, 4)


def test_the_member_whose_loss_is_not_finite_is_named_with_its_batch(monkeypatch):
    samples = []
    loss = loop.weighted_squared_error

    def spoil(simulated, observed, weights):
        if len(samples) == 3:
            simulated = simulated * torch.tensor([[1.0], [float("nan")], [1.0]])
        return loss(simulated, observed, weights)

    before = Windows.forcing_before
    monkeypatch.setattr(
        Windows, "forcing_before", lambda self, p: samples.append(p) or before(self, p)
    )
    monkeypatch.setattr(loop, "weighted_squared_error", spoil)
    given = several(batch_size=16)
    with pytest.raises(InputError, match=r"^seed 1: the loss became nan in epoch 1") as error:
        train_members(**given)
    expected = [
        (BASINS[position // 320], str(given["cube"].dates[position % 320]))
        for position in samples[2][1].tolist()
    ]
    assert re.findall(r"(\d{8}) (\d{4}-\d\d-\d\d)", str(error.value)) == expected


def test_a_network_that_the_last_update_of_an_epoch_breaks_is_not_kept(monkeypatch, tmp_path):
    step = loop.Adam.step

    def spoil(self, rate):
        step(self, rate)
        if self.steps == 9:  # the last of an epoch
            with torch.no_grad():
                self.parameters[-1][1] = float("nan")

    monkeypatch.setattr(loop.Adam, "step", spoil)
    with pytest.raises(InputError, match="seed 1: weights became infinite or no number"):
        train_members(**several(), checkpoint=tmp_path / "checkpoint")
    assert not list(tmp_path.iterdir())


def test_running_out_of_memory_says_to_train_alone(monkeypatch):
    def exhaust(*_):
        raise torch.OutOfMemoryError("tried to allocate 2 GiB")

    monkeypatch.setattr(loop, "weighted_squared_error", exhaust)
    with pytest.raises(
        InputError, match="turn members_together off, then lower batch_size, then hidden"
    ):
        train_members(**several())
