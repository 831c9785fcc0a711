"""Takes the official text files of CAMELS-US out of a zip archive, and nothing else."""

import logging
import re
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from randvec.data.camels_us import BASIN, FORCING_SETS, find_folders
from randvec.errors import InputError

logger = logging.getLogger(__name__)

#: Official folder: how the files in it are called.
FILE_NAMES = {
    "usgs_streamflow": f"{BASIN}_streamflow_qc.txt",
    **{
        f"basin_mean_forcing/{forcing}": f"{BASIN}_lump_{name}_forcing_leap.txt"
        for forcing, name in FORCING_SETS.items()
    },
}
REGION = "[0-9]{2}"  # HUC folder

ENCRYPTED = 1  # bit of the flags of a member
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)  # the last: unknown method


def at_hand(root: Path, folder: str) -> bool:
    """Whether an official folder in `root`, or where else it is read, has one of its files."""
    pattern = FILE_NAMES[folder].replace(BASIN, "*")
    return any(
        any(place.glob(f"{below}{pattern}"))
        for place in find_folders(root, folder)
        for below in ("", "*/")
    )


def unpack(archive: Path, holds: dict[str, int], root: Path) -> None:
    """Unpack the official folders that are not at hand yet.

    The archive may have other folders around these; in one that holds a single official folder its
    files may lie anywhere. Each folder is unpacked under another name beside its place and takes
    the right one when it is complete, so that a half one is never seen.

    Parameters
    ----------
    archive : Path
        A zip archive.
    holds : dict of str to int
        The official folders in it, and how many files each has at least.
    root : Path
        Folder in the official layout.

    Raises
    ------
    InputError
        If the archive can't be read, a member would leave the folder, a piece is missing, there is
        no room, or the place of a folder is taken by something else.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            _refuse_unsafe(archive, members)
            found = {folder: _find(archive, members, folder, len(holds) == 1) for folder in holds}
            _refuse_incomplete(archive, found, holds)
            missing = {folder: found[folder] for folder in holds if not at_hand(root, folder)}
            _refuse_without_room(archive, missing, root)
            for folder, files in missing.items():
                _unpack_folder(opened, files, root / folder)
                logger.info("unpacked %d files to %s", len(files), root / folder)
    except UNREADABLE as error:
        raise InputError(
            f"{archive}: no readable zip archive ({error}); remove it and fetch again"
        ) from None


def damage(archive: Path) -> str | None:
    """What is wrong with a zip archive, whose members carry checksums; None if nothing is."""
    try:
        with zipfile.ZipFile(archive) as opened:
            member = opened.testzip()
    except UNREADABLE as error:
        return f"no readable zip archive ({error})"
    return f"'{member}' in it is damaged" if member else None


def _refuse_unsafe(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        leaves = path.is_absolute() or ".." in path.parts or ":" in member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
        if leaves or not plain or member.flag_bits & ENCRYPTED:
            raise InputError(
                f"{archive}: member '{member.filename}' has a path out of the folder, is a link or "
                "is encrypted; nothing was unpacked. Expected plain files: don't use this archive"
            )


def _find(archive: Path, members: list, folder: str, anywhere: bool) -> dict[str, zipfile.ZipInfo]:
    """Members of an official folder by their path below it, HUC folder included."""
    found: dict[str, zipfile.ZipInfo] = {}
    place = re.compile(".*" if anywhere else rf"(.*/)?{folder}/({REGION}/)?")
    for member in members:
        path = PurePosixPath(member.filename)
        named_so = re.fullmatch(FILE_NAMES[folder], path.name)
        if not named_so or not place.fullmatch(f"{path.parent}/"):
            continue
        region = path.parent.name if re.fullmatch(REGION, path.parent.name) else ""
        below = str(PurePosixPath(region, path.name))
        if below in found and found[below].CRC != member.CRC:
            raise InputError(
                f"{archive}: two different files {below} for {folder}: {found[below].filename} and "
                f"{member.filename}; nothing was unpacked"
            )
        found[below] = member
    return found


def _refuse_incomplete(archive: Path, found: dict[str, dict], holds: dict[str, int]) -> None:
    for folder, files in found.items():
        full = [member for member in files.values() if member.file_size]
        if len(full) < holds[folder]:
            raise InputError(
                f"{archive}: {len(full)} files named {FILE_NAMES[folder]} for {folder}, expected "
                f"{holds[folder]} or more; nothing was unpacked. If its source has been mended, "
                "remove this file and fetch again"
            )


def _refuse_without_room(archive: Path, missing: dict[str, dict], root: Path) -> None:
    need = sum(member.file_size for files in missing.values() for member in files.values())
    free = shutil.disk_usage(root).free
    if need > free:
        raise InputError(
            f"{root}: unpacking {archive.name} needs {need / 1e9:.2f} GB, but {free / 1e9:.2f} GB "
            "are free; make room and run the same command again"
        )


def _unpack_folder(opened: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo], place: Path) -> None:
    if place.is_dir() and any(place.iterdir()):
        raise InputError(
            f"{place}: holds other files than the official ones; move it away and fetch again"
        )
    partial = place.with_name(f".{place.name}.unpacking")
    if partial.exists():
        shutil.rmtree(partial)
    for below, member in files.items():
        target = partial / below
        target.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(member) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)
    partial.rename(place)
