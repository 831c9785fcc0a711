"""What to say where no basin has a file of a kind: where it was looked for, and what lies there."""

import difflib
from pathlib import Path

from randvec.errors import first_of

#: Folders and names that a message shows; it has to stay short.
SHOWN = 4

DEPTHS = ("", "*/", "*/*/", "*/*/*/")


def nothing_found(folder: str | Path, name: str, ending: str, basins: list[str] | None) -> str:
    """Say that no basin has a file of a kind.

    Parameters
    ----------
    folder : path
        The CAMELS folder.
    name : str
        The official folder of these files: ``usgs_streamflow``, ``basin_mean_forcing/daymet``.
    ending : str
        What their names end with, after the id of the basin.
    basins : list of str or None
        Basins that were looked for; None for any.
    """
    folder = Path(folder).expanduser()
    file = f"{basins[0] if basins else '01022500'}{ending}"
    of = f"any of the {len(basins)} basins" if basins else "any basin"
    places = [place for depth in DEPTHS[:3] for place in sorted(folder.glob(f"{depth}{name}"))]
    looked = [f"{place} ({_content(place)})" for place in places]
    full = next((place for place in places if place.is_dir() and any(place.iterdir())), None)
    fetched = f"all of it after {full} was moved away" if full else "what is missing"
    return (
        f"{folder / name}: no file of {of}; expected {file} in it or in a HUC folder of it, or in "
        f"a {name} one or two levels further down. Looked in: {_few(looked) or 'no such folder'}. "
        f"Found instead: {found_near(folder, name, ending, places)}. Rename or move that folder, "
        "name another dataset.folder, dataset.forcing or dataset.basins, or let the target `fetch` "
        f"bring {fetched}"
    )


def found_near(folder: str | Path, name: str, ending: str, looked: list[Path]) -> str:
    """Folders that are called nearly so, hold files that end so or lie beside; else what is there.

    Parameters
    ----------
    folder : path
        The CAMELS folder.
    name, ending : str
        What the folder should be called, and how its files end.
    looked : list of Path
        Folders that are known already.
    """
    folder = Path(folder).expanduser()
    top, _, below = name.partition("/")
    found: list[Path] = []
    for place in (path for depth in DEPTHS[1:] for path in sorted(folder.glob(depth))):
        if any(other in (place, *place.parents) for other in (*found, *looked)):
            continue
        called_so = difflib.get_close_matches(place.name.lower(), [top, below])
        beside = below and place.parent.name == top
        if beside or (called_so and place.name != top) or _holds(place, ending):
            found.append(place)
    return _few(found) or _content(folder)


def _holds(folder: Path, ending: str) -> bool:
    return any(next(folder.glob(f"{below}*{ending}"), None) for below in DEPTHS[:2])


def _content(folder: Path) -> str:
    """A file of a folder or of one below it, and how many more there are."""
    files = sorted(p for below in DEPTHS[:2] for p in folder.glob(f"{below}*") if p.is_file())
    if not files:
        return "no file"
    return first_of([path.relative_to(folder).as_posix() for path in files], 1)


def _few(names: list) -> str:
    return first_of([str(name) for name in names], SHOWN)
