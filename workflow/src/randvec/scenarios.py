"""Scenarios: what members are trained on and what they are told of a basin, by name.

full               all basins, the whole training period
years-N            the last N years of the training period
basins-N-sK        N basins, drawn with seed K
fold-K-of-N        all basins but those of part K of N; tested on that part (ungauged basins)
without-GROUP      the descriptors of one group left out
only-GROUP         the descriptors of one group alone
noise-X            Gaussian noise on the standardised descriptors, X times their spread, the same
                   for all members, as the error of a descriptor is
vectors-K          every member reads the random vectors of seed K, whatever its own seed
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from randvec.errors import InputError
from randvec.matrix import Model

#: A scenario and a model: what the members of one ensemble have in common.
Ensemble = tuple[str, str]
#: All basins, the whole training period, everything that is known: the main comparison.
FULL = "full"


@dataclass(frozen=True)
class Scenario:
    """What one scenario changes; by default nothing.

    Attributes
    ----------
    name : str
    years : int, optional
        Training years, counted from the end of the training period.
    basins : dict, optional
        Choice of basins, as `randvec.data.selection.choose` takes it.
    descriptors : str
        Change of the descriptors, as `randvec.vectors.build` reads it in a vector's name.
    vector_seed : int, optional
        Vector seed of all members.
    """

    name: str
    years: int | None = None
    basins: dict | None = None
    descriptors: str = ""
    vector_seed: int | None = None

    @property
    def count(self) -> int | None:
        """Number of basins that are drawn."""
        return (self.basins or {}).get("count")

    @property
    def noise(self) -> float:
        """Size of the noise on the descriptors, in standard deviations of each; 0 without noise."""
        what, _, size = self.descriptors.partition("_")
        return float(size) if what == "noise" else 0.0


_GROUP = "[a-z][a-z0-9_]*"
# One way to write a number, so that no member is trained under two names.
_COUNT = "[1-9][0-9]{0,3}"
_SEED = "0|[1-9][0-9]*"
_SIZE = r"0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?"  # not 0
_KINDS = {
    FULL: lambda: {},
    f"years-({_COUNT})": lambda years: {"years": int(years)},
    f"basins-({_COUNT})-s({_SEED})": lambda count, seed: {
        "basins": {"count": int(count), "seed": int(seed)}
    },
    f"fold-({_COUNT})-of-({_COUNT})": lambda fold, folds: {
        "basins": {"fold": int(fold), "folds": int(folds)}
    },
    f"(without|only)-({_GROUP})": lambda what, group: {"descriptors": f"{what}_{group}"},
    f"noise-({_SIZE})": lambda size: {"descriptors": f"noise_{size}"},
    f"vectors-({_SEED})": lambda seed: {"vector_seed": int(seed)},
}


def parse(name: str) -> Scenario:
    """The scenario of a name.

    Raises
    ------
    InputError
        If no scenario has this name.
    """
    for pattern, changes in _KINDS.items():
        if found := re.fullmatch(pattern, name):
            scenario = Scenario(name, **changes(*found.groups()))
            _check_fold(scenario)
            return scenario
    raise InputError(
        f"scenario '{name}' is unknown; there are full, years-N, basins-N-sK, fold-K-of-N, "
        "without-GROUP and only-GROUP (of descriptors), noise-X, and vectors-K, with "
        "numbers that begin and end without needless zeros"
    )


def vector_name(model: Model, scenario: Scenario, seed: int, descriptors: int) -> str | None:
    """Name of the static vector table that a member reads, None for no statics.

    Parameters
    ----------
    model : Model
    scenario : Scenario
    seed : int
        Of the member.
    descriptors : int
        Their number, before the scenario changes them.
    """
    own = seed if scenario.vector_seed is None else scenario.vector_seed
    name = model.table(own, descriptors)
    if not scenario.descriptors or not model.statics.describes:
        return name
    return f"{name}-{scenario.descriptors}"


def dimension(model: Model, scenario: Scenario, groups: Mapping[str, Sequence[str]]) -> int | None:
    """Length of a model's static vector in a scenario; None where the data give it.

    Parameters
    ----------
    model : Model
    scenario : Scenario
    groups : mapping of str to sequence of str
        Names of the descriptors by group.
    """
    length = model.length(sum(map(len, groups.values())))
    if not model.statics.describes or model.statics.random or not scenario.descriptors:
        return length  # a mixed vector is filled up
    what, _, group = scenario.descriptors.partition("_")
    if what == "noise":
        return length
    size = len(groups[group])
    return size if what == "only" else length - size


def trained_under(scenario: Scenario, seed: int) -> str:
    """Name of the scenario under which a member is trained: full if it is the same member there."""
    return FULL if scenario.vector_seed == seed else scenario.name


def check(model: Model, scenario: Scenario, groups: Mapping[str, Sequence[str]]) -> None:
    """Refuse a scenario that would train a model exactly as another scenario does.

    Raises
    ------
    InputError
        If the scenario changes descriptors or random vectors and the model has none, names a group
        that is not there, or leaves no descriptor.
    """
    _check_group(scenario, groups)
    if scenario.descriptors and not model.statics.describes:
        raise InputError(
            f"config: scenario '{scenario.name}' changes descriptors, but model '{model.code}' has "
            "none; take the model out of this experiment"
        )
    if scenario.vector_seed is not None and not model.statics.random:
        raise InputError(
            f"config: scenario '{scenario.name}' sets the seed of random vectors, but model "
            f"'{model.code}' has none; take the model out of this experiment"
        )


def _check_fold(scenario: Scenario) -> None:
    fold = (scenario.basins or {}).get("fold")
    if fold is not None and not (fold <= scenario.basins["folds"] >= 2):
        raise InputError(
            f"scenario '{scenario.name}': expected fold-K-of-N with N of 2 or more and K up to N"
        )


def _check_group(scenario: Scenario, groups: Mapping[str, Sequence[str]]) -> None:
    what, _, group = scenario.descriptors.partition("_")
    if what not in ("without", "only"):
        return
    if group not in groups:
        raise InputError(
            f"config: scenario '{scenario.name}': there is no group '{group}' of descriptors; "
            f"dataset.descriptors has {', '.join(groups)}"
        )
    if len(groups) == 1:
        leaves = "no descriptor" if what == "without" else "all descriptors, as full does"
        raise InputError(
            f"config: scenario '{scenario.name}' leaves {leaves}: '{group}' is the only group"
        )
