"""Brings CAMELS-US into the folder of a run: what is missing there, and nothing else."""

import hashlib
import importlib.util
import logging
import shutil
from pathlib import Path

from randvec.data.camels_us import find_attributes, find_root
from randvec.data.fetch_sources import File, read_sources
from randvec.data.unpack import at_hand, damage, unpack
from randvec.errors import InputError

logger = logging.getLogger(__name__)

PLUGIN = "snakemake_storage_plugin_http"


def downloads(folder: str | Path) -> Path:
    """Where files lie between download and use, below the CAMELS folder."""
    return Path(folder).expanduser() / "downloads"


def missing_files(dataset: dict, sources: str | Path) -> list[File]:
    """Files to fetch for a run, after a look at whether that can go well.

    An official folder that holds files is at hand, whoever put them there.

    Parameters
    ----------
    dataset : dict
        Section of a configuration, with its defaults.
    sources : path
        List of sources.

    Raises
    ------
    InputError
        If the dataset is not CAMELS-US, no source has what is missing, the extra for fetching is
        not installed, or there is no room.
    """
    if dataset["source"] != "camels_us":
        raise InputError(
            f"nothing to fetch: dataset.source is '{dataset['source']}'; name a configuration "
            "with source camels_us by --configfile"
        )
    folder = Path(dataset["folder"]).expanduser()
    root = find_root(folder)
    wanted = ["usgs_streamflow", f"basin_mean_forcing/{dataset['forcing']}"]
    wanted = [name for name in wanted if not at_hand(folder, name)]
    places = {folder, *(path.parent for path in find_attributes(folder).values())}
    known = [file for source in read_sources(sources) for file in source.files]
    for name in wanted:
        if not any(name in file.holds for file in known):
            raise InputError(f"{sources}: no file holds {name}, which {folder} lacks; add one")
    files = [
        file for file in known
        if any(name in file.holds for name in wanted)
        or (file.folder and not _has_file(file.name, {*places, root / file.folder}))
    ]  # fmt: skip
    if files:
        _check_plugin()
        _check_room(files, folder)
    return files


def rule_inputs(storage, files: list[File], folder: Path, terms: str) -> dict:
    """Inputs of the rule that fetches; none if there is nothing to fetch.

    Parameters
    ----------
    storage : snakemake.storage.StorageRegistry
        The object of that name in a Snakefile.
    files : list of File
        What `missing_files` gave.
    folder : Path
        The CAMELS folder.
    terms : str
        Path of the terms, which are shown before the first download.
    """
    if not files:
        return {}
    from randvec.data.fetch_storage import prepare_storage  # needs the extra for fetching

    prepare_storage(storage, files, downloads(folder))
    return {"terms": terms, "files": [storage.http(file.url, keep_local=True) for file in files]}


def install(paths: list[str], sources: str | Path, folder: str | Path) -> None:
    """Check downloads, put what they hold in its place, and remove them.

    Nothing is used before all are checked, and nothing removed before all is in its place.

    Parameters
    ----------
    paths : list of str
        Downloads, under the names that they have in the list of sources.
    sources : path
        List of sources.
    folder : path
        The CAMELS folder.

    Raises
    ------
    InputError
        If one is not what it must be; then it is removed, so that it can be fetched anew. If one
        can't be used for another reason; then it stays.
    """
    known = {file.name: file for source in read_sources(sources) for file in source.files}
    files = {path: known[path.name] for path in map(Path, paths)}
    for path, file in files.items():
        _check(path, file)
    root = find_root(folder)
    for path, file in files.items():
        if file.holds:
            unpack(path, file.holds, root)
        else:
            _place(path, root / file.folder / file.name)
        logger.info("%s is checked and in its place below %s", path.name, root)
    for path, file in files.items():
        if not file.checksums:
            _pin(path).write_text(f"{_digest(path, 'sha256')}  {path.name}\n", encoding="utf-8")
        path.unlink()


def _has_file(name: str, places: set[Path]) -> bool:
    return any((place / name).is_file() for place in places)


def _check_plugin() -> None:
    if importlib.util.find_spec(PLUGIN) is None:
        raise InputError(
            "fetching needs a storage plugin of Snakemake that is not installed; run "
            "`.venv/bin/pip install --editable '.[fetch]'` and the same command again"
        )


def _check_room(files: list[File], folder: Path) -> None:
    need = sum(max(file.disk_bytes - _bytes_there(file, folder), 0) for file in files)
    existing = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(existing).free
    if need > free:
        raise InputError(
            f"{folder}: fetching {', '.join(file.name for file in files if file.disk_bytes)} needs "
            f"{need / 1e9:.1f} GB on this disk, downloads and unpacked files together, but "
            f"{free / 1e9:.1f} GB are free; make room or name another dataset.folder"
        )


def _bytes_there(file: File, folder: Path) -> int:
    path = downloads(folder) / file.name
    return sum(p.stat().st_size for p in (path, path.with_name(f"{path.name}.part")) if p.exists())


def _check(path: Path, file: File) -> None:
    fault = _fault(path, file)
    if fault:
        path.unlink()
        raise InputError(f"{path}: {fault}. It was removed; run the same command to fetch it again")


def _fault(path: Path, file: File) -> str | None:
    size = path.stat().st_size
    if file.bytes not in (None, size):
        return f"{size} bytes, expected {file.bytes}"
    for algorithm, expected in file.checksums.items():
        if (found := _digest(path, algorithm)) != expected:
            return f"{algorithm} is {found}, expected {expected}"
    if file.checksums:
        return None
    pin = _pin(path)
    if pin.exists():
        expected = pin.read_text(encoding="utf-8").split()[0]
        if (found := _digest(path, "sha256")) != expected:
            return (
                f"sha256 is {found}, expected {expected} as of the first download; if its source "
                f"has changed for good, remove {pin}"
            )
    return damage(path)


def _pin(path: Path) -> Path:
    """Where the checksum of a first download is noted."""
    return path.with_name(f"{path.name}.sha256")


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _place(path: Path, target: Path) -> None:
    """Copy a file so that it is whole as soon as it is there, on whatever disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    shutil.copyfile(path, partial)
    partial.replace(target)
