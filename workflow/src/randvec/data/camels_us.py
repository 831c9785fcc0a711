"""The official CAMELS-US files (Newman et al. 2015, Addor et al. 2017): which there are, and where.

Layout, with or without HUC folders:

    basin_mean_forcing/<forcing>/[<HUC>/]<basin>_lump_<name>_forcing_leap.txt
    usgs_streamflow/[<HUC>/]<basin>_streamflow_qc.txt
    camels_attributes_v2.0/camels_{clim,geol,soil,topo,vege}.txt   (or these files in the folder)
"""

import re
from pathlib import Path

from randvec.data.descriptors import DESCRIPTORS
from randvec.data.plain_text import read_plain
from randvec.errors import InputError

#: Forcing set: what its files are called.
FORCING_SETS = {"maurer_extended": "maurer", "maurer": "maurer", "nldas": "nldas", "daymet": "cida"}

COORDINATES = ("gauge_lat", "gauge_lon")

BASIN = "[0-9]{8}"


def read_basin_list(path: str | Path) -> list[str]:
    """Read a basin list: one eight-digit id a line, as text.

    Raises
    ------
    InputError
        For an id that is not eight digits, one that stands twice, or an empty list.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(read_plain(path).decode().split("\n"), 1):
        basin = line.strip()
        if not basin:
            continue
        if not re.fullmatch(BASIN, basin):
            raise InputError(
                f"{path}, line {number}: '{basin}' is no basin id; expected eight digits with "
                "their leading zeros, for example 01022500"
            )
        if basin in found:
            raise InputError(
                f"{path}, line {number}: basin {basin} stands in line {found[basin]} already; "
                "remove one"
            )
        found[basin] = number
    return list(found)


def find_root(folder: str | Path) -> Path:
    """The folder that holds ``basin_mean_forcing``: the given one or one below it."""
    folder = Path(folder).expanduser()
    for root in (folder, *sorted(folder.glob("*/"))):
        if (root / "basin_mean_forcing").is_dir():
            return root
    return folder


def find_series(
    folder: str | Path, forcing: str, basins: list[str] | None = None
) -> tuple[dict, dict]:
    """Forcing and streamflow files by basin; of some basins, or of all that are there.

    Returns
    -------
    forcing_files, streamflow_files : dict of str to Path

    Raises
    ------
    InputError
        If one basin has two files of a kind that differ.
    """
    root = find_root(folder)
    name = FORCING_SETS[forcing]
    return (
        _by_basin(root / "basin_mean_forcing" / forcing, f"_lump_{name}_forcing_leap.txt", basins),
        _by_basin(root / "usgs_streamflow", "_streamflow_qc.txt", basins),
    )


def find_attributes(folder: str | Path) -> dict[str, Path]:
    """The attribute files that hold descriptors, by kind; missing ones are left out."""
    given = Path(folder).expanduser()
    places = [given, find_root(folder)]
    places += [place / name for place in places for name in
               ("camels_attributes_v2.0", "camels_attributes_v1.0")]  # fmt: skip
    return {
        kind: place / f"camels_{kind}.txt"
        for place in places
        for kind in DESCRIPTORS
        if (place / f"camels_{kind}.txt").is_file()
    }


def source_files(folder: str | Path, forcing: str, basins: list[str]) -> list[str]:
    """Paths of the files that `basins` are read from, as far as they exist.

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
    kinds = find_series(folder, forcing, basins)
    found = [kind[basin] for kind in kinds for basin in basins if basin in kind]
    return sorted(str(path) for path in [*found, *find_attributes(folder).values()])


def _by_basin(folder: Path, ending: str, basins: list[str] | None) -> dict[str, Path]:
    found: dict[str, Path] = {}
    wanted = None if basins is None else set(basins)
    for path in sorted([*folder.glob(f"*{ending}"), *folder.glob(f"*/*{ending}")]):
        basin = path.name.removesuffix(ending)
        if wanted is not None and basin not in wanted:
            continue
        if basin in found and found[basin].read_bytes() != path.read_bytes():
            raise InputError(
                f"basin {basin} has two files that differ: {found[basin]} and {path}; remove one"
            )
        found.setdefault(basin, path)
    return found
