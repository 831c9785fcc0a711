"""The official CAMELS-US files (Newman et al. 2015, Addor et al. 2017): which there are, and where.

Layout, in the given folder or up to two levels below it, with or without HUC folders:

    basin_mean_forcing/<forcing>/[<HUC>/]<basin>_lump_<name>_forcing_leap.txt
    usgs_streamflow/[<HUC>/]<basin>_streamflow_qc.txt
    camels_attributes_v2.0/camels_{clim,geol,soil,topo,vege}.txt   (or these files in the folder)

Where a file is there twice, both must be the same but for line ends.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from randvec.data.basin_list import read_ids
from randvec.data.camels_us_search import nothing_found
from randvec.data.plain_text import same_text
from randvec.data.reader import places_of
from randvec.errors import InputError

#: Forcing set: what its files are called.
FORCING_SETS = {"maurer_extended": "maurer", "maurer": "maurer", "nldas": "nldas", "daymet": "cida"}

#: Official folder of series: what its files are called after the id of their basin.
ENDINGS = {
    "usgs_streamflow": "_streamflow_qc.txt",
    **{
        f"basin_mean_forcing/{forcing}": f"_lump_{name}_forcing_leap.txt"
        for forcing, name in FORCING_SETS.items()
    },
}

#: Attribute files whose columns may be descriptors; others hold names, and signatures of discharge.
KINDS = ("clim", "topo", "vege", "soil", "geol")

BASIN = "[0-9]{8}"


def read_basin_list(path: str | Path) -> list[str]:
    """Read a basin list: one eight-digit id a line, as text; raises as `read_ids`."""
    expected = "eight digits with their leading zeros, for example 01022500"
    return read_ids(path, BASIN, expected)


def find_folders(folder: str | Path, name: str) -> list[Path]:
    """Every folder of an official name in the given folder or up to two levels below it.

    So deep lies the official archive of the time series:
    basin_timeseries_v1p2_metForcing_obsFlow/basin_dataset_public_v1p2.
    """
    return [place / name for place in places_of(folder) if (place / name).is_dir()]


def forcing_sets(dataset: dict) -> list[str]:
    """The forcing sets that a section `dataset` asks for, one or several."""
    sets = dataset["forcing"]
    return [sets] if isinstance(sets, str) else sets


def at_hand(folder: str | Path, name: str) -> bool:
    """Whether an official folder of series has a file, wherever it is read from."""
    return any(_files(folder, name))


def find_root(folder: str | Path) -> Path:
    """The folder that holds the official ones of the series: the given one or one below it."""
    return _roots(folder)[0]


def find_series(
    folder: str | Path, forcing: str, basins: list[str] | None = None, streamflow: bool = True
) -> tuple[dict, dict]:
    """Forcing and streamflow files by basin; of some basins, or of all that are there.

    Without `streamflow` it is no fault if there is no file of it.

    Returns
    -------
    forcing_files, streamflow_files : dict of str to Path

    Raises
    ------
    InputError
        If one basin has two files of a kind that differ, or none of the basins has one.
    """
    return (
        _by_basin(folder, f"basin_mean_forcing/{forcing}", basins, True),
        _by_basin(folder, "usgs_streamflow", basins, streamflow),
    )


def find_attributes(folder: str | Path) -> dict[str, Path]:
    """The attribute files that hold descriptors, by kind; missing ones are left out.

    They lie in a folder of their version, wherever the series may lie, or beside the series.

    Raises
    ------
    InputError
        If a kind has two files that differ, or the kinds are of two versions.
    """
    found: dict[str, Path] = {}
    for kind in KINDS:
        for path in attribute_files(folder, f"camels_{kind}.txt"):
            first = found.setdefault(kind, path)
            _refuse_different(first, path, f"{path.name} of the attributes")
    _refuse_two_versions([p for p in found.values() if p.parent.match("camels_attributes_v*")])
    return found


def attribute_files(folder: str | Path, name: str) -> list[Path]:
    """Every attribute file of a name, of all versions; the newest first."""
    named = [found for place in places_of(folder) for found in place.glob("camels_attributes_v*")]
    # What is there twice is the same, so that the order matters to nobody.
    places = [*sorted(named, key=lambda path: path.name, reverse=True),
              Path(folder).expanduser(), *_roots(folder)]  # fmt: skip
    return [place / name for place in places if (place / name).is_file()]


def source_files(
    folder: str | Path, forcing: str, basins: list[str], streamflow: bool = True
) -> list[str]:
    """Paths of the files that `basins` are read from, as far as they exist; as `find_series`.

    Raises
    ------
    InputError
        If the folder itself is missing.
    """
    if not Path(folder).expanduser().is_dir():
        raise InputError(
            f"{folder}: no such folder; put or link CAMELS-US there, name another dataset.folder, "
            "or let the target `fetch` bring it"
        )
    kinds = find_series(folder, forcing, basins, streamflow)
    found = [kind[basin] for kind in kinds for basin in basins if basin in kind]
    return sorted(str(path) for path in [*found, *find_attributes(folder).values()])


def _roots(folder: str | Path) -> list[Path]:
    """The folders that hold official folders of series; the given one if there is none."""
    names = ("basin_mean_forcing", "usgs_streamflow")
    places = places_of(folder)
    return [place for place in places if any((place / n).is_dir() for n in names)] or places[:1]


def _files(folder: str | Path, name: str) -> Iterator[Path]:
    """Files of an official folder of series, without and with HUC folders."""
    patterns = (f"*{ENDINGS[name]}", f"*/*{ENDINGS[name]}")
    files = (sorted(place.glob(p)) for place in find_folders(folder, name) for p in patterns)
    return chain.from_iterable(files)


def _by_basin(
    folder: str | Path, name: str, basins: list[str] | None, needed: bool
) -> dict[str, Path]:
    found: dict[str, Path] = {}
    wanted = None if basins is None else set(basins)
    for path in _files(folder, name):
        basin = path.name.removesuffix(ENDINGS[name])
        if not re.fullmatch(BASIN, basin) or (wanted is not None and basin not in wanted):
            continue
        if path is not found.setdefault(basin, path):
            _refuse_different(found[basin], path, f"basin {basin}")
    if needed and not found:
        raise InputError(nothing_found(folder, name, ENDINGS[name], basins))
    return found


def _refuse_different(first: Path, second: Path, what: str) -> None:
    if first.resolve() != second.resolve() and not same_text(first, second):
        raise InputError(
            f"{what} has two files that differ: {first} and {second}; keep the right one, and move "
            "the other one out of the folder"
        )


def _refuse_two_versions(files: list[Path]) -> None:
    versions = {path.parent.name: path for path in files}
    if len(versions) > 1:
        first, second = list(versions.values())[:2]
        raise InputError(
            f"{first} and {second} are of two versions of the attributes; get all files of one "
            "version, and move the other one out of the folder"
        )
