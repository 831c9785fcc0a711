"""The share of the gain from descriptors that a random vector recovers."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from randvec.comparison.recovered import read, recovered, write
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


def alone(scores):
    """Three members that are a little worse than their ensemble, each in its own way."""
    return {
        key: pd.concat(
            [table.assign(member=member, nse=table["nse"] - 0.01 * member) for member in (1, 2, 3)]
        )
        for key, table in scores.items()
    }


def test_the_share_is_that_of_the_medians_and_its_interval_that_of_a_joint_bootstrap():
    scores = tables()
    found = recovered(scores, alone(scores))
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
    assert astuple(recovered(scores, alone(scores))) == astuple(found)  # seeded


def test_a_single_network_has_the_share_of_the_members_medians():
    scores = tables()
    members = alone(scores)
    members["full", "EG-16"].loc[lambda table: table["member"] == 2, "nse"] -= 0.05
    found = recovered(scores, members)
    ep, eg, cn = (np.median(scores["full", model]["nse"]) for model in ("EP", "EG-16", "CN"))
    # The middle member is lower by 0.02, that of EG-16 by 0.03: they are so by 0.01, 0.07, 0.03.
    assert found.members == 3
    assert found.share_alone == pytest.approx((eg - cn - 0.01) / (ep - cn))


def test_networks_that_gain_nothing_alone_have_no_share():
    scores = tables()
    members = alone(scores)
    members["full", "EP"]["nse"] -= 0.5
    found = recovered(scores, members)
    assert found.defined and np.isnan(found.share_alone)


def test_the_test_is_that_of_the_paired_comparisons():
    scores = tables()
    found = recovered(scores, alone(scores))
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
    scores = tables(gain)
    found = recovered(scores, alone(scores))
    assert not found.gain_low > 0
    assert not found.defined
    assert np.isnan([found.share, found.share_low, found.share_high]).all()
    assert np.isfinite([found.gain, found.gain_high, found.difference]).all()


def test_resamples_without_a_gain_lie_beyond_the_others():
    """Where random is better in all, (EP - CN) / (EG - EP) orders them, above and below no gain."""
    scores = tables(gain=0.0325, share=4)
    found = recovered(scores, alone(scores))
    nse = [scores["full", model]["nse"].to_numpy() for model in ("EP", "EG-16", "CN")]

    def turned(ep, eg, cn, axis):
        ep, eg, cn = (np.median(values, axis=axis) for values in (ep, eg, cn))
        return (ep - cn) / (eg - ep)

    other = stats.bootstrap(nse, turned, paired=True, method="percentile", rng=7, batch=1000)
    assert 0.01 < (other.bootstrap_distribution <= 0).mean() < 0.025
    low, high = other.confidence_interval
    expected = (1 / (found.share_high - 1), 1 / (found.share_low - 1))
    assert expected == pytest.approx((low, high), rel=0.05, abs=0.03)


def test_one_basin_and_none_have_no_interval_and_no_share():
    scores = tables(basins=BASINS[:1])
    found = recovered(scores, alone(scores))
    assert found.basins == 1 and not found.defined
    assert np.isfinite(found.gain) and np.isnan(found.gain_low)
    scores["full", "CN"]["nse"] = np.nan
    found = recovered(scores, alone(scores))
    assert found.basins == 0 and np.isnan(found.gain) and np.isfinite(found.difference)


def test_a_basin_without_nse_of_one_model_counts_for_none():
    scores = tables()
    fewer = {key: table[1:] for key, table in scores.items()}
    expected = recovered(fewer, alone(fewer))
    scores["full", "CN"].loc[0, "nse"] = np.nan
    found = recovered(scores, alone(scores))
    assert found.basins == 59
    assert (found.share, found.share_low) == (expected.share, expected.share_low)


def test_only_models_in_full_count():
    scores = tables()
    scores["years-1", "CN"] = scores.pop(("full", "CN"))
    assert recovered(scores, {}) is None


def test_the_table_holds_what_was_found(tmp_path):
    scores = tables()
    paths = {"ensembles": [], "members": []}
    for name, of in (("ensembles", scores), ("members", alone(scores))):
        for (_, model), table in of.items():
            paths[name].append(tmp_path / f"{name}_{model}.csv")
            table.to_csv(paths[name][-1], index=False)
    write(scores, paths["ensembles"], paths["members"], tmp_path / "answer.csv")
    expected = astuple(recovered(scores, alone(scores)))
    assert astuple(read(tmp_path / "answer.csv")) == pytest.approx(expected)
