"""The paragraph with which the report opens."""

from dataclasses import replace

import numpy as np
import pytest

from randvec.comparison.recovered import Recovered
from randvec.report.answer import answer

FOUND = Recovered(
    descriptors="EP",
    random="EG-256",
    without="CN",
    basins=531,
    descriptors_median=0.7154,
    random_median=0.7047,
    without_median=0.5776,
    gain=0.1378,
    gain_low=0.12,
    gain_high=0.15,
    share=0.9224,
    share_low=0.871,
    share_high=1.024,
    members=5,
    share_alone=0.8112,
    difference=-0.0116,
    difference_low=-0.014,
    difference_high=-0.0078,
    wins=149,
    ties=110,
    losses=272,
    p_value=1.5e-8,
)


def test_the_answer_is_the_share_and_whether_both_differ():
    assert answer(FOUND) == (
        "**In these 531 basins 256 random numbers recover 92 % of what physical descriptors gain "
        "over nothing (95 % interval over the basins 87 to 102 %) where 5 networks are averaged, "
        "and 81 % in a single one.** The median NSE is 0.715 with descriptors (EP), 0.705 with "
        "random numbers (EG-256) and 0.578 without either (CN). The two differ: basin by basin "
        "EG-256 is better than EP in 149, worse in 272 and within 0.01 in 110; the median "
        "difference is −0.012 [−0.014, −0.008], p < 0.001 for this question alone."
    )


def test_too_few_basins_tell_no_share():
    said = answer(replace(FOUND, basins=24, share_low=-0.82, share_high=2.99))
    assert said.startswith(
        "**These 24 basins are too few to tell how much of what physical descriptors gain over "
        "nothing a random vector of 256 numbers recovers: 92 % by the medians, with a 95 % "
        "interval over the basins of −82 to 299 %.** The median NSE"
    )


@pytest.mark.parametrize("changed", [{"members": 1}, {"share_alone": np.nan}])
def test_one_network_alone_has_no_mean(changed):
    assert "(95 % interval over the basins 87 to 102 %).**" in answer(replace(FOUND, **changed))


@pytest.mark.parametrize(
    ("p_value", "high", "said"),
    [
        (0.049, -0.008, "The two differ: "),
        (0.05, 0.001, "No difference"),
        (0.05, -0.008, "Whether the two differ is not sure, as test and interval disagree: "),
        (0.049, 0.001, "Whether the two differ is not sure"),
    ],
)
def test_a_difference_is_told_by_the_test_and_the_interval(p_value, high, said):
    assert said in answer(replace(FOUND, p_value=p_value, difference_high=high))
    few = replace(FOUND, basins=5, p_value=0.06, difference_low=np.nan, difference_high=np.nan)
    assert "No difference between the two is found" in answer(few)


def test_without_a_basin_nothing_is_compared():
    said = answer(replace(FOUND, basins=0, p_value=np.nan, difference=np.nan))
    assert said.endswith("No basin has an NSE of all three, so nothing can be compared.")


def test_two_networks_that_are_the_same_are_not_tested():
    said = answer(replace(FOUND, p_value=np.nan, difference=0.0))
    assert said.endswith("EG-256 and EP are equal in every basin.")


def test_a_gain_that_may_be_none_has_no_share():
    said = answer(replace(FOUND, share=np.nan, gain=0.03, gain_low=-0.01, gain_high=0.06))
    assert "it can't be told how much" in said and "(0.030 [−0.010, 0.060])" in said
    assert "%" not in said
