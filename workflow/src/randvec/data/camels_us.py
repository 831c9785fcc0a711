"""The official CAMELS-US text files (Newman et al. 2015, Addor et al. 2017), read strictly.

Layout, with or without HUC folders:

    basin_mean_forcing/<forcing>/[<HUC>/]<basin>_lump_<name>_forcing_leap.txt
    usgs_streamflow/[<HUC>/]<basin>_streamflow_qc.txt
    camels_attributes_v2.0/camels_{clim,geol,soil,topo,vege}.txt   (or these files in the folder)

A table that is in order is read at once. Where something is wrong, the file is read a second time
line by line to say which line it is.
"""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.series import FORCING
from randvec.errors import InputError

#: Forcing set: what its files are called.
FORCING_SETS = {"maurer_extended": "maurer", "maurer": "maurer", "nldas": "nldas", "daymet": "cida"}

#: The 27 descriptors of Li et al. 2022, and the attribute file that holds them.
DESCRIPTORS = {
    "clim": ("p_mean", "pet_mean", "p_seasonality", "frac_snow", "aridity", "high_prec_freq",
             "high_prec_dur", "low_prec_freq", "low_prec_dur"),
    "topo": ("elev_mean", "slope_mean", "area_gages2"),
    "vege": ("frac_forest", "lai_max", "lai_diff", "gvf_max", "gvf_diff"),
    "soil": ("soil_depth_pelletier", "soil_depth_statsgo", "soil_porosity", "soil_conductivity",
             "max_water_content", "sand_frac", "silt_frac", "clay_frac"),
    "geol": ("carbonate_rocks_frac", "geol_permeability"),
}  # fmt: skip
COORDINATES = ("gauge_lat", "gauge_lon")

UNITS = {
    "year": None, "mnth": None, "day": None, "hr": None, "dayl": "s", "prcp": "mm/day",
    "srad": "w/m2", "swe": "mm", "tmax": "c", "tmin": "c", "vp": "pa",
}  # fmt: skip

#: What no day on Earth exceeds, in the units of the files: a value outside is a damaged one.
BOUNDS = {
    "prcp": (0, 2000), "srad": (0, 1500), "tmax": (-90, 65), "tmin": (-90, 65), "vp": (0, 10000),
}  # fmt: skip

FLAGS = ("A", "A:e", "A:<", "M")
NUMBER = r"[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?"
FIRST_ROW = 5  # line number of the first day in a forcing file
MM_PER_CUBIC_FOOT = 28316846.592  # 1 cubic foot in cubic millimetres, over 1e6 mm2 in a m2


def read_basin_list(path: str | Path) -> list[str]:
    """Read a basin list: one eight-digit id a line, as text.

    Raises
    ------
    InputError
        For an id that is not eight digits, one that stands twice, or an empty list.
    """
    basins: list[str] = []
    for number, line in enumerate(_text(Path(path)).splitlines(), 1):
        basin = line.strip()
        if not basin:
            continue
        if not re.fullmatch(r"[0-9]{8}", basin):
            raise InputError(
                f"{path}, line {number}: '{basin}' is no basin id; expected eight digits with "
                "their leading zeros, for example 01022500"
            )
        if basin in basins:
            raise InputError(
                f"{path}, line {number}: basin {basin} stands in line {basins.index(basin) + 1} "
                "already; remove one"
            )
        basins.append(basin)
    if not basins:
        raise InputError(f"{path}: no basin id in it; expected one a line")
    return basins


def find_root(folder: str | Path) -> Path:
    """The folder that holds ``basin_mean_forcing``: the given one or one below it."""
    folder = Path(folder).expanduser()
    for root in (folder, *sorted(folder.glob("*/"))):
        if (root / "basin_mean_forcing").is_dir():
            return root
    return folder


