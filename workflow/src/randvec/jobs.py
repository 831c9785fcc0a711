"""Which members of a model are trained, and then simulated, by one job."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from randvec import scenarios


@dataclass(frozen=True)
class Job:
    """What one rule trains, and another simulates with.

    Attributes
    ----------
    seeds : tuple of int, or None
        Of the members that share a job; None if each member has its own.
    scenarios : tuple of str
        In which just these share a job.
    """

    seeds: tuple[int, ...] | None
    scenarios: tuple[str, ...]

    @property
    def each(self) -> list[str]:
        """The seeds as they stand in paths, where the seed of a lone member is a wildcard."""
        return ["{seed}"] if self.seeds is None else [str(seed) for seed in self.seeds]

    @property
    def name(self) -> str:
        """What its log is named after."""
        return job_name(self.each)

    def seeds_of(self, wildcards: object) -> list[int]:
        """The seeds of the job with these wildcards."""
        return [int(wildcards.seed)] if self.seeds is None else list(self.seeds)


def jobs(seeds: Sequence[int], names: Iterable[str], together: bool) -> list[Job]:
    """The jobs that train all members.

    Parameters
    ----------
    seeds : sequence of int
        Sorted.
    names : iterable of str
        Of the scenarios.
    together : bool
        Whether the members of a model, in one scenario, share a job.

    Returns
    -------
    list of Job
        One where each member has a job of its own. Else one for each choice of seeds, that of all
        seeds first: a member that a scenario has in common with another one belongs to that one.
    """
    if not together:
        return [Job(None, tuple(names))]
    found: dict[tuple[int, ...], list[str]] = {}
    for name in names:
        scenario = scenarios.parse(name)
        own = tuple(seed for seed in seeds if scenarios.trained_under(scenario, seed) == name)
        if own:
            found.setdefault(own, []).append(name)
    return [Job(own, tuple(where)) for own, where in found.items()]


def job_name(seeds: Iterable[int | str]) -> str:
    """What the log and the benchmark file of a job are named after: ``seed3``, ``seed1_2``.

    Parameters
    ----------
    seeds : iterable of int or str
        Of the members that share the job.
    """
    return f"seed{'_'.join(map(str, seeds))}"


def seeds_of(name: str) -> list[int]:
    """The seeds in a `job_name`."""
    return [int(seed) for seed in re.findall(r"\d+", name)]
