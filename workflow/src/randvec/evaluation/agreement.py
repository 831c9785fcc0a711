"""Whether members belong together, by what their settings.json say.

Snakemake trains a member again when its settings, data or code change. It keeps the old one where
it is told to: with ``--rerun-triggers mtime``, or after ``--touch``.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from randvec.errors import InputError, first_of

logger = logging.getLogger(__name__)

#: What members of one ensemble have in common, beside data and code.
ALIKE = ("architecture", "forcings", "training", "train_period", "basins")
SHOWN = 3  # keys in a message
REMEDY = (
    "Remove that member's folder, or leave out --rerun-triggers mtime if that kept it, and it is "
    "trained again"
)
SET_BACK = f"{REMEDY}; or set the configuration back"


def check_members(
    paths: Mapping[int, str], configured: Mapping, vectors: Iterable[str | None]
) -> None:
    """Refuse members of an ensemble that differ in more than their seeds.

    The scaler is not compared, as it follows from what is, and its last digits from the machine.

    Parameters
    ----------
    paths : mapping of seed to str
        The settings.json of every member.
    configured : mapping
        As for `check_configured`.
    vectors : iterable of str or None
        Name of each member's static vector.

    Raises
    ------
    InputError
        As `check_configured`, and if a member has another seed or static vector than it should, or
        members were trained by different code or with files of one name that differ.
    """
    members = {
        path: check_configured(path, {"seed": seed, "vectors": vector, **configured})
        for (seed, path), vector in zip(paths.items(), vectors, strict=True)
    }
    check_alike(members)
    for key in ("device", "versions"):
        if len({json.dumps(member[key]) for member in members.values()}) > 1:
            logger.warning("the members were trained with different %s; see versions.csv", key)


def check_alike(members: Mapping[str, Mapping]) -> None:
    """Refuse members that were not trained with the same settings, data and code.

    Parameters
    ----------
    members : mapping of str to mapping
        By the name of its file, what settings.json says of each.

    Raises
    ------
    InputError
        Naming the file and what differs.
    """
    seen: dict[str, tuple[str, str]] = {}
    example, settings = next(iter(members.items()))
    for path, member in members.items():
        differing = list(_differences(*(_alike(one) for one in (member, settings))))
        if differing:
            raise InputError(
                f"{path}: {'; '.join(differing[:SHOWN])} as in {example}; members of one ensemble "
                "must be trained alike. " + REMEDY
            )
        for name, digest in {"code": member.get("code"), **member.get("inputs", {})}.items():
            first, expected = seen.setdefault(name, (path, digest))
            if digest != expected:
                raise InputError(
                    f"{path}: the digest of {name} is {digest}, expected {expected} as in {first}; "
                    "members of one ensemble must come from the same data and code. " + REMEDY
                )


def _alike(settings: Mapping) -> dict:
    """What a member has in common with the others; a drawn vector is its own but for its kind."""
    kind = re.sub(r"-s\d+", "", settings.get("vectors") or "none")
    return {"vectors": kind, **{key: settings.get(key) for key in ALIKE}}


def check_ensembles(paths: Sequence[str], configured: Sequence[Mapping]) -> None:
    """Refuse ensembles of which one has members of other settings than the configuration.

    Parameters
    ----------
    paths : sequence of str
        The settings.json of all members, ensemble by ensemble, of each ensemble as many.
    configured : sequence of mapping
        For each ensemble as for `check_configured`.

    Raises
    ------
    InputError
        As `check_configured`.
    """
    members = len(paths) // len(configured)
    for number, path in enumerate(paths):
        check_configured(path, configured[number // members])


def check_configured(path: str, configured: Mapping, remedy: str = SET_BACK) -> dict:
    """Read a member's settings.json and refuse it if the configuration has other settings.

    Parameters
    ----------
    path : str
    configured : mapping
        Some keys of settings.json, with the values that follow from the configuration.
    remedy : str
        What to do.

    Raises
    ------
    InputError
        If it can't be read or a value differs. The message names the file and the keys.
    """
    try:
        member = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: not the settings of a member ({error}). {REMEDY}") from None
    found = {key: member.get(key) for key in configured}
    if differing := list(_differences(found, configured)):
        shown = first_of(differing, SHOWN, "; ")
        raise InputError(f"{path}: {shown}, as the configuration has it. {remedy}")
    return member


def _differences(found: object, expected: object, key: str = "") -> Iterator[str]:
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        for name in dict.fromkeys([*expected, *found]):
            below = f"{key}.{name}" if key else name
            yield from _differences(found.get(name), expected.get(name), below)
    elif found != expected:
        yield f"{key} is {json.dumps(found)}, expected {json.dumps(expected)}"
