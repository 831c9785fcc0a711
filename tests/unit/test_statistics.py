"""Intervals, tests and effect sizes against computations that share no code with them."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from randvec.comparison import statistics
from randvec.errors import InputError


def sample(seed: int, size: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.3, 1, size)


@pytest.mark.parametrize("size", [15, 51])
def test_interval_equals_the_exact_bootstrap_distribution(size):
    """The resampled median of an odd sample is its k-th value or below with a binomial chance."""
    values = np.sort(sample(0, size))
    chance = binom.sf((size - 1) // 2, size, np.arange(1, size + 1) / size)
    low, high = statistics.median_interval(values)
    # 9,999 resamples miss a quantile's level by 0.006 at the most (4 standard errors).
    for bound, level in [(low, 0.025), (high, 0.975)]:
        first, last = np.searchsorted(chance, [level - 0.0063, level + 0.0063])
        assert values[first] <= bound <= values[min(last, size - 1)]


def test_interval_is_seeded_and_undefined_for_few_basins():
    values = sample(0, 20)
    assert statistics.median_interval(values) == statistics.median_interval(values)
    for few in (1, statistics.FEWEST - 1):
        assert np.isnan(statistics.median_interval(values[:few])).all()
    assert np.isfinite(statistics.median_interval(values[: statistics.FEWEST])).all()
    assert np.isnan(statistics.median_interval(values[:0])).all()


@pytest.mark.parametrize("seed", range(4))
def test_wilcoxon_equals_all_sign_flips(seed):
    differences = sample(seed, 9)
    ranks = np.abs(differences).argsort().argsort() + 1
    flips = np.array(list(product([-1, 1], repeat=9))) @ ranks
    expected = (np.abs(flips) >= abs((np.sign(differences) * ranks).sum())).mean()
    assert statistics.wilcoxon(differences) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("digits", [1, 8])  # 1: with tied ranks
def test_rank_biserial_equals_walsh_averages(digits):
    """The positive rank sum counts the pairs, each with itself too, whose sum is positive."""
    differences = sample(3, 40).round(digits)
    differences = differences[differences != 0]
    sums = [a + b for i, a in enumerate(differences) for b in differences[: i + 1]]
    balance = np.sign(np.round(sums, 9)).mean()
    assert statistics.rank_biserial(differences) == pytest.approx(balance, abs=1e-12)


def test_no_difference_is_undefined():
    for differences in (np.zeros(5), np.array([])):
        assert np.isnan(statistics.wilcoxon(differences))
        assert np.isnan(statistics.rank_biserial(differences))
    assert statistics.rank_biserial(np.array([0, 1, 2.0])) == 1


@pytest.mark.parametrize("seed", range(5))
def test_holm_equals_closed_testing(seed):
    """A hypothesis falls if Bonferroni rejects every set of hypotheses that holds it."""
    p = np.random.default_rng(seed).uniform(0, 0.3, 6) ** 2
    sets = [list(s) for n in range(1, 7) for s in combinations(range(6), n)]
    expected = [max(min(1, len(s) * p[s].min()) for s in sets if k in s) for k in range(6)]
    np.testing.assert_allclose(statistics.holm(p), expected, rtol=1e-12)


def test_holm_leaves_out_tests_not_made():
    np.testing.assert_allclose(statistics.holm([0.02, np.nan, 0.01]), [0.02, np.nan, 0.02])
    assert np.isnan(statistics.holm([np.nan])).all()
    assert statistics.holm([]).size == 0


def table(nse) -> pd.DataFrame:
    return pd.DataFrame({"basin": [f"{k:08d}" for k in range(len(nse))], "nse": nse})


def test_comparisons():
    nse = {"EP": sample(1, 30), "EG-16": sample(2, 30)}
    nse["EO"] = nse["EP"] + 0.005
    nse["EG-16"][3] = np.nan
    metrics = {("full", code): table(values) for code, values in nse.items()}
    metrics["full", "EG-16"] = metrics["full", "EG-16"][::-1]  # basins are matched by name
    pairs = [(("full", model), ("full", "EP")) for model in ("EG-16", "EO", "EP")]
    result = statistics.comparisons(metrics, pairs)
    assert result["scenario"].tolist() == result["reference_scenario"].tolist() == ["full"] * 3
    assert result["model"].tolist() == ["EG-16", "EO", "EP"]
    assert result["basins"].tolist() == [30, 30, 30]
    assert result["basins_undefined"].tolist() == [1, 0, 0]
    assert result[["wins", "ties", "losses"]].iloc[1].tolist() == [0, 30, 0]
    difference = np.delete(nse["EG-16"] - nse["EP"], 3)
    first = result.iloc[0]
    assert first["difference_median"] == np.median(difference)
    assert first["model_median"] == np.median(np.delete(nse["EG-16"], 3))
    assert first["difference_low"] < first["difference_median"] < first["difference_high"]
    assert first["wins"] == (difference > 0.01).sum()
    assert first["wins"] + first["ties"] + first["losses"] == 29
    assert first["rank_biserial"] == statistics.rank_biserial(difference)
    assert result["rank_biserial"][1] == 1
    assert np.isnan(result["p_value"][2])
    np.testing.assert_array_equal(result["p_holm"], statistics.holm(result["p_value"]))
    pd.testing.assert_frame_equal(result, statistics.comparisons(metrics, pairs), check_exact=True)


EP, CN, FEW = ("full", "EP"), ("full", "CN"), ("basins-2-s1", "EP")


def test_comparisons_of_nothing_defined():
    metrics = {EP: table([np.nan, np.nan]), CN: table([0.1, 0.2])}
    row = statistics.comparisons(metrics, [(EP, CN)]).iloc[0]
    assert row["basins_undefined"] == 2
    assert np.isnan(row["difference_median"])
    assert len(statistics.comparisons(metrics, [])) == 0


def test_models_are_compared_on_the_basins_that_both_were_tested_on():
    metrics = {EP: table([0.1, 0.2, 0.3, 0.4]), FEW: table([0.3, 0.5])}
    row = statistics.comparisons(metrics, [(FEW, EP)]).iloc[0]
    assert row["basins"] == 2
    assert row["difference_median"] == pytest.approx(0.25)


def test_refused():
    other = table([0.1]).assign(basin="99999999")
    metrics = {EP: table([0.1, 0.2]), CN: other}
    with pytest.raises(InputError, match="full EP with full CN: they share no basin"):
        statistics.comparisons(metrics, [(EP, CN)])
    with pytest.raises(InputError, match="with full FP: no such model, expected one of full EP"):
        statistics.comparisons(metrics, [(EP, ("full", "FP"))])
