"""The attributes of CAMELS-US (Addor et al. 2017): descriptors and coordinates of all basins."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.camels_us import BASIN, COORDINATES, find_attributes
from randvec.data.descriptors import DESCRIPTORS
from randvec.data.plain_text import read_plain
from randvec.errors import InputError

#: The official files do have exponents, always with sign and two digits.
NUMBER = "-?[0-9]+(?:[.][0-9]+)?(?:e[-+][0-9]{2})?"
NO_VALUE = ("", "NA", "NaN", "nan")

SHARES = ("frac_snow", "frac_forest", "gvf_max", "soil_porosity", "carbonate_rocks_frac")
PERCENT = ("sand_frac", "silt_frac", "clay_frac")
BOUNDS = {
    **dict.fromkeys(SHARES, (0, 1)), **dict.fromkeys(PERCENT, (0, 100)),
    "gauge_lat": (-90, 90), "gauge_lon": (-180, 180),
}  # fmt: skip


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
        If a file or column is missing, a line is damaged, a basin stands twice, or a value is no
        number or impossible.
    """
    files = find_attributes(folder)
    if missing := [f"camels_{kind}.txt" for kind in DESCRIPTORS if kind not in files]:
        raise InputError(
            f"{folder}: no {', '.join(missing)}; expected the CAMELS attribute files in "
            "camels_attributes_v2.0 or in the folder itself"
        )
    tables = [
        _read_file(files[kind], names + (COORDINATES if kind == "topo" else ()))
        for kind, names in DESCRIPTORS.items()
    ]
    order = [name for names in DESCRIPTORS.values() for name in names]
    joined = pd.concat(tables, axis=1, join="outer").sort_index()
    return joined[[*order, *COORDINATES]].rename_axis("basin").reset_index()


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
        rows[basin] = [_value(path, number, name, row[name].strip()) for name in names]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names), dtype=np.float64)


def _value(path: Path, number: int, name: str, word: str) -> float:
    if word in NO_VALUE:
        return np.nan
    low, high = BOUNDS.get(name, (-np.inf, np.inf))
    if not re.fullmatch(NUMBER, word) or not low <= float(word) <= high:
        possible = f" from {low} to {high}" if name in BOUNDS else ""
        raise InputError(
            f"{path}, line {number}: {name} is '{word}', expected a number{possible}; compare with "
            "the original file"
        )
    return float(word)
