"""The file settings.json of a member."""

import json
import re
from pathlib import Path

from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.training.checkpoint import write_atomically

#: Of what settings.json holds; a file of another format is refused where members are used.
FORMAT = 1


def write_settings(settings: dict, path: str | Path) -> None:
    """Write settings as JSON, with a line for each key and each list."""
    text = json.dumps(settings, indent=1)
    lists = r"\[[^\[\]{}]*\]"
    text = re.sub(lists, lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text)
    write_atomically(path, (text + "\n").encode())


def read_settings(path: str | Path) -> dict:
    """Read settings.json.

    Raises
    ------
    InputError
        If it can't be read, is damaged, has another format, or its architecture is unknown.
    """
    try:
        about = json.loads(Path(path).read_text(encoding="utf-8"))
        found = about.get("format")
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); expected the settings of a member"
        ) from None
    except (ValueError, AttributeError):
        raise InputError(
            f"{path}: these are no settings of a member, or they are cut; train it again"
        ) from None
    if found != FORMAT:
        raise InputError(
            f"{path}: format {json.dumps(found)}, expected {FORMAT}; another version of randvec "
            "made this member: use that version, or train it again"
        )
    if about["architecture"] not in ARCHITECTURES:
        raise InputError(
            f"{path}: architecture '{about['architecture']}' is unknown; there are "
            f"{', '.join(ARCHITECTURES)}"
        )
    return about
