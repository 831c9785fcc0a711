"""The share of the gain from descriptors that a random vector recovers."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from randvec.comparison.recovered import chosen, recovered
from randvec.comparison.statistics import comparisons

RNG = np.random.default_rng(5)
BASINS = [f"{k:08d}" for k in range(60)]
LEVEL = RNG.normal(0.6, 0.1, 60)


def tables(gain=0.2, share=0.75, basins=BASINS, models=("EP", "EG-16", "CN")):
    """Scores of EP, EG and CN: the same basins, a gain, and what of it is recovered."""
    rng = np.random.default_rng(6)
    offsets = dict(zip(models, (gain, share * gain, 0), strict=True))
    return {
        ("full", model): pd.DataFrame(
            {
                "basin": basins,
                "nse": LEVEL[: len(basins)] + offset + rng.normal(0, 0.02, len(basins)),
            }
        )
        for model, offset in offsets.items()
    }


def test_the_share_is_that_of_the_medians_and_its_interval_that_of_a_joint_bootstrap():
    scores = tables()
    found = recovered(scores)
    nse = [scores["full", model]["nse"].to_numpy() for model in ("EP", "EG-16", "CN")]
    ep, eg, cn = map(np.median, nse)
    assert (found.descriptors, found.random, found.without) == ("EP", "EG-16", "CN")
    assert (found.descriptors_median, found.random_median, found.without_median) == (ep, eg, cn)
    assert found.basins == 60 and found.defined
    assert found.share == pytest.approx((eg - cn) / (ep - cn))
    assert found.gain == pytest.approx(ep - cn)

    def share(ep, eg, cn, axis):
        ep, eg, cn = (np.median(values, axis=axis) for values in (ep, eg, cn))
        return (eg - cn) / (ep - cn)

    other = stats.bootstrap(nse, share, paired=True, method="percentile", rng=7, batch=1000)
    low, high = other.confidence_interval
    assert (found.share_low, found.share_high) == pytest.approx((low, high), abs=0.02)
    assert 0.5 < found.share_low < found.share < found.share_high < 1
    assert astuple(recovered(scores)) == astuple(found)  # seeded


def test_the_test_is_that_of_the_paired_comparisons():
    scores = tables()
    found = recovered(scores)
    (row,) = comparisons(scores, [(("full", "EG-16"), ("full", "EP"))]).to_dict("records")
    assert found.difference == row["difference_median"] < 0
    assert (found.difference_low, found.difference_high) == (
        row["difference_low"],
        row["difference_high"],
    )
    assert found.p_value == row["p_value"] < 0.001
    assert (found.wins, found.ties, found.losses) == (row["wins"], row["ties"], row["losses"])


@pytest.mark.parametrize("gain", [0.0, 0.002, -0.2])
def test_there_is_no_share_of_a_gain_that_may_be_none(gain):
    found = recovered(tables(gain))
    assert not found.gain_low > 0
    assert not found.defined
    assert np.isnan([found.share, found.share_low, found.share_high]).all()
    assert np.isfinite([found.gain, found.gain_high, found.difference]).all()


def test_one_basin_and_none_have_no_interval_and_no_share():
    scores = tables(basins=BASINS[:1])
    found = recovered(scores)
    assert found.basins == 1 and not found.defined
    assert np.isfinite(found.gain) and np.isnan(found.gain_low)
    scores["full", "CN"]["nse"] = np.nan
    found = recovered(scores)
    assert found.basins == 0 and np.isnan(found.gain) and np.isfinite(found.difference)


def test_a_basin_without_nse_of_one_model_counts_for_none():
    scores = tables()
    expected = recovered({key: table[1:] for key, table in scores.items()})
    scores["full", "CN"].loc[0, "nse"] = np.nan
    found = recovered(scores)
    assert found.basins == 59
    assert (found.share, found.share_low) == (expected.share, expected.share_low)


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["EP", "EG-16", "EG-256", "EG-32", "EG-512_corrected", "CN"], ("EP", "EG-256", "CN")),
        (["CN", "EO", "EG-2", "CP", "EP"], ("EP", "EG-2", "CN")),
        (["CP", "EG-2", "CN"], None),
        (["EP", "EG-2"], None),
        (["EP", "CG-2", "EG-16_corrected", "CN"], None),
        ([], None),
    ],
)
def test_the_longest_random_vector_is_chosen(models, expected):
    assert chosen(models) == expected


def test_only_models_in_full_count():
    scores = tables()
    scores["years-1", "CN"] = scores.pop(("full", "CN"))
    assert recovered(scores) is None
