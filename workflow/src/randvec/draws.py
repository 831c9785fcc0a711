"""Whether the basins of a run suffice for what its scenarios draw from them."""

from collections.abc import Mapping, Sequence

from randvec import matrix, scenarios
from randvec.data.selection import choose
from randvec.errors import InputError, first_of
from randvec.experiments import MAIN

#: Scenario and model of all that the main comparison, ``main``, and each experiment consist of.
Parts = Mapping[str, Sequence[tuple[str, str]]]


def check_draws(parts: Parts, used: Sequence[str], listed: int | None = None) -> None:
    """Refuse what can't be trained or compared over the basins of the data.

    Parameters
    ----------
    parts : Parts
    used : sequence of str
        The basins that are left.
    listed : int, optional
        How many were asked for, for messages.

    Raises
    ------
    InputError
        As `check_trained` and `check_shared` do.
    """
    of = f"{len(used)} of {listed}" if listed else len(used)
    left = f" (basins of the data: {of})"
    check_trained(parts, used, left)
    check_shared(parts, used, left)


def check_trained(parts: Parts, basins: Sequence[str], left: str = "") -> None:
    """Refuse scenarios of too many or all basins, and static vectors where one is trained on.

    A static vector that never changes in training is one more bias: no network can learn what it
    says about a basin. Standardised over one basin it is zero. The number of basins decides.

    Parameters
    ----------
    parts : Parts
    basins : sequence of str
    left : str
        What to say of their number.

    Raises
    ------
    InputError
        Naming the scenario and the models.
    """
    for name, ensembles in parts.items():
        models: dict[str, list[str]] = {}
        for scenario, code in ensembles:
            models.setdefault(scenario, []).append(code)
        for scenario, codes in models.items():
            where = f"config: {key_of(name)}: scenario '{scenario}'"
            choice = scenarios.parse(scenario).basins
            try:
                trained, _ = choose(basins, choice)
            except InputError as error:
                raise InputError(f"{where}{left}: {error}") from None
            if choice and choice.get("count") == len(basins):
                raise InputError(
                    f"{where} draws all {len(basins)} basins{left}, as full does; ask for fewer, "
                    "or for full"
                )
            static = [code for code in codes if matrix.parse(code).dimension != 0]
            if len(trained) == 1 and static:
                raise InputError(
                    f"{where} trains on one basin{left}, where a static vector tells a network "
                    f"nothing, as in {first_of(static, 4)}; train on more basins, or only models "
                    "without one (CN)"
                )


def check_shared(parts: Parts, basins: Sequence[str], left: str = "") -> None:
    """Refuse subsets that share no basin in an experiment, which compares on those they share.

    Parameters
    ----------
    parts : Parts
    basins : sequence of str
        The very basins that are drawn from.
    left : str
        What to say of their number.

    Raises
    ------
    InputError
        Naming the experiment.
    """
    for name, ensembles in parts.items():
        choices = [scenarios.parse(scenario).basins or {} for scenario, _ in ensembles]
        drawn = [set(choose(basins, choice)[1]) for choice in choices if "count" in choice]
        if name != MAIN and drawn and not set.intersection(*drawn):
            raise InputError(
                f"config: {key_of(name)} draws subsets of basins that share none{left}, so they "
                "can't be compared; draw them with the same seed"
            )


def key_of(part: str) -> str:
    """Where the scenarios of a part stand in the configuration."""
    return "models" if part == MAIN else f"experiments.{part}.scenarios"
