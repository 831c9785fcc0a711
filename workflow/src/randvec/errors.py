"""The one error that users are meant to read, and how it tells of names."""

import difflib
from collections.abc import Collection, Sequence

#: Known names that a message shows.
SHOWN = 24


class InputError(ValueError):
    """Input that the pipeline refuses.

    The message names the file, the line or key, what was found, what was expected and what to do.
    """


def first_of(names: Sequence[str], most: int, between: str = ", ") -> str:
    """The first of some names or sayings, and how many more there are."""
    rest = len(names) - most
    return between.join([*names[:most], *([f"and {rest} more"] if rest > 0 else [])])


def meant(name: str, known: Collection[str], before: str = "") -> str:
    """The known name that is nearest to an unknown one, as a question, or else all that are known.

    `before` is what stands before each in a configuration, for example ``training.``.
    """
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"did you mean '{before}{near[0]}'?"
    return f"there are {first_of(list(known), SHOWN)}"
