"""The samples of an epoch: every training day once, in windows that predict several days."""

from collections import Counter

import numpy as np
import pytest
import torch
from small_data import TRAIN, arguments, make_cube

from randvec.training.samples import Samples, training_samples
from randvec.training.windows import Windows, reached_days, training_positions


def draw(seed, days=70, basins=4):
    """Days that may be targets, with gaps, and those of them with discharge."""
    random = np.random.default_rng(seed)
    reached = random.random((basins, days)) > random.choice([0, 0.02, 0.3])
    reached[random.integers(basins)] = True
    valid = reached & (random.random((basins, days)) > random.choice([0, 0.1, 0.9]))
    if not valid.any():
        valid[tuple(np.argwhere(reached)[0])] = True
    return reached, torch.from_numpy(np.flatnonzero(valid))


def generators(*seeds):
    return [torch.Generator().manual_seed(seed) for seed in seeds]


@pytest.mark.parametrize("seed", range(40))
def test_an_epoch_shows_every_day_with_discharge_once(seed):
    reached, positions = draw(seed)
    random = np.random.default_rng(seed)
    n, batch_size = int(random.integers(1, 90)), int(random.integers(1, 20))
    samples = Samples(reached, positions, n, batch_size)
    flat = reached.ravel()
    shown = [Counter() for _ in range(3)]
    for batch in samples.batches(generators(1, 2, seed + 3)):
        assert batch.positions.shape == batch.shown.shape == (3, max(batch.samples))
        for member in range(3):
            valid = 0
            own = (batch.positions[member].tolist(), batch.shown[member].tolist())
            pairs = list(zip(*own, strict=True))
            assert all(k == 0 for _, k in pairs[batch.samples[member] :])
            for last, k in pairs[: batch.samples[member]]:
                days = range(last - k + 1, last + 1)
                assert 1 <= k <= n and flat[list(days)].all()
                assert len({day // reached.shape[1] for day in days}) == 1  # of one basin
                shown[member].update(days)
                found = set(days) & set(positions.tolist())
                assert found  # no window without a target
                valid += len(found)
            assert valid == batch.days[member] > 0
    for days in shown:
        assert set(days.values()) == {1}
        assert set(positions.tolist()) <= set(days) <= set(np.flatnonzero(flat).tolist())


@pytest.mark.parametrize("seed", range(10))
def test_the_number_of_updates_is_the_same_for_every_member_and_epoch(seed):
    reached, positions = draw(seed)
    samples = Samples(reached, positions, 9, 3)
    each = generators(1, 2, 3, 4)
    widths = set()
    for _ in range(5):
        batches = list(samples.batches(each))
        assert len(batches) == samples.updates == -(-len(positions) // 27)
        # Of one member, all batches but the last have the same width or one more.
        for member in range(4):
            own = [batch.samples[member] for batch in batches]
            assert max(own) - min(own[:-1], default=max(own)) <= 1
            widths.add(sum(own))
    assert len(widths) > 1  # else this test would test nothing


def test_the_samples_of_one_predicted_day_are_the_days_in_the_order_of_one_permutation():
    cube = make_cube()
    cube.discharge[0, 40:60] = np.nan
    settings = arguments(predicted_days=1)["settings"]
    samples = training_samples(cube, TRAIN, settings)
    positions = training_positions(cube, TRAIN, 20)
    generator, same = generators(5, 5)
    batches = list(samples.batches([generator]))
    expected = positions[torch.randperm(len(positions), generator=same)].split(64)
    for batch, positions in zip(batches, expected, strict=True):
        assert torch.equal(batch.positions, positions[None])
        assert batch.shown.eq(1).all() and batch.samples == batch.days == [len(positions)]
    assert torch.equal(generator.get_state(), same.get_state())  # nothing else was drawn


def test_tiles_start_anew_in_each_epoch_basin_and_member():
    samples = Samples(np.ones((3, 365), bool), torch.arange(3 * 365), 30, 4)
    each = generators(1, 2)
    first_tiles = []
    for _ in range(3):
        for member in range(2):
            ends = [[] for _ in range(3)]
            for batch in samples.batches(each):
                for last in batch.positions[member, : batch.samples[member]].tolist():
                    ends[last // 365].append(last % 365)
            first_tiles += [min(own) for own in ends]
    assert len(set(first_tiles)) > 10 and max(first_tiles) < 30


def test_offsets_are_spread_evenly():
    samples = Samples(np.ones((2000, 40), bool), torch.arange(2000 * 40), 4, 2000)
    ends = torch.cat([batch.positions[0] for batch in samples.batches(generators(1))])
    first = Counter((ends.sort().values % 40)[ends.sort().values % 40 < 4].tolist())
    assert set(first) == {0, 1, 2, 3}
    assert all(420 < count < 580 for count in first.values())


def test_the_target_days_are_those_of_one_predicted_day():
    cube = make_cube()
    cube.forcing[1, 100, 2] = np.nan
    for n in (1, 7, 20):
        settings = arguments(predicted_days=n)["settings"]
        samples = training_samples(cube, TRAIN, settings)
        assert samples.days == len(training_positions(cube, TRAIN, 20))
    reached = reached_days(cube, TRAIN, 20)
    assert not reached[1, 100:120].any() and reached[1, 120] and reached[1, 99]


def test_observed_days_of_a_window_are_masked_before_its_targets_and_where_missing():
    given = arguments()
    cube = given["cube"]
    cube.discharge[1, 98] = np.nan
    windows = Windows(cube, given["scaler"], 20, "cpu")
    record = len(cube.dates)
    positions = torch.tensor([[record + 100, 50], [2 * record + 60, 70]])
    found = windows.observed(positions, torch.tensor([[4, 2], [0, 3]]), 4)
    assert found.shape == (4, 2, 2)
    expected = (cube.discharge - given["scaler"].discharge_mean) / given["scaler"].discharge_std
    np.testing.assert_allclose(found[:, 0, 0], expected[1, 97:101], rtol=1e-5)
    np.testing.assert_allclose(found[2:, 0, 1], expected[0, 49:51], rtol=1e-5)
    assert found[:2, 0, 1].isnan().all() and found[1, 0, 0].isnan()
    assert found[:, 1, 0].isnan().all() and found[0, 1, 1].isnan()
