"""The attributes of CAMELS-US (Addor et al. 2017): descriptors and coordinates of all basins."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.camels_us import BASIN, KINDS, find_attributes
from randvec.data.camels_us_search import found_near
from randvec.data.missing import MARKS, MISSING_WORDS, is_mark
from randvec.data.plain_text import read_plain
from randvec.data.reader import COORDINATES
from randvec.descriptors import PAPER
from randvec.errors import InputError, meant

#: The official files do have exponents, always with sign and two digits.
NUMBER = "-?[0-9]+(?:[.][0-9]+)?(?:e[-+][0-9]{2})?"
ATTRIBUTES = "camels_attributes_v2.0"

#: Smallest and largest possible value, and its unit. From physics where it says something (a share
#: ends at 1, Pelletier's soils at 50 m, those of STATSGO at 1.5 m), else with room around the 671
#: basins; the contiguous United States are the place. Every mark for a missing value, -999, -9999
#: or -99, is outside, but for a longitude of -99 degrees, where there are basins.
BOUNDS = {
    "p_mean": (0.01, 40, "mm/day"), "pet_mean": (0.01, 20, "mm/day"), "p_seasonality": (-2, 2, ""),
    "frac_snow": (0, 1, ""), "aridity": (0.01, 50, ""),
    "high_prec_freq": (0, 366, "days/year"), "high_prec_dur": (0, 50, "days"),
    "low_prec_freq": (0, 366, "days/year"), "low_prec_dur": (0, 366, "days"),
    "elev_mean": (-90, 7000, "m"), "slope_mean": (0, 800, "m/km"), "area_gages2": (0.1, 1e6, "km2"),
    "frac_forest": (0, 1, ""), "lai_max": (0, 12, ""), "lai_diff": (0, 12, ""),
    "gvf_max": (0, 1, ""), "gvf_diff": (0, 1, ""),
    "soil_depth_pelletier": (0, 60, "m"), "soil_depth_statsgo": (0.01, 3, "m"),
    "soil_porosity": (0.01, 1, ""), "soil_conductivity": (0.001, 100, "cm/hour"),
    "max_water_content": (0.001, 3, "m"),
    "sand_frac": (0, 100, "%"), "silt_frac": (0, 100, "%"), "clay_frac": (0, 100, "%"),
    "carbonate_rocks_frac": (0, 1, ""), "geol_permeability": (-25, -5, "log10 m2"),
    "gauge_lat": (20, 55, "degrees"), "gauge_lon": (-130, -60, "degrees"),
}  # fmt: skip
ANYTHING = (-np.inf, np.inf, "")

#: The file that must hold a descriptor of the paper.
FILE_OF = {
    name: kind
    for kind, group in zip(
        KINDS, ("climate", "topography", "vegetation", "soil", "geology"), strict=True
    )
    for name in PAPER[group]
}


def read_attributes(folder: str | Path, names: Sequence[str]) -> pd.DataFrame:
    """Read descriptors and the coordinates of all basins in the attribute files.

    Parameters
    ----------
    folder : path
    names : sequence of str
        The descriptors: columns of the files.

    Returns
    -------
    DataFrame
        basin (text), the descriptors as they are named, gauge_lat and gauge_lon; float64, NaN where
        a file has no value.

    Raises
    ------
    InputError
        If a file or column is missing, a line is damaged, a basin stands twice, or a value is no
        number or impossible.
    """
    files = find_attributes(folder)
    if missing := [f"camels_{kind}.txt" for kind in KINDS if kind not in files]:
        known = [path.parent for path in files.values()]
        raise InputError(
            f"{folder}: no {', '.join(missing)}; expected in {ATTRIBUTES}, in the folder or up to "
            "two levels below it, or beside basin_mean_forcing. Found instead: "
            f"{found_near(folder, ATTRIBUTES, missing[0], known)}. Put the official files there, "
            "or let the target `fetch` bring them"
        )
    tables = []
    for kind, columns in _columns_of(files, names).items():
        tables.append(_read_file(files[kind], columns + (COORDINATES if kind == "topo" else ())))
    joined = pd.concat(tables, axis=1, join="outer").sort_index()
    return joined[[*names, *COORDINATES]].rename_axis("basin").reset_index()


def kind_of(folder: str | Path, name: str) -> str:
    """Kind of the attribute file that holds a descriptor; raises as `read_attributes`."""
    found = _columns_of(find_attributes(folder), [name])
    return next(kind for kind, names in found.items() if names)


def _columns_of(files: dict[str, Path], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of some columns each file holds; those of the paper where they belong."""
    headers = {
        kind: read_plain(path).decode().partition("\n")[0].split(";")
        for kind, path in files.items()
    }
    found: dict[str, tuple[str, ...]] = {kind: () for kind in files}
    for name in names:
        kinds = [kind for kind in KINDS if name in headers[kind]]
        kind = FILE_OF.get(name) or (kinds[0] if kinds else None)
        if kind is None:
            known = [
                n for kind in KINDS for n in headers[kind] if n not in ("gauge_id", *COORDINATES)
            ]
            raise InputError(
                f"config: dataset.descriptors has '{name}', which is no column of "
                f"{', '.join(files[kind].name for kind in KINDS)}; {meant(name, known)}"
            )
        found[kind] += (name,)
    return found


def _read_file(path: Path, names: tuple[str, ...]) -> pd.DataFrame:
    text = read_plain(path).decode()
    lines = text.rstrip().split("\n")
    if not text.endswith("\n"):
        raise InputError(
            f"{path}, line {len(lines)}: the file ends without a line end and may be cut; get the "
            "original file, or end the line if it is whole"
        )
    header = lines[0].split(";")
    if wrong := [name for name in ("gauge_id", *names) if header.count(name) != 1]:
        raise InputError(
            f"{path}, line 1: expected one column {', '.join(wrong)}, separated by ';'; compare "
            "with the original file"
        )
    rows: dict[str, list[float]] = {}
    for number, line in enumerate(lines[1:], 2):
        words = line.split(";")
        if len(words) != len(header):
            raise InputError(
                f"{path}, line {number}: {len(words)} values, expected {len(header)} as in line 1; "
                "compare with the original file"
            )
        row = dict(zip(header, words, strict=True))
        basin = row["gauge_id"].strip()
        if not re.fullmatch(BASIN, basin):
            raise InputError(
                f"{path}, line {number}: '{basin}' is no basin id; expected eight digits"
            )
        if basin in rows:
            raise InputError(f"{path}, line {number}: basin {basin} stands twice; remove one")
        where = f"{path}, line {number}", basin
        rows[basin] = [_value(*where, name, row[name].strip()) for name in names]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names), dtype=np.float64)


def _value(where: str, basin: str, name: str, word: str) -> float:
    if word in MISSING_WORDS:
        return np.nan
    low, high, unit = BOUNDS.get(name, ANYTHING)
    possible = re.fullmatch(NUMBER, word) and low <= float(word) <= high
    marked = possible and name not in BOUNDS and is_mark(float(word), (-99, *MARKS))
    if marked or not possible:
        bounds = f" from {low:g} to {high:g} {unit}".rstrip() if name in BOUNDS else ""
        raise InputError(
            f"{where}: {name} is '{word}'{', which looks like a mark' if marked else ''}, expected "
            f"a number{bounds}, or NA where it is missing "
            f"(basin {basin}); compare with the original file"
        )
    return float(word)
