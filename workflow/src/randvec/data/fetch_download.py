"""Downloads over HTTP that outlive a broken connection."""

import time
from collections.abc import Callable
from pathlib import Path

import requests

from randvec.errors import InputError

ATTEMPTS = 6  # in a row that bring nothing new
PAUSE = 2.0  # seconds before the second attempt; doubles from attempt to attempt
TIMEOUT = 60  # seconds without a byte
BLOCK = 1 << 16  # bytes; what is left of a block when the connection breaks is lost
REPORT_SECONDS = 30
BUSY = (408, 425, 429, 500, 502, 503, 504)  # status codes that may pass


def download(url: str, path: Path, size: int | None, say: Callable[[str], None], **options) -> None:
    """Download a file; what came before a connection broke is kept and continued.

    The file grows as ``<path>.part`` and gets its name when the server has sent all of it. Whether
    it is the right file is not looked at here.

    Parameters
    ----------
    url : str
    path : Path
        Where the file goes. A ``.part`` of an earlier run is continued.
    size : int or None
        Bytes of the file, if known.
    say : callable
        Takes a line about the progress.
    **options
        For `requests.get`.

    Raises
    ------
    InputError
        If it did not come; what is there stays and is continued by the next run.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    failures, longest = 0, _length(part)
    while True:
        try:
            _continue(url, part, size, say, options)
            break
        except requests.RequestException as error:
            if _length(part) > longest:
                failures, longest = 0, _length(part)
            failures += 1
            if failures == ATTEMPTS or _final(error):
                raise InputError(_failure(url, path, part, size, error)) from None
            wait = PAUSE * 2 ** (failures - 1)
            say(f"{path.name}: {error}; trying again in {wait:g} seconds")
            time.sleep(wait)
    part.replace(path)


def _continue(url: str, part: Path, size: int | None, say: Callable, options: dict) -> None:
    have = _length(part)
    if size is not None and have > size:
        part.unlink()
        have = 0
    if have and have == size:
        return
    # As it is: a compressed answer could not be continued.
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT, **options) as answer:
        if answer.status_code == 416:  # nothing after what is there, but it is not the file
            part.unlink()
        answer.raise_for_status()
        continues = answer.status_code == 206
        _check_promise(answer, have if continues else 0, size)
        if continues:
            say(f"{part.stem}: continuing after {have / 1e6:.1f} MB")
        _save(answer, part, "ab" if continues else "wb", size, say)
    if size is not None and _length(part) != size:
        raise requests.ConnectionError(f"{_length(part)} bytes came, expected {size}")


def _check_promise(answer: requests.Response, have: int, size: int | None) -> None:
    """Refuse an answer of another length, such as a page to log in, before it spoils the part."""
    promised = answer.headers.get("Content-Length")
    if None in (promised, size) or "Content-Encoding" in answer.headers:
        return
    if have + int(promised) != size:
        raise requests.ConnectionError(f"the server offers {have + int(promised)} bytes")


def _save(answer, part: Path, mode: str, size: int | None, say: Callable) -> None:
    last = time.monotonic()
    with part.open(mode) as file:
        for block in answer.iter_content(BLOCK):
            file.write(block)
            if time.monotonic() - last > REPORT_SECONDS:
                last = time.monotonic()
                total = f" of {size / 1e6:.0f}" if size else ""
                say(f"{part.stem}: {file.tell() / 1e6:.0f}{total} MB")


def _final(error: requests.RequestException) -> bool:
    """Whether another attempt is in vain."""
    if isinstance(error, requests.HTTPError):
        return error.response.status_code not in (*BUSY, 416)
    return isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema)


def _failure(url: str, path: Path, part: Path, size: int | None, error: Exception) -> str:
    expected = f"{size} bytes" if size else "a whole file"
    kept = (
        f"{_length(part)} bytes are kept in {part}; run the same command again to continue"
        if _length(part)
        else "nothing of it is kept; check the address and the network, then run the same command "
        "again"
    )
    return f"{path.name} did not come from {url}: {error}; expected {expected}; {kept}"


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
