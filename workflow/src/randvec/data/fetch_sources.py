"""What can be fetched: the files of CAMELS-US, where they are, and what they must be."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from randvec.errors import InputError


@dataclass(frozen=True)
class File:
    """A file that can be fetched.

    Attributes
    ----------
    name, url : str
        What it is called and where it is.
    bytes : int or None
        Its size, if that is published.
    checksums : dict of str to str
        Hexadecimal digests by algorithm (``md5``, ``sha256``); empty if none is published.
    folder : str or None
        Where a plain file goes, below the CAMELS folder.
    holds : dict of str to int
        For a zip archive, the folders that are taken from it, and how many files each has at least.
    disk_bytes : int
        Room that the download and the unpacked files need together.
    """

    name: str
    url: str
    bytes: int | None = None
    checksums: dict[str, str] = field(default_factory=dict)
    folder: str | None = None
    holds: dict[str, int] = field(default_factory=dict)
    disk_bytes: int = 0


@dataclass(frozen=True)
class Source:
    """A place that files come from, with what it asks of those who use them."""

    title: str
    terms: str
    cite: list[str]
    files: list[File]


def read_sources(path: str | Path) -> list[Source]:
    """Read a list of sources, such as ``config/sources/camels_us.yaml``.

    Raises
    ------
    InputError
        If it is not there or not in that form.
    """
    try:
        sections = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        return [_source(**section) for section in sections.values()]
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: no list of sources ({error}); compare it with config/sources/camels_us.yaml "
            "of the repository"
        ) from None


def terms(sources: list[Source]) -> str:
    """Terms and citations of all sources, as text for people."""
    blocks = [
        "\n".join(
            [source.title, f"  terms: {source.terms}", *(f"  cite: {c}" for c in source.cite)]
        )
        for source in sources
    ]
    return "\n\n".join(["Data that `fetch` brings, and what their authors ask for.", *blocks, ""])


def _source(title: str, url: str, terms: str, cite: list[str], files: list[dict]) -> Source:
    return Source(
        title, terms, cite, [File(url=url.format(name=file["name"]), **file) for file in files]
    )
