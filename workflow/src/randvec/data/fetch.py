"""Brings CAMELS-US into the folder of a run: what is missing there, and nothing else."""

import hashlib
import logging
import shutil
import time
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import requests
import yaml

from randvec.data.camels_us import at_hand, attribute_files, find_root, forcing_sets
from randvec.data.unpack import UNREADABLE, check_room, unpack
from randvec.errors import InputError

logger = logging.getLogger(__name__)

DOWNLOADS = "downloads"  # where files lie between download and use, below the CAMELS folder
WAITS = (2, 4, 8, 16, 32)  # seconds between attempts that bring nothing new
TIMEOUT = (5, 30)  # seconds to connect to an address of the host, and seconds without a byte
BLOCK = 1 << 14  # bytes; what is left of a block when the connection breaks is lost
REPORT = 30  # seconds between lines on the progress
PASSING = (408, 416, 425, 429, 500, 502, 503, 504)  # status codes that may be others next time


@dataclass(frozen=True)
class File:
    """A file that can be fetched; config/sources/camels_us.yaml says what each key means."""

    name: str
    urls: list[str]
    bytes: int | None = None
    checksums: dict[str, str] = field(default_factory=dict)
    folder: str | None = None
    holds: dict[str, int] = field(default_factory=dict)
    disk_bytes: int = 0


def fetch(dataset: dict, sources: str | Path) -> None:
    """Bring what a run lacks; nothing is used before all of it is there and checked.

    Parameters
    ----------
    dataset : dict
        Section of a configuration, with its defaults.
    sources : path
        List of sources.

    Raises
    ------
    InputError
        If a file can't be had or is not what it must be, or the folder can't take it.
    """
    files = missing_files(dataset, sources)
    folder = Path(dataset["folder"]).expanduser()
    try:
        if files:
            _, terms = read_sources(sources)
            (folder / DOWNLOADS).mkdir(parents=True, exist_ok=True)
            (folder / "TERMS.txt").write_text(terms, encoding="utf-8")
            logger.info("\n%s\nThe same is in %s.\n", terms, folder / "TERMS.txt")
        brought = [_bring(file, folder) for file in files]
        for partial, place in chain.from_iterable(brought):
            partial.replace(place)
        for file in files:
            (folder / DOWNLOADS / file.name).unlink()
    except OSError as error:
        raise InputError(
            f"{folder}: {error}; expected a folder to write to, with room and no other files where "
            "official ones go; mend that and run the same command again"
        ) from None
    logger.info("%s is complete; %d files were fetched", folder, len(files))


def read_sources(path: str | Path) -> tuple[list[File], str]:
    """Files of a list of sources, and its terms and citations as text for people.

    Raises
    ------
    InputError
        If the file can't be read, or is no such list.
    """
    files, terms = [], ["Data that `fetch` brings, and what their authors ask for."]
    try:
        for section in yaml.safe_load(Path(path).read_text(encoding="utf-8")).values():
            mirrors = [section["url"]] if isinstance(section["url"], str) else section["url"]
            for keys in section["files"]:
                urls = [mirror.format(name=keys["name"]) for mirror in mirrors]
                files.append(File(urls=urls, **keys))
            asked = [f"  terms: {section['terms']}", *(f"  cite: {c}" for c in section["cite"])]
            terms.append("\n".join([section["title"], *asked]))
    except (OSError, yaml.YAMLError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: no list of sources ({error}); compare it with config/sources/camels_us.yaml"
        ) from None
    return files, "\n\n".join([*terms, ""])


def missing_files(dataset: dict, sources: str | Path) -> list[File]:
    """Files that `fetch` would bring to what is at hand, if there is room for them.

    Raises
    ------
    InputError
        If there is nothing to fetch for the source, no file holds what is missing, another folder
        is in its place, or there is no room.
    """
    if dataset["source"] != "camels_us":
        raise InputError(
            f"nothing to fetch: dataset.source is '{dataset['source']}'; name a configuration "
            "with source camels_us by --configfile"
        )
    folder = Path(dataset["folder"]).expanduser()
    sets = [f"basin_mean_forcing/{forcing}" for forcing in forcing_sets(dataset)]
    wanted = ["usgs_streamflow", *sets]
    wanted = [name for name in wanted if not at_hand(folder, name)]
    known, _ = read_sources(sources)
    for name in wanted:
        if not any(name in file.holds for file in known):
            raise InputError(f"{sources}: no file holds {name}, which {folder} lacks; add one")
        place = find_root(folder) / name
        if place.is_dir() and any(place.iterdir()):
            raise InputError(
                f"{place}: there are files in this folder, but none of a basin; move it away, as "
                "it is fetched as a whole"
            )
    files = [
        file for file in known
        if any(name in file.holds for name in wanted)
        or (file.folder and not attribute_files(folder, file.name))
    ]  # fmt: skip
    there = [path for file in files for path in (folder / DOWNLOADS).glob(f"{file.name}*")]
    need = sum(file.disk_bytes for file in files) - sum(path.stat().st_size for path in there)
    check_room(folder, need, f"fetching and unpacking {', '.join(file.name for file in files)}")
    return files


