"""The learning rate of each update."""

import math


def learning_rate(schedule: list[dict] | dict, epoch: int, update: int, updates: int) -> float:
    """The learning rate of an update, from the configuration's key of the same name.

    Parameters
    ----------
    schedule : list of dict or dict
        Steps, each with ``rate`` from its ``epoch`` on. Or ``peak``, ``warm_up`` and ``end``: the
        rate rises in proportion to the updates to its peak over the share `warm_up` of them, and
        then falls along half a cosine to `end` times the peak at the last one (Loshchilov and
        Hutter 2017, arXiv:1608.03983, eq. 5, without restarts).
    epoch : int
        From 1.
    update : int
        From 1, counted over all epochs.
    updates : int
        Of all epochs.
    """
    if isinstance(schedule, list):
        return [step["rate"] for step in schedule if step["epoch"] <= epoch][-1]
    peak, warm_up = schedule["peak"], schedule["warm_up"] * updates
    if update <= warm_up:
        return peak * update / warm_up
    gone = (update - warm_up) / (updates - warm_up)
    end = schedule["end"]
    return peak * (end + (1 - end) * (1 + math.cos(math.pi * gone)) / 2)
