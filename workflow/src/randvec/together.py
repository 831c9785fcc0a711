"""Which members of a cell are trained by one job."""

from randvec.errors import InputError


def groups(seeds: list[int], members_together: int | str) -> list[list[int]]:
    """Cut seeds into groups that are trained together, one after the other in sorted order.

    Parameters
    ----------
    seeds : list of int
    members_together : int or str
        Size of a group, as the profile has it.

    Returns
    -------
    list of list of int
        Groups of that size and, if two or more seeds are left over, a smaller one. A seed in no
        group is trained alone.

    Raises
    ------
    InputError
        If the size is no whole number from 1.
    """
    if not isinstance(members_together, int) or members_together < 1:
        raise InputError(
            f"profile: set-resources of train has members_together={members_together}, expected a "
            "whole number from 1: how many members of a cell one job trains"
        )
    seeds = sorted(seeds)
    parts = [
        seeds[first : first + members_together] for first in range(0, len(seeds), members_together)
    ]
    return [part for part in parts if len(part) > 1]


def job_name(seeds: list[int]) -> str:
    """What the log and the benchmark file of a job are named after: ``seed3``, ``seed1_2``.

    Parameters
    ----------
    seeds : list of int
        Of the members that the job trains; settings.json has them as ``trained_together``.
    """
    return f"seed{'_'.join(map(str, seeds))}"
