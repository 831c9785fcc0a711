"""Weights, and members that are killed and go on."""

import logging

import pytest
import torch
from safetensors.torch import save, save_file
from small_data import TEST, arguments, make_vectors, train_member

from randvec.models.build import build
from randvec.training import loop
from randvec.training.checkpoint import (
    load_checkpoint,
    load_weights,
    remove_checkpoint,
    save_checkpoint,
    save_weights,
)
from randvec.training.train import train_members

KEY = "digest-of-settings-and-code"


class Killed(BaseException):
    """Stands for a kill: nothing in the code may catch it."""


def train(path, architecture="ea_lstm", key=KEY, **changes):
    trained = train_member(
        **arguments(architecture=architecture, checkpoint=path, key=key, **changes)
    )
    return everything(trained)


def everything(trained):
    """All that a trained member gives, ready to be compared to the bit."""
    epochs = [save(weights) for weights in trained.epochs]
    return save(trained.model.state_dict()), trained.losses, epochs


def kill_after(batches, monkeypatch):
    """Kill the next training before its batch number `batches` (from 0)."""
    count = iter(range(10**6))
    loss = loop.weighted_squared_error

    def maybe_killed(*given):
        if next(count) == batches:
            raise Killed
        return loss(*given)

    monkeypatch.setattr(loop, "weighted_squared_error", maybe_killed)


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """The checkpoint of a member that was killed in its second of three epochs."""
    path = tmp_path / "checkpoint.safetensors"
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(13, patch)
        train(path)
    return path


# All have 9 batches an epoch.
SEVERAL_DAYS = {
    "predicted_days": 7,
    "batch_size": 9,
    "learning_rate": {"peak": 0.01, "warm_up": 0.3, "end": 0.1},
    "validation": TEST,
}


# 9 batches an epoch: killed in the first, between the first and the second, and in the third.
@pytest.mark.parametrize("batches", [4, 9, 22])
@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm", "sr_lstm_ea", "fm_lstm"])
@pytest.mark.parametrize("days", [{}, SEVERAL_DAYS], ids=["one day", "several days"])
def test_a_killed_member_ends_with_the_bytes_of_one_that_was_not(
    architecture, batches, days, tmp_path, monkeypatch
):
    path = tmp_path / "checkpoint.safetensors"
    undisturbed = train(None, architecture, keep_epochs=True, **days)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(batches, patch)
        train(path, architecture, keep_epochs=True, **days)
    torch.manual_seed(99)  # whatever the process did in between
    assert train(path, architecture, keep_epochs=True, **days) == undisturbed


@pytest.mark.parametrize("batches", [4, 9, 22])
@pytest.mark.parametrize("architecture", ["ct_lstm", "sr_lstm_ea"])
@pytest.mark.parametrize("days", [{}, SEVERAL_DAYS], ids=["one day", "several days"])
def test_members_killed_together_end_with_the_same_bytes(
    architecture, batches, days, tmp_path, monkeypatch
):
    given = arguments(architecture=architecture, key=KEY, keep_epochs=True, **days)
    del given["seed"]
    given |= {"seeds": [5, 2], "vectors": [make_vectors(seed=seed) for seed in (5, 2)]}
    path = tmp_path / "checkpoint.safetensors"
    undisturbed = train_members(**given)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(batches, patch)
        train_members(**given, checkpoint=path)
    found = train_members(**given, checkpoint=path)
    assert list(map(everything, found)) == list(map(everything, undisturbed))
    assert everything(found[0]) != everything(found[1])


def test_the_weights_of_every_epoch_are_kept_and_change_nothing():
    final, losses, epochs = train(None, keep_epochs=True)
    assert train(None) == (final, losses, [])
    assert len(epochs) == len(set(epochs)) == 3
    assert epochs[2] == final
    assert train(None, epochs=2, learning_rate=[{"epoch": 1, "rate": 5e-3}])[0] == epochs[1]


def test_it_does_go_on_and_does_not_start_over(interrupted, caplog, monkeypatch):
    kill_after(18, monkeypatch)  # two epochs are left: 18 batches, not 27
    with caplog.at_level(logging.INFO, "randvec"):
        _, losses, _ = train(interrupted)
    assert "resumed after epoch 1 of 3" in caplog.text
    assert [row["epoch"] for row in losses] == [1, 2, 3]


def test_a_finished_member_trains_no_further(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint.safetensors"
    finished = train(path)
    kill_after(0, monkeypatch)
    assert train(path) == finished


def test_a_kill_while_writing_leaves_the_checkpoint_before(interrupted, monkeypatch):
    undisturbed = train(None)
    before = interrupted.read_bytes()

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("os.fsync", killed)
        train(interrupted)
    assert interrupted.read_bytes() == before
    assert train(interrupted) == undisturbed


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-100])


def cut_to_nothing(path):
    path.write_bytes(b"")


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[-50] ^= 1
    path.write_bytes(content)


def replace_by_weights(path):
    save_file({"weight": torch.ones(3)}, path)


def replace_by_text(path):
    path.write_text("epoch 1: all is well, and this is no checkpoint at all\n")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (cut_short, "cut short or damaged"),
        (cut_to_nothing, "cut short or damaged"),
        (replace_by_text, "cut short or damaged"),
        (flip_a_bit, "does not match its digest"),
        (replace_by_weights, "not a checkpoint of this pipeline"),
    ],
)
def test_a_damaged_or_foreign_checkpoint_is_refused(interrupted, damage, reason, caplog):
    damage(interrupted)
    assert load_checkpoint(interrupted, KEY) is None
    assert reason in caplog.text
    assert "training starts over" in caplog.text
    assert train(interrupted) == train(None)


def test_a_stale_checkpoint_is_refused(interrupted, caplog):
    assert load_checkpoint(interrupted, "other settings") is None
    assert "other settings or other code" in caplog.text
    assert load_checkpoint(interrupted, KEY) is not None


def test_no_checkpoint_is_no_warning(tmp_path, caplog):
    assert load_checkpoint(tmp_path / "checkpoint.safetensors", KEY) is None
    assert not caplog.text


def test_a_checkpoint_gives_back_what_it_was_given(tmp_path):
    path = tmp_path / "folder" / "checkpoint.safetensors"
    tensors = {"a": torch.randn(3, 2), "step": torch.tensor(4.0), "r": torch.get_rng_state()}
    position = {"epoch": 2, "losses": [{"epoch": 1, "loss": 0.1 + 0.2}]}
    save_checkpoint(path, KEY, tensors, position)
    found, where = load_checkpoint(path, KEY)
    assert where == position
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], tensors[name]) for name in tensors)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    remove_checkpoint(path)
    remove_checkpoint(path)
    assert not path.exists()


def test_weights_come_back_and_have_the_same_bytes_each_time(tmp_path):
    model = build("sr_lstm_ea", static_size=3, hidden=4)
    for name in ("one", "two"):
        save_weights(model.state_dict(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    found = load_weights(tmp_path / "one")
    assert found.keys() == model.state_dict().keys()
    assert all(torch.equal(found[name], value) for name, value in model.state_dict().items())
