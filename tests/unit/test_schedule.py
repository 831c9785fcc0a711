"""The learning rate of each update."""

import math
from itertools import pairwise

import pytest

from randvec.training.schedule import learning_rate

COSINE = {"peak": 0.01, "warm_up": 0.05, "end": 0.02}


def rates(schedule, updates):
    return [learning_rate(schedule, 1, update, updates) for update in range(1, updates + 1)]


def test_steps_hold_from_their_epoch_on():
    steps = [{"epoch": 1, "rate": 0.1}, {"epoch": 3, "rate": 0.02}]
    found = [learning_rate(steps, epoch, 7, 100) for epoch in (1, 2, 3, 4)]
    assert found == [0.1, 0.1, 0.02, 0.02]


def test_the_rate_rises_in_proportion_and_falls_along_a_cosine():
    found = rates(COSINE, 1000)
    assert found[:50] == pytest.approx([0.01 * update / 50 for update in range(1, 51)])
    assert max(found) == found[49] == 0.01
    assert found[-1] == pytest.approx(0.02 * 0.01)
    # Halfway down it is halfway between peak and end, and steepest there.
    assert found[49 + 475] == pytest.approx(0.01 * 1.02 / 2)
    falls = [one - other for one, other in pairwise(found[49:])]
    assert all(fall > 0 for fall in falls)
    assert max(falls) == pytest.approx(0.01 * 0.98 / 2 * math.pi / 950, rel=1e-3)


def test_without_warm_up_it_falls_from_the_first_update_on():
    found = rates(COSINE | {"warm_up": 0}, 100)
    assert found == sorted(found, reverse=True)
    assert 0.0099 < found[0] < 0.01


@pytest.mark.parametrize("updates", [1, 2, 3])
@pytest.mark.parametrize("warm_up", [0, 0.05, 0.5, 0.99])
def test_few_updates_have_rates_as_well(updates, warm_up):
    for end in (0, 0.02, 1):
        found = rates({"peak": 1.0, "warm_up": warm_up, "end": end}, updates)
        assert found[-1] == pytest.approx(end, abs=1e-12)
        assert all(0 <= rate <= 1 for rate in found)
