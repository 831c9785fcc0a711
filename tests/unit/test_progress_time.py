"""The time left, as the log of a training tells it."""

import pytest

from randvec.training.progress import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (89.4, "89 s"),
        (90, "2 min"),
        (3569, "59 min"),
        (3570, "1 h 0 min"),
        (4604, "1 h 17 min"),
        (90_000, "25 h 0 min"),
    ],
)
def test_a_time_is_told_as_one_waits_for_it(seconds, text):
    assert duration(seconds) == text
