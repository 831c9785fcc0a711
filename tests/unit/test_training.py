"""Windows, loss and the training loop."""

import logging
import os
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import save
from small_data import BASINS, TRAIN, arguments, make_cube, make_vectors, train_member

from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.training import loop, progress
from randvec.training.adam import Adam
from randvec.training.loss import nse_weights, weighted_squared_error
from randvec.training.samples import training_samples
from randvec.training.schedule import learning_rate
from randvec.training.torch_setup import choose_device
from randvec.training.windows import Windows, training_positions


def weights(trained):
    return save(trained.model.state_dict())


# Windows


def test_windows_equal_windows_cut_by_hand():
    given = arguments()
    cube, scaler = given["cube"], given["scaler"]
    windows = Windows(cube, scaler, 20, "cpu")
    cases = [(0, 19), (2, 150), (1, 319)]
    positions = torch.tensor([basin * len(cube.dates) + day for basin, day in cases])
    found = windows.forcing_before(positions)
    assert found.shape == (20, 3, 5)
    for sample, (basin, day) in enumerate(cases):
        window = cube.forcing[basin, day - 19 : day + 1].astype(np.float64)
        expected = (window - scaler.forcing_mean) / scaler.forcing_std
        np.testing.assert_allclose(found[:, sample].numpy(), expected, rtol=0, atol=1e-6)
        expected = (cube.discharge[basin, day] - scaler.discharge_mean) / scaler.discharge_std
        assert float(windows.discharge[positions[sample]]) == pytest.approx(expected, abs=1e-6)
    assert windows.basin_of(positions).tolist() == [0, 2, 1]
    assert windows.describe(positions[1:2]) == f"{BASINS[2]} {cube.dates[150]}"


def test_samples_are_the_days_with_discharge_and_a_full_window():
    cube = make_cube()
    cube.discharge[0, 40] = np.nan  # a training day: that sample is missing
    cube.discharge[0, 25] = np.nan  # before the period: no matter
    cube.forcing[1, 30, 2] = np.nan  # one day before the period: 20 windows hold it, 19 in it
    found = set(training_positions(cube, TRAIN, 20).tolist())
    days = range(31, 212)  # 2001-02-01 to 2001-07-31
    expected = {
        basin * 320 + day
        for basin in range(3)
        for day in days
        if (basin, day) != (0, 40) and not (basin == 1 and day - 19 <= 30)
    }
    assert found == expected


def test_windows_that_reach_before_the_record_are_left_out():
    found = training_positions(make_cube(), ("2001-01-01", "2001-01-25"), 20)
    assert sorted(set((found % 320).tolist())) == list(range(19, 25))


def test_a_basin_without_a_training_day_is_an_error():
    cube = make_cube()
    cube.discharge[1, 31:212] = np.nan
    with pytest.raises(InputError, match=f"basin {BASINS[1]}: no day from 2001-02-01"):
        training_positions(cube, TRAIN, 20)
    with pytest.raises(InputError, match=f"basin {BASINS[0]}: no day .* 400 days of complete"):
        training_positions(make_cube(), TRAIN, 400)


# Loss


def test_nse_loss_equals_a_value_worked_out_by_hand():
    # s = 0.9 and 1.9 mm/day: weights 1 / 1.0² and 1 / 2.0²; errors 0.5 and -2.
    loss = weighted_squared_error(
        torch.tensor([[1.0, 0.0]]),
        torch.tensor([[0.5, 2.0]]),
        nse_weights(torch.tensor([0.9, 1.9])),
    )
    assert float(loss) == pytest.approx((0.25 / 1 + 4 / 4) / 2, rel=1e-6)


@pytest.mark.parametrize("shape", [(3, 2, 4, 1), (5, 2, 4)])
def test_a_network_that_gives_another_shape_is_refused(shape):
    """As one that keeps the axis of its head, or gives all days of a window."""
    observed = torch.zeros(3, 2, 4)
    with pytest.raises(ValueError, match=r"of shape \[.*\], expected \[3, 2, 4\]"):
        weighted_squared_error(torch.zeros(shape), observed, torch.ones(2, 4))


