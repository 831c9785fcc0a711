"""The sentences with which the report opens: how much a random vector recovers."""

import math

from randvec.comparison.recovered import Recovered
from randvec.comparison.statistics import FEWEST, TIE
from randvec.formatting import equation, number, with_interval
from randvec.matrix import parse
from randvec.report.sentences import SIGNIFICANCE

#: Of the interval of the share; a wider one tells nothing.
WIDEST = 1.0


def answer(found: Recovered | None) -> str:
    """One paragraph.

    Parameters
    ----------
    found : randvec.comparison.recovered.Recovered or None
        None if the run lacks one of the models.
    """
    if found is None:
        return (
            "**Does a random vector do as well as descriptors?** This run can't tell: it takes EP, "
            "an EA-LSTM with a Gaussian vector and CN. What can be compared is below."
        )
    return f"**{_share(found)}** {_medians(found)} {_difference(found)}"


def _share(found: Recovered) -> str:
    numbers = parse(found.random).dimension
    if not found.defined:
        return (
            f"In these {found.basins} basins it can't be told how much of what descriptors gain a "
            f"random vector recovers: that they gain anything is not sure "
            f"({with_interval(found.gain, found.gain_low, found.gain_high)})."
        )
    low, high = (_percent(value) for value in (found.share_low, found.share_high))
    if found.share_high - found.share_low > WIDEST:
        return (
            f"These {found.basins} basins are too few to tell how much of what physical "
            f"descriptors gain over nothing a random vector of {numbers} numbers recovers: "
            f"{_percent(found.share)} % by the medians, with a 95 % interval over the basins of "
            f"{low} to {high} %."
        )
    return (
        f"In these {found.basins} basins {numbers} random numbers recover "
        f"{_percent(found.share)} % of what physical descriptors gain over nothing "
        f"(95 % interval over the basins {low} to {high} %){_alone(found)}."
    )


def _alone(found: Recovered) -> str:
    """How much a single network recovers, where more than one is averaged."""
    if found.members == 1 or math.isnan(found.share_alone):
        return ""
    share = _percent(found.share_alone)
    return f" where {found.members} networks are averaged, and {share} % in a single one"


def _medians(found: Recovered) -> str:
    return (
        f"The median NSE is {number(found.descriptors_median, 3)} with descriptors "
        f"({found.descriptors}), {number(found.random_median, 3)} with random numbers "
        f"({found.random}) and {number(found.without_median, 3)} without either ({found.without})."
    )


def _difference(found: Recovered) -> str:
    if not found.basins:
        return "No basin has an NSE of all three, so nothing can be compared."
    if math.isnan(found.p_value):
        return f"{found.random} and {found.descriptors} are equal in every basin."
    difference = with_interval(found.difference, found.difference_low, found.difference_high)
    clear = found.p_value < SIGNIFICANCE
    verdict = "The two differ" if clear else "No difference between the two is found"
    if clear != (found.difference_low > 0 or found.difference_high < 0) and found.basins >= FEWEST:
        verdict = "Whether the two differ is not sure, as test and interval disagree"
    return (
        f"{verdict}: basin by basin {found.random} is better than {found.descriptors} in "
        f"{found.wins}, worse in {found.losses} and within {TIE} in {found.ties}; the median "
        f"difference is {difference}, {equation(found.p_value)} for this question alone."
    )


def _percent(share: float) -> str:
    return number(100 * share, 0)