def find_series(folder: str | Path, forcing: str) -> tuple[dict, dict]:
    """Forcing and streamflow files by basin.

    Returns
    -------
    forcing_files, streamflow_files : dict of str to Path

    Raises
    ------
    InputError
        If one basin has two files of a kind.
    """
    root = find_root(folder)
    name = FORCING_SETS[forcing]
    return (
        _by_basin(root / "basin_mean_forcing" / forcing, f"_lump_{name}_forcing_leap.txt"),
        _by_basin(root / "usgs_streamflow", "_streamflow_qc.txt"),
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

    If the folder itself is missing, its path alone, so that whoever needs it learns its name.
    """
    if not Path(folder).expanduser().is_dir():
        return [str(folder)]
    kinds = find_series(folder, forcing)
    found = [kind[basin] for kind in kinds for basin in basins if basin in kind]
    return sorted(str(path) for path in [*found, *find_attributes(folder).values()])


def read_forcing(path: str | Path) -> tuple[pd.DataFrame, float]:
    """Read one basin's forcing.

    Parameters
    ----------
    path : path
        Three header lines (latitude, elevation [m], area [m2]), a line of names, a line a day.

    Returns
    -------
    days : DataFrame
        date, prcp [mm/day], srad [W/m2], tmax and tmin [degC], vp [Pa], float64; no day missing.
    area : float
        Drainage area, m2.

    Raises
    ------
    InputError
        Naming file and line, for whatever is not as it should be.
    """
    path = Path(path)
    text = _text(path)
    area = _read_area(path, text)
    lines = text.splitlines()
    names = _read_names(path, lines)
    table = _numbers(path, lines[FIRST_ROW - 1 :], names, FIRST_ROW)
    dates = _dates(path, table, ("year", "mnth", "day"), FIRST_ROW)
    _check_days_follow(path, dates, FIRST_ROW)
    for name, (low, high) in BOUNDS.items():
        outside = ~table[name].between(low, high).to_numpy()
        if outside.any():
            at = int(np.argmax(outside))
            raise InputError(
                f"{path}, line {FIRST_ROW + at}: {name} is {table[name].iloc[at]}, expected "
                f"{low} to {high} {UNITS[name]}; compare with the original file"
            )
    swapped = (table["tmax"] < table["tmin"]).to_numpy()
    if swapped.any():
        at = int(np.argmax(swapped))
        raise InputError(
            f"{path}, line {FIRST_ROW + at}: tmax {table['tmax'].iloc[at]} is below tmin "
            f"{table['tmin'].iloc[at]}; compare with the original file"
        )
    table.insert(0, "date", dates)
    return table[["date", *FORCING]], area


def read_streamflow(path: str | Path, basin: str) -> pd.DataFrame:
    """Read one basin's streamflow.

    Parameters
    ----------
    path : path
        A line a day: basin, year, month, day, cubic feet per second, flag. Missing is -999.00 M.
    basin : str
        Whose file it should be.

    Returns
    -------
    DataFrame
        date, discharge [cubic feet per second], NaN where missing. Days may be missing altogether.

    Raises
    ------
    InputError
        Naming file and line, for whatever is not as it should be.
    """
    path = Path(path)
    rows = [line.split() for line in _text(path).rstrip().splitlines()]
    for number, row in enumerate(rows, 1):
        if len(row) != 6 or row[0] != basin or row[5] not in FLAGS:
            raise InputError(
                f"{path}, line {number}: found '{' '.join(row)}', expected basin {basin}, year, "
                f"month, day, discharge and one of the flags {', '.join(FLAGS)}"
            )
    if not rows:
        raise InputError(f"{path}: the file is empty; expected a line a day")
    columns = list(zip(*rows, strict=True))
    names = ("year", "month", "day", "discharge")
    table = pd.DataFrame(
        {
            name: [_number(path, 1 + at, name, word) for at, word in enumerate(columns[1 + column])]
            for column, name in enumerate(names)
        }
    )
    dates = _dates(path, table, names[:3], 1)
    _check_order(path, dates, 1)
    flow = table["discharge"].to_numpy()
    missing = np.array(columns[5]) == "M"
    wrong = (missing != (flow == -999)) | (~missing & (flow < 0))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise InputError(
            f"{path}, line {1 + at}: discharge {flow[at]} with flag {columns[5][at]}; expected "
            "zero or more, or -999.00 with flag M for a missing day"
        )
    return pd.DataFrame({"date": dates, "discharge": np.where(missing, np.nan, flow)})


def to_millimetres(flow: pd.Series, area: float) -> pd.Series:
    """Discharge from cubic feet per second to mm/day over a drainage area in m2."""
    return MM_PER_CUBIC_FOOT * flow * 86400 / (area * 1e6)


def read_attributes(folder: str | Path) -> pd.DataFrame:
    """Read the 27 descriptors and the coordinates of all basins in the attribute files.

    Returns
    -------
    DataFrame
        basin (text), the descriptors in the order of `DESCRIPTORS`, gauge_lat and gauge_lon;
        float64, NaN where a file has no value.

    Raises
    ------
    InputError
        If a file or column is missing, a basin stands twice, or a value is no number.
    """
    files = find_attributes(folder)
    if missing := [f"camels_{kind}.txt" for kind in DESCRIPTORS if kind not in files]:
        raise InputError(
            f"{folder}: no {', '.join(missing)}; expected the CAMELS attribute files in "
            "camels_attributes_v2.0 or in the folder itself"
        )
    tables = [
        _read_attribute_file(files[kind], names + (COORDINATES if kind == "topo" else ()))
        for kind, names in DESCRIPTORS.items()
    ]
    order = [name for names in DESCRIPTORS.values() for name in names]
    joined = pd.concat(tables, axis=1, join="outer").sort_index()
    return joined[[*order, *COORDINATES]].rename_axis("basin").reset_index()


def _read_attribute_file(path: Path, names: tuple[str, ...]) -> pd.DataFrame:
    lines = _text(path).rstrip().splitlines()
    header = lines[0].split(";") if lines else []
    if missing := [name for name in ("gauge_id", *names) if name not in header]:
        raise InputError(
            f"{path}, line 1: no column {', '.join(missing)}; expected the official names, "
            "separated by ';'"
        )
    rows = {}
    for number, line in enumerate(lines[1:], 2):
        words = line.split(";")
        if len(words) != len(header):
            raise InputError(
                f"{path}, line {number}: {len(words)} values, expected {len(header)} as in line 1"
            )
        row = dict(zip(header, words, strict=True))
        basin = row["gauge_id"].strip()
        if not re.fullmatch(r"[0-9]{8}", basin):
            raise InputError(f"{path}, line {number}: '{basin}' is no basin id of eight digits")
        if basin in rows:
            raise InputError(f"{path}, line {number}: basin {basin} stands there twice")
        rows[basin] = [_attribute(path, number, name, row[name]) for name in names]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names), dtype=np.float64)


def _attribute(path: Path, number: int, name: str, word: str) -> float:
    if word.strip() in ("", "NA", "NaN", "nan"):
        return np.nan
    return _number(path, number, name, word)


def _by_basin(folder: Path, ending: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted([*folder.glob(f"*{ending}"), *folder.glob(f"*/*{ending}")]):
        basin = path.name.removesuffix(ending)
        if basin in found:
            raise InputError(f"basin {basin} has two files: {found[basin]} and {path}; remove one")
        found[basin] = path
    return found


def _text(path: Path) -> str:
    try:
        # utf-8-sig drops the mark that some editors put in front; line ends of any kind are read.
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is no UTF-8; expected the official file, plain text"
        ) from None
    if not text.isascii() and path.parent.name != "camels_attributes_v2.0":
        line = next(n for n, line in enumerate(text.splitlines(), 1) if not line.isascii())
        raise InputError(f"{path}, line {line}: characters that no official file has")
    return text.replace("\r\n", "\n")


def _read_area(path: Path, text: str) -> float:
    head = text.split("\n", 3)
    words = head[2].split() if len(head) > 3 else []
    area = _number(path, 3, "area", words[0]) if len(words) == 1 else 0.0
    if area <= 0:
        raise InputError(
            f"{path}, line 3: found '{' '.join(words)}', expected the drainage area in m2, above "
            "zero; discharge in mm/day can't be computed without it"
        )
    return area


def _read_names(path: Path, lines: list[str]) -> list[str]:
    words = lines[3].lower().split() if len(lines) > 3 else []
    found = {}
    for word in words:
        name, bracket, unit = word.partition("(")
        found[name] = unit.removesuffix(")") if bracket else None
    if found != UNITS or len(words) != len(UNITS):
        raise InputError(
            f"{path}, line 4: found '{' '.join(words)}', expected the columns Year Mnth Day Hr "
            "dayl(s) prcp(mm/day) srad(W/m2) swe(mm) tmax(C) tmin(C) vp(Pa)"
        )
    return list(found)


def _numbers(path: Path, lines: list[str], names: list[str], first: int) -> pd.DataFrame:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if not lines:
        raise InputError(f"{path}: no day in it; expected a line a day from line {first}")
    if not _plain(lines, len(names)):
        _name_bad_line(path, lines, names, first)
    return pd.read_csv(
        io.StringIO("\n".join(lines)), sep=r"\s+", header=None, names=names, dtype=np.float64,
        na_filter=False, engine="c", float_precision="round_trip",
    )  # fmt: skip


def _plain(lines: list[str], width: int) -> bool:
    line = re.compile(rf"[ \t]*{NUMBER}(?:[ \t]+{NUMBER}){{{width - 1}}}[ \t]*")
    return all(map(line.fullmatch, lines))


def _name_bad_line(path: Path, lines: list[str], names: list[str], first: int) -> None:
    for number, line in enumerate(lines, first):
        words = line.split()
        if len(words) != len(names):
            raise InputError(
                f"{path}, line {number}: {len(words)} values in '{line.strip()}', expected "
                f"{len(names)}: {' '.join(names)}; the line is cut or damaged"
            )
        for name, word in zip(names, words, strict=True):
            _number(path, number, name, word)
    raise InputError(f"{path}: not a table of numbers; compare with the original file")


def _number(path: Path, number: int, name: str, word: str) -> float:
    if not re.fullmatch(NUMBER, word.strip()):
        raise InputError(
            f"{path}, line {number}: {name} is '{word.strip()}', expected a number; compare with "
            "the original file"
        )
    return float(word)


def _dates(path: Path, table: pd.DataFrame, names: tuple[str, ...], first: int) -> np.ndarray:
    parts = table[list(names)].set_axis(["year", "month", "day"], axis=1)
    dates = pd.to_datetime(parts, errors="coerce", format="%Y%m%d")
    wrong = dates.isna().to_numpy() | (parts != parts.round()).any(axis=1).to_numpy()
    wrong |= ~parts["year"].between(1800, 2200).to_numpy()
    if wrong.any():
        at = int(np.argmax(wrong))
        found = "-".join(f"{value:g}" for value in parts.iloc[at])
        raise InputError(f"{path}, line {first + at}: {found} is no day of the calendar")
    return dates.to_numpy("datetime64[D]")


def _check_order(path: Path, dates: np.ndarray, first: int) -> None:
    steps = np.diff(dates).astype(int)
    if (steps < 1).any():
        at = int(np.argmax(steps < 1)) + 1
        raise InputError(
            f"{path}, line {first + at}: {dates[at]} after {dates[at - 1]}; a day is doubled or "
            "out of order"
        )


def _check_days_follow(path: Path, dates: np.ndarray, first: int) -> None:
    _check_order(path, dates, first)
    steps = np.diff(dates).astype(int)
    if (steps > 1).any():
        at = int(np.argmax(steps > 1)) + 1
        raise InputError(
            f"{path}, line {first + at}: {dates[at]} after {dates[at - 1]}; "
            f"{steps[at - 1] - 1} days of forcing are missing"
        )