def test_days_without_observation_count_in_neither_loss_nor_gradient():
    nan = float("nan")
    simulated = torch.tensor([[[1.0, 7.0], [2.0, 3.0]], [[4.0, 5.0], [8.0, 6.0]]])
    observed = torch.tensor([[[0.0, nan], [nan, 1.0]], [[1.0, 3.0], [nan, 3.0]]])
    simulated.requires_grad_()
    loss = weighted_squared_error(simulated, observed, torch.tensor([[1.0, 2.0], [3.0, 1.0]]))
    assert loss.tolist() == pytest.approx([(1 + 9 + 2 * 4) / 3, (4 + 9) / 2])
    (gradient,) = torch.autograd.grad(loss.sum(), simulated)
    expected = [[[2 / 3, 0], [0, 4 / 2]], [[6 / 3, 2 * 4 / 3], [0, 6 / 2]]]
    torch.testing.assert_close(gradient, torch.tensor(expected))


@pytest.mark.parametrize("size", [3, 64, 250, 256, 511])
def test_without_missing_days_the_loss_is_the_mean_to_the_bit(size):
    generator = torch.Generator().manual_seed(size)
    simulated, observed, weights = (torch.randn(2, size, generator=generator) for _ in range(3))
    simulated.requires_grad_()
    found = weighted_squared_error(simulated[None], observed[None], weights)
    expected = (weights * (simulated - observed) ** 2).mean(dim=-1)
    assert torch.equal(found, expected)
    pair = (torch.autograd.grad(loss.sum(), simulated)[0] for loss in (found, expected))
    assert torch.equal(*pair)


