"""What may follow Snakemake's option --until."""

import re
from collections.abc import Callable, Iterable

from randvec.errors import InputError

#: Rules with wildcards behind the checkpoint, and the target to ask for instead.
BEHIND = {"static_vector": "vectors", "train": "members", "predict": "members"}


def check_until(asked: Iterable[str], in_workflow: Callable[[str], str]) -> None:
    """Refuse --until for a rule with wildcards behind the checkpoint.

    Snakemake 9.27.1 forgets the jobs of these rules, and would end well with nothing made.

    Parameters
    ----------
    asked : iterable of str
        Names of rules after --until.
    in_workflow : callable
        Gives what a rule is called in this workflow, which may be a module of another one.

    Raises
    ------
    InputError
        If such a rule is asked for.
    """
    for rule in asked:
        for name, target in BEHIND.items():
            if re.sub(r"_\d+$", "", rule) == in_workflow(name):
                raise InputError(
                    f"--until {rule} would end without having made anything, because of an error "
                    f"in Snakemake; ask for the target {in_workflow(target)} instead"
                )
