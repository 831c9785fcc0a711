"""What may follow Snakemake's options --until and --omit-from."""

import re
from collections.abc import Callable, Iterable

from randvec.errors import InputError

#: Rules with wildcards behind the checkpoint, and the target to ask for instead.
BEHIND = {"static_vector": "vectors", "train": "members", "predict": "members"}

#: What to ask for in place of --omit-from predict.
WEIGHTS = "members/<scenario>/<model>/seed<k>/weights.safetensors"


def check_until(asked: object, in_workflow: Callable[[str], str]) -> None:
    """Refuse rules with wildcards behind the checkpoint where Snakemake would lose their jobs.

    Snakemake 9.27.1 forgets these jobs, and would end well with nothing made.

    Parameters
    ----------
    asked : object
        Has names of rules after --until and --omit-from as ``until`` and ``omit_from``.
    in_workflow : callable
        Gives what a rule is called in this workflow, which may be a module of another one.

    Raises
    ------
    InputError
        If such a rule is asked for.
    """
    for name, target in BEHIND.items():
        _refuse("--until", asked.until, in_workflow(name), f"the target {in_workflow(target)}")
    _refuse("--omit-from", asked.omit_from, in_workflow("predict"), f"the files {WEIGHTS}")


def _refuse(option: str, asked: Iterable[str], name: str, instead: str) -> None:
    for rule in asked:
        if re.sub(r"_\d+$", "", rule) == name:
            raise InputError(
                f"{option} {rule} would end without having made anything, because of an error in "
                f"Snakemake; ask for {instead} instead"
            )