@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize("loss", ["nse", "mse"])
def test_the_loss_of_an_epoch_is_the_mean_over_its_days(loss, days, monkeypatch):
    # Nothing is learned, and nothing dropped: the first weights give the loss.
    monkeypatch.setattr(loop.Adam, "step", lambda self, rate: None)
    cube = make_cube()
    cube.discharge[1, 60:100] = np.nan
    given = arguments(epochs=1, dropout=0.0, loss=loss, predicted_days=days, cube=cube)
    trained = train_member(**given)
    scaler = given["scaler"]
    windows = Windows(cube, scaler, 20, "cpu")
    positions = training_positions(cube, TRAIN, 20)
    statics = torch.tensor(make_vectors().iloc[:, 1:].to_numpy(np.float32))
    simulated = np.full(cube.discharge.size, np.nan)
    # Where a day stands in its window depends on the draw.
    for batch in training_samples(cube, TRAIN, given["settings"]).batches(
        [torch.Generator().manual_seed(1)]
    ):
        with torch.no_grad():
            forcing = windows.forcing_before(batch.positions[0])
            found = trained.model(forcing, statics[batch.positions[0] // 320], days=days)
        for last, shown, own in zip(batch.positions[0], batch.shown[0], found.T, strict=True):
            simulated[last - shown + 1 : last + 1] = own[days - shown :]
    simulated = simulated[positions]
    squares = (simulated - windows.discharge[positions].numpy()) ** 2
    if loss == "nse":
        std = np.array([scaler.basin_std[basin] for basin in BASINS])
        squares = squares / (std[positions // 320] + 0.1) ** 2
    assert trained.losses[0]["loss"] == pytest.approx(squares.mean(), rel=1e-5)


# Optimizer


@pytest.mark.parametrize("clip", [0.5, 1e6])
def test_the_optimizer_is_adam_on_a_clipped_gradient(clip):
    # Two members, the second with gradients a hundred times as long.
    generator = torch.Generator().manual_seed(0)
    start = [torch.randn(shape, generator=generator).double() for shape in [(2, 4, 3), (2, 5)]]
    scale = (1.0, 100.0)
    ours = [torch.nn.Parameter(value.clone()) for value in start]
    theirs = [[torch.nn.Parameter(value[i].clone()) for value in start] for i in range(2)]
    optimizer, peers = Adam(ours, clip), [torch.optim.Adam(weights) for weights in theirs]
    for step in range(30):
        rate = 1e-2 if step < 20 else 1e-3
        sum(scale[i] * (p[i] ** 3 - p[i]).cos().sum() for p in ours for i in range(2)).backward()
        optimizer.step(rate)
        for weights, peer, factor in zip(theirs, peers, scale, strict=True):
            sum(factor * (p**3 - p).cos().sum() for p in weights).backward()
            torch.nn.utils.clip_grad_norm_(weights, clip)
            peer.param_groups[0]["lr"] = rate
            peer.step()
            peer.zero_grad()
    for mine, value, *their in zip(ours, start, *theirs, strict=True):
        torch.testing.assert_close(mine, torch.stack(their), rtol=0, atol=1e-12)
        assert (mine - value).abs().max() > 0.01


def test_a_gradient_of_zero_moves_nothing():
    weight = torch.nn.Parameter(torch.ones(1, 3))
    weight.grad = torch.zeros(1, 3)
    Adam([weight], 1.0).step(0.1)
    assert torch.equal(weight, torch.ones(1, 3))


# Loop


@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm", "sr_lstm_ea", "fm_lstm"])
def test_training_lowers_the_loss(architecture):
    trained = train_member(**arguments(architecture=architecture, epochs=5, dropout=0.0))
    losses = [row["loss"] for row in trained.losses]
    assert losses[-1] < 0.7 * losses[0]


def test_ct_lstm_trains_without_vectors():
    trained = train_member(**arguments(architecture="ct_lstm", vectors=None, epochs=1))
    assert trained.model.static_weight is None


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not():
    first, same, other = (train_member(**arguments(seed=seed, epochs=2)) for seed in (1, 1, 2))
    assert weights(first) == weights(same)
    assert first.losses == same.losses
    assert weights(first) != weights(other)


def test_every_epoch_sees_every_sample_once_in_a_new_order(monkeypatch):
    seen = []
    basin_of = Windows.basin_of
    monkeypatch.setattr(
        Windows, "basin_of", lambda self, batch: seen.append(batch) or basin_of(self, batch)
    )
    given = arguments(epochs=2, batch_size=100)
    train_member(**given)
    samples = training_positions(given["cube"], TRAIN, 20)
    batches = -(-len(samples) // 100)
    seen = [batch.flatten() for batch in seen]
    assert [len(batch) for batch in seen] == 2 * ([100] * (batches - 1) + [len(samples) % 100])
    first, second = torch.cat(seen[:batches]), torch.cat(seen[batches:])
    assert torch.equal(first.sort().values, samples)
    assert torch.equal(second.sort().values, samples)
    assert not torch.equal(first, second)


def test_dropout_is_on_in_training():
    without, with_dropout = (train_member(**arguments(epochs=1, dropout=p)) for p in (0.0, 0.2))
    assert without.losses != with_dropout.losses


def test_the_learning_rate_follows_its_schedule():
    schedule = [{"epoch": 1, "rate": 1e-2}, {"epoch": 3, "rate": 1e-3}]
    losses = train_member(**arguments(epochs=4, learning_rate=schedule)).losses
    assert [row["learning_rate"] for row in losses] == [1e-2, 1e-2, 1e-3, 1e-3]
    assert [row["epoch"] for row in losses] == [1, 2, 3, 4]


def test_the_learning_rate_of_every_update_follows_warm_up_and_cosine(monkeypatch):
    used = []
    monkeypatch.setattr(
        loop.Adam, "step", lambda self, rate: setattr(self, "steps", self.steps + 1)
    )
    step = loop.Adam.step
    monkeypatch.setattr(loop.Adam, "step", lambda self, r: used.append(r) or step(self, r))
    schedule = {"peak": 0.01, "warm_up": 0.25, "end": 0.1}
    given = {"predicted_days": 7, "batch_size": 9, "learning_rate": schedule}
    losses = train_member(**arguments(epochs=4, **given)).losses
    assert len(used) == 4 * 9
    assert used[:9] == pytest.approx([0.01 * update / 9 for update in range(1, 10)])
    assert used == pytest.approx(
        [learning_rate(schedule, 1, update, 36) for update in range(1, 37)]
    )
    assert [row["learning_rate"] for row in losses] == used[8::9]
    assert used[-1] == pytest.approx(0.001)


def test_the_clip_of_the_settings_is_used():
    loose, tight = (train_member(**arguments(epochs=1, gradient_clip=c)) for c in (1.0, 1e-6))
    assert loose.losses != tight.losses


def test_an_epoch_is_logged_with_loss_speed_and_time_left(caplog):
    with caplog.at_level(logging.INFO, "randvec"):
        train_member(**arguments(epochs=2))
    lines = [r.getMessage() for r in caplog.records if "epoch" in r.getMessage()]
    assert len(lines) == 2
    pattern = r"epoch 2 of 2, done: loss \d+\.\d+, \d+ samples/s, about 0 s left"
    assert re.fullmatch(pattern, lines[1])


def test_a_long_epoch_shows_progress(caplog, monkeypatch):
    monkeypatch.setattr(progress, "PROGRESS_SECONDS", 0)
    with caplog.at_level(logging.INFO, "randvec"):
        train_member(**arguments(epochs=1))
    samples = len(training_positions(make_cube(), TRAIN, 20))
    assert f"epoch 1 of 1, 128 of {samples} days" in caplog.text


def test_a_loss_that_is_not_finite_stops_with_the_basins_and_days_of_the_batch(monkeypatch):
    batches = []
    basin_of = Windows.basin_of
    monkeypatch.setattr(
        Windows, "basin_of", lambda self, batch: batches.append(batch) or basin_of(self, batch)
    )
    given = arguments(batch_size=16, learning_rate=[{"epoch": 1, "rate": 1e30}])
    with pytest.raises(InputError, match=r"^seed 1: the loss became (inf|nan)") as error:
        train_member(**given)
    assert len(batches) == 2  # the first update breaks the weights, the second batch shows it
    expected = [
        (BASINS[position // 320], str(given["cube"].dates[position % 320]))
        for position in batches[1].flatten().tolist()
    ]
    assert re.findall(r"(\d{8}) (\d{4}-\d\d-\d\d)", str(error.value)) == expected


def exhaust_gpu(*_):
    raise torch.OutOfMemoryError("tried to allocate 2 GiB")


def exhaust_library(*_):
    raise RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")


def exhaust_shared_gpu(*_):
    raise RuntimeError("CUDA error: out of memory")


def exhaust_cpu(*_):
    torch.empty(2**60)


@pytest.mark.parametrize("exhaust", [exhaust_gpu, exhaust_library, exhaust_shared_gpu, exhaust_cpu])
def test_running_out_of_memory_says_what_to_lower(exhaust, monkeypatch):
    monkeypatch.setattr(loop, "weighted_squared_error", exhaust)
    with pytest.raises(InputError, match=r"batch_size 64 and training\.hidden 8; lower batch_size"):
        train_member(**arguments())


def test_other_errors_of_torch_stay_what_they_are(monkeypatch):
    def mistaken(*_):
        raise RuntimeError("size mismatch")

    monkeypatch.setattr(loop, "weighted_squared_error", mistaken)
    with pytest.raises(RuntimeError, match="size mismatch") as error:
        train_member(**arguments())
    assert not isinstance(error.value, InputError)


def test_training_is_deterministic_and_loads_no_compiler():
    # The compiler takes longer to load than a member of the demo has to spare.
    code = (
        "import sys; from small_data import arguments, train_member; import torch\n"
        "train_member(**arguments(epochs=1))\n"
        "assert torch.are_deterministic_algorithms_enabled()\n"
        "assert 'torch._dynamo' not in sys.modules"
    )
    path = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": path})


def test_a_basin_without_a_vector_is_an_error():
    with pytest.raises(InputError, match=f"no static vector for basin {BASINS[2]}"):
        train_member(**arguments(vectors=make_vectors().iloc[:2]))
    broken = make_vectors()
    broken.loc[1, "x2"] = np.nan
    with pytest.raises(InputError, match=f"basin {BASINS[1]}: its static vector has missing"):
        train_member(**arguments(vectors=broken))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("batch_size", "by_basin"), [(2, False), (3, True)])
def test_vectors_of_basins_and_of_samples_train_alike(
    architecture, batch_size, by_basin, monkeypatch
):
    """The network is given those of its samples if a batch has fewer samples than basins."""
    given = {"architecture": architecture, "period": ("2001-02-01", "2001-02-06"), "epochs": 1}
    ways = []
    statics = loop.TrainingLoop._statics

    def other_way(self, basins):
        ways.append(len(statics(self, basins)) == 2)
        return (self.statics[self.member, basins],) if by_basin else (self.statics, basins)

    found = train_member(**arguments(batch_size=batch_size, **given)).model.state_dict()
    monkeypatch.setattr(loop.TrainingLoop, "_statics", other_way)
    expected = train_member(**arguments(batch_size=batch_size, **given)).model.state_dict()
    assert set(ways) == {by_basin}
    for name, weight in expected.items():
        torch.testing.assert_close(found[name], weight, rtol=0, atol=1e-4)


def test_vectors_are_matched_by_basin_and_not_by_row():
    straight = train_member(**arguments(epochs=1))
    turned = train_member(**arguments(epochs=1, vectors=make_vectors().iloc[::-1]))
    assert weights(straight) == weights(turned)


def test_the_device_is_the_best_at_hand(monkeypatch):
    for at_hand, expected in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda at_hand=at_hand: at_hand)
        assert choose_device() == expected
