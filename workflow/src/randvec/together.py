"""Which members of a cell are trained, and then simulated, by one job."""

import re
from collections.abc import Iterable, Sequence

from randvec import scenarios
from randvec.errors import InputError

NEVER = "(?!)"  # a regular expression that matches nothing


def groups(seeds: list[int], members_together: int | str) -> list[list[int]]:
    """Cut seeds into groups that share a job, one after the other in sorted order.

    Parameters
    ----------
    seeds : list of int
    members_together : int or str
        Size of a group, as the profile has it.

    Returns
    -------
    list of list of int
        Groups of that size and, if two or more seeds are left over, a smaller one. A seed in no
        group has a job of its own.

    Raises
    ------
    InputError
        If the size is no whole number from 1.
    """
    if not isinstance(members_together, int) or members_together < 1:
        raise InputError(
            f"profile: set-resources of train has members_together={members_together}, expected a "
            "whole number from 1: how many members of a cell share a job"
        )
    seeds = sorted(seeds)
    parts = [
        seeds[first : first + members_together] for first in range(0, len(seeds), members_together)
    ]
    return [part for part in parts if len(part) > 1]


def shared_jobs(
    together: Iterable[list[int]], names: Iterable[str]
) -> dict[tuple[int, ...], list[str]]:
    """Which members share a job, and in which scenarios.

    Parameters
    ----------
    together : iterable of list of int
        Seeds, as `groups` makes them.
    names : iterable of str
        Of the scenarios.

    Returns
    -------
    dict of tuple of int to list of str
        Seeds, and the scenarios in which just these share a job. A member that a scenario has in
        common with another one belongs to that one alone.
    """
    found: dict[tuple[int, ...], list[str]] = {}
    for group in together:
        for name in names:
            scenario = scenarios.parse(name)
            own = tuple(s for s in group if scenarios.trained_under(scenario, s) == name)
            if len(own) > 1:
                found.setdefault(own, []).append(name)
    return found


def scenario_alone(shared: dict[tuple[int, ...], list[str]], names: Iterable[str]) -> str:
    """Regular expression for the scenario in the path of a member that shares no job.

    Parameters
    ----------
    shared : dict of tuple of int to list of str
        As `shared_jobs` makes it.
    names : iterable of str
        Of the scenarios. A path goes on with ``/<model>/seed<k>/``.
    """
    sharing = (f"({_any(where)})/[^/]+/seed({_any(seeds)})/" for seeds, where in shared.items())
    return f"(?!{'|'.join(sharing) or NEVER})({_any(names)})"


def _any(values: Iterable) -> str:
    return "|".join(re.escape(str(value)) for value in values)


def job_name(seeds: Sequence[int]) -> str:
    """What the log and the benchmark file of a job are named after: ``seed3``, ``seed1_2``.

    Parameters
    ----------
    seeds : sequence of int
        Of the members that share the job; settings.json has them as ``trained_together``.
    """
    return f"seed{'_'.join(map(str, seeds))}"


def seeds_of(name: str) -> list[int]:
    """The seeds in a `job_name`."""
    return [int(seed) for seed in re.findall(r"\d+", name)]