def _bring(file: File, folder: Path) -> list[tuple[Path, Path]]:
    """Download a file unless it is there, check it, and lay what it holds beside its place."""
    path = folder / DOWNLOADS / file.name
    pin = path.with_name(f"{path.name}.sha256")
    first = pin.read_text(encoding="utf-8").split()[0] if pin.exists() else None
    hint = f" as of the first download; if its source has changed for good, remove {pin}"
    algorithm, expected = max(file.checksums.items(), default=("sha256", first))
    for turn in (0, 1):  # once more, if it is not as it must be
        if not path.exists():
            download(file.urls[turn:] + file.urls[:turn], path, file.bytes)
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, algorithm).hexdigest()
        fault = f"{algorithm} is {found}, expected {expected}{'' if file.checksums else hint}"
        try:
            if expected in (found, None):
                places = _lay(path, file, find_root(folder))
                if not file.checksums:
                    pin.write_text(f"{found}  {file.name}\n", encoding="utf-8")
                return places
        except UNREADABLE as error:
            fault = f"no readable zip archive ({error})"
        path.unlink()
        logger.warning("%s: %s. It was removed", path, fault)
    raise InputError(f"{path}: {fault}. It was removed; run the same command to fetch it again")


def _lay(path: Path, file: File, root: Path) -> list[tuple[Path, Path]]:
    if file.holds:
        return unpack(path, file.holds, root)
    place = root / file.folder / file.name
    place.parent.mkdir(parents=True, exist_ok=True)
    return [(shutil.copyfile(path, place.with_name(f".{file.name}.part")), place)]


def download(urls: list[str], path: Path, size: int | None) -> None:
    """Download a file from the first mirror that gives it.

    It grows as ``<path>.part``, which is continued after a break, and gets its name when all of it
    has come. Whether it is the right file is not looked at here.

    Parameters
    ----------
    urls : list of str
        Addresses of the same file.
    path : Path
    size : int or None
        Bytes that it has to have; None if that is not known.

    Raises
    ------
    InputError
        If none of them gives all of it.
    """
    part = path.with_name(f"{path.name}.part")
    part.touch()
    faults = []
    for url in urls:
        if not (fault := _continue(url, part, size)):
            part.replace(path)
            return
        faults.append(f"{url}: {fault}")
    raise InputError(
        f"{path.name} did not come from {', nor from '.join(faults)}; expected {size or 'all'} "
        f"bytes, {part.stat().st_size} bytes are kept in {part}; check the network and the address "
        "and run the same command again to continue"
    )


def _continue(url: str, part: Path, size: int | None) -> str | None:
    """Let the part grow until it is whole, or say what keeps it from that."""
    waits, longest, answered = iter(WAITS), part.stat().st_size, False
    while (have := part.stat().st_size) != size:
        # As it is: a compressed answer could not be continued.
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={have}-"}
        try:
            with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
                answered = True
                _save(answer, part, have, size)
            break
        except requests.RequestException as error:
            reason = _reason(error)
            final = getattr(error.response, "status_code", PASSING[0]) not in PASSING
        if not answered:  # nobody shall wait for attempts without a network
            return f"the host {urlsplit(url).hostname} can't be reached ({reason})"
        if part.stat().st_size > longest:
            waits, longest = iter(WAITS), part.stat().st_size
        wait = next(waits, None)
        if final or wait is None:
            return reason
        logger.info("%s: %s; trying again in %g seconds", part.stem, reason, wait)
        time.sleep(wait)
    return None


def _save(answer: requests.Response, part: Path, have: int, size: int | None) -> None:
    if answer.status_code == 416:  # no byte of the file comes after the part, which is another's
        part.write_bytes(b"")
    answer.raise_for_status()
    if answer.status_code != 206:  # all of it, from the first byte
        have = 0
    length = answer.headers.get("Content-Length")
    if None not in (size, length) and have + int(length) != size:
        # Such as a page to log in, before it spoils the part.
        raise requests.ConnectionError(f"the server offers {have + int(length)} bytes")
    last = time.monotonic()
    with part.open("ab" if have else "wb") as file:
        for block in answer.iter_content(BLOCK):
            file.write(block)
            if time.monotonic() - last > REPORT:
                last = time.monotonic()
                logger.info("%s: %.0f MB have come", part.stem, file.tell() / 1e6)
    if size not in (None, part.stat().st_size):
        raise requests.ConnectionError(f"{part.stat().st_size} bytes came")


def _reason(error: BaseException) -> str:
    """What the system said, without the layers that libraries put around it."""
    while error.__context__ is not None:
        error = error.__context__
    return str(error) or type(error).__name__
