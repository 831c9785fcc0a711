"""Takes the official text files of CAMELS-US out of a zip archive, and nothing else."""

import re
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from randvec.data.camels_us import BASIN, ENDINGS, at_hand
from randvec.errors import InputError

#: What a damaged archive raises; the last one, if it is encrypted or packed by an unknown method.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)


def unpack(archive: Path, holds: dict[str, int], root: Path) -> list[tuple[Path, Path]]:
    """Unpack the official folders that `root` lacks, under names that no reader looks for.

    The archive holds at least so many files of each; those of a single one may lie anywhere in it.

    Returns
    -------
    list of (Path, Path)
        Each folder under its name for now, and its place.

    Raises
    ------
    InputError
        If a member would leave the folder, or a piece is missing. If it is damaged, `UNREADABLE`.
    """
    places = []
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        _refuse_unsafe(archive, members)
        found = {folder: _find(archive, members, folder, holds) for folder in holds}
        missing = {folder: files for folder, files in found.items() if not at_hand(root, folder)}
        need = sum(member.file_size for files in missing.values() for member in files.values())
        check_room(root, need, f"unpacking {archive.name}")
        for folder, files in missing.items():
            place = root / folder
            partial = place.with_name(f".{place.name}.unpacking")
            shutil.rmtree(partial, ignore_errors=True)
            for below, member in files.items():
                target = partial / below
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(opened.read(member))
            places.append((partial, place))
    return places


def check_room(folder: Path, need: int, what: str) -> None:
    """Refuse what needs more bytes than are free on the disk of a folder."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(existing).free
    if need > free:
        raise InputError(
            f"{folder}: {what} needs {need / 1e9:.1f} GB on this disk, but {free / 1e9:.1f} GB are "
            "free; make room or name another dataset.folder"
        )


def _refuse_unsafe(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        leaves = path.is_absolute() or ".." in path.parts or ":" in member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if leaves or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError(
                f"{archive}: member '{member.filename}' has a path out of the folder or is a link; "
                "nothing was unpacked. Expected plain files: don't use this archive"
            )


def _find(archive: Path, members: list, folder: str, holds: dict) -> dict[str, zipfile.ZipInfo]:
    """Members of an official folder by their path below it, HUC folder included."""
    name = BASIN + ENDINGS[folder]
    around = "" if len(holds) == 1 else f"{folder}/"
    found: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        match = re.fullmatch(f"(?:.*?/)??{around}((?:[0-9]{{2}}/)?{name})", member.filename)
        if match and found.setdefault(match[1], member).CRC != member.CRC:
            raise InputError(
                f"{archive}: two different files {match[1]} for {folder}, as {member.filename}; "
                "nothing was unpacked. Expected one of them: don't use this archive"
            )
    full = sum(member.file_size > 0 for member in found.values())
    if full < holds[folder]:
        raise InputError(
            f"{archive}: {full} files named {name} for {folder}, expected {holds[folder]} or more; "
            "nothing was unpacked. If its source has been mended, remove this file and fetch again"
        )
    return found
