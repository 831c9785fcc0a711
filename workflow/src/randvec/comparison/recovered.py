"""How much of what descriptors gain over nothing does a random vector recover?

Held against each other are three models of the main comparison: EP, the EA-LSTM with physical
descriptors; EG, the one with a Gaussian vector; CN, the network without static vector.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from randvec.comparison.pairs import of_the_question
from randvec.comparison.scores import read_scores
from randvec.comparison.statistics import CONFIDENCE, FEWEST, RESAMPLES, SEED, comparisons
from randvec.scenarios import FULL, Ensemble


@dataclass(frozen=True)
class Recovered:
    """What a random vector recovers; differences and medians are of the NSE, without unit.

    Attributes
    ----------
    descriptors, random, without : str
        Codes of the three models.
    basins : int
        With a defined NSE of all three; medians, gain and share are over them.
    descriptors_median, random_median, without_median : float
        Median NSE of the three ensembles.
    gain, gain_low, gain_high : float
        Median with descriptors less median without, and its interval: what there is to recover.
    share, share_low, share_high : float
        Share of the gain that the random vector recovers, and its interval; above 1 if it does
        better than descriptors. NaN if the interval of the gain does not lie above 0: the share is
        not defined then, as descriptors gain nothing that could be recovered.
    members : int
        Of each ensemble.
    share_alone : float
        The share that a single network recovers, not the mean of all members: that of the median
        over the members of their median NSE. NaN where `share` is, or single networks gain nothing.
    difference, difference_low, difference_high : float
        Median over the basins of the paired difference random less descriptors, and its interval.
    wins, ties, losses : int
        Basins where the random vector is better, as good (within 0.01) and worse.
    p_value : float
        Two-sided Wilcoxon signed-rank test of random against descriptors, this one test alone.
    """

    descriptors: str
    random: str
    without: str
    basins: int
    descriptors_median: float
    random_median: float
    without_median: float
    gain: float
    gain_low: float
    gain_high: float
    share: float
    share_low: float
    share_high: float
    members: int
    share_alone: float
    difference: float
    difference_low: float
    difference_high: float
    wins: int
    ties: int
    losses: int
    p_value: float

    @property
    def defined(self) -> bool:
        """Whether there is a share."""
        return not np.isnan(self.share)


def recovered(
    metrics: Mapping[Ensemble, pd.DataFrame], metrics_of_members: Mapping[Ensemble, pd.DataFrame]
) -> Recovered | None:
    """Share of the gain from descriptors that a random vector recovers, with its interval.

    The share is (EG - CN) / (EP - CN) of the ensembles' median NSE. Its interval is the percentile
    bootstrap (Efron 1979), 95 %, from 9,999 resamples of the basins; a resample is the same for the
    three models, as they are tested on the same basins. It tells how far the share depends on the
    choice of basins, not how far it depends on the seeds of the members. In a resample where
    descriptors gain nothing the share is infinite: above all others where the random vector does
    better than they, below where it does worse.

    Parameters
    ----------
    metrics : mapping of (scenario, model) to pd.DataFrame
        Columns basin, nse; those of the main comparison have the scenario ``full``.
    metrics_of_members : mapping of (scenario, model) to pd.DataFrame
        The same with a column member.

    Returns
    -------
    Recovered or None
        None if EP, EG or CN is not among the models in full.

    Raises
    ------
    InputError
        If EG and EP share no basin.
    """
    found = of_the_question(model for scenario, model in metrics if scenario == FULL)
    if len(found) < 3:
        return None
    descriptors, random, _ = found
    tables = {code: metrics[FULL, code].set_index("basin")["nse"] for code in found}
    nse = pd.DataFrame(tables).dropna()
    medians = nse.median().to_numpy()
    gain_and_share = _gain_and_share(medians, _resampled_medians(nse.to_numpy()))
    members = [_of_members(metrics_of_members[FULL, code], nse.index) for code in found]
    alone = np.array([each.median() for each in members])
    gains = gain_and_share[1] > 0 and alone[0] > alone[2]
    test = comparisons(metrics, [((FULL, random), (FULL, descriptors))]).iloc[0]
    compared = ["difference_median", "difference_low", "difference_high"]
    return Recovered(
        *found,
        len(nse),
        *medians.tolist(),
        *gain_and_share,
        len(members[0]),
        float(_share(alone)) if gains else np.nan,
        *test[compared].astype(float),
        *test[["wins", "ties", "losses"]].astype(int),
        float(test["p_value"]),
    )


def write(
    ensembles: Iterable[Ensemble],
    metrics: Iterable[str],
    metrics_of_members: Iterable[str],
    output: str,
) -> None:
    """Write what is `recovered` as CSV, one row with the columns of `Recovered`.

    Parameters
    ----------
    ensembles : iterable of (scenario, model)
        Of the main comparison, EP, EG and CN among them.
    metrics, metrics_of_members : iterable of str
        For each metrics.csv and metrics_of_members.csv.
    output : str
    """
    ensembles = [tuple(ensemble) for ensemble in ensembles]
    scores = read_scores(ensembles, metrics), read_scores(ensembles, metrics_of_members)
    table = pd.DataFrame([asdict(recovered(*scores))])
    table.to_csv(output, index=False, lineterminator="\n")


def read(path: str) -> Recovered:
    """What `write` has written."""
    return Recovered(*pd.read_csv(path).iloc[0])


def _of_members(metrics: pd.DataFrame, basins: pd.Index) -> pd.Series:
    """Median NSE of each member over some basins."""
    return metrics[metrics["basin"].isin(basins)].groupby("member")["nse"].median()


def _resampled_medians(nse: np.ndarray) -> np.ndarray:
    """Medians of each model over resamples of the basins, [resample, model]; NaN for few."""
    count = len(nse)
    if count < FEWEST:
        return np.full((1, nse.shape[1]), np.nan)
    rng = np.random.default_rng(SEED)
    draws = (rng.integers(count, size=count) for _ in range(RESAMPLES))
    return np.array([np.median(nse[draw], axis=0) for draw in draws])


def _gain_and_share(medians: np.ndarray, resampled: np.ndarray) -> list[float]:
    """Gain and share, each with its interval, as in `Recovered`."""
    tails = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
    gain = medians[0] - medians[2]
    gains = resampled[:, 0] - resampled[:, 2]
    low, high = np.quantile(gains, tails)
    if not low > 0:
        return [float(gain), float(low), float(high), np.nan, np.nan, np.nan]
    # Resamples without a gain are fewer than 2.5 %.
    better = resampled[:, 1] - resampled[:, 0]
    shares = np.where(better == 0, 1.0, np.copysign(np.inf, better))
    shares[gains > 0] = _share(resampled[gains > 0])
    ends = np.quantile(shares, tails)
    return [float(value) for value in (gain, low, high, _share(medians), *ends)]


def _share(medians: np.ndarray) -> np.ndarray:
    """(EG - CN) / (EP - CN) of medians of EP, EG and CN [..., model]."""
    return (medians[..., 1] - medians[..., 2]) / (medians[..., 0] - medians[..., 2])
