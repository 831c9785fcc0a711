"""The one error that users are meant to read, and what it says of a name that nobody knows."""

import difflib
from collections.abc import Iterable

#: Known names that a message shows.
SHOWN = 24


class InputError(ValueError):
    """Input that the pipeline refuses.

    The message names the file, the line or key, what was found, what was expected and what to do.
    """


def meant(name: str, known: Iterable[str], before: str = "") -> str:
    """The known name that is nearest to an unknown one, as a question, or else all that are known.

    `before` is what stands before each in a configuration, for example ``training.``.
    """
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"did you mean '{before}{near[0]}'?"
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f"there are {', '.join(known[:SHOWN])}{more}"
