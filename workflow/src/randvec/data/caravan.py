"""Caravan (Kratzert et al. 2023) and its extensions: basins of many sub-datasets side by side.

Layout, in the given folder or up to two levels below it; any sub-dataset, whatever its name:

    timeseries/{csv,netcdf}/<sub-dataset>/<basin>.{csv,nc}
    attributes/<sub-dataset>/attributes_{caravan,hydroatlas,other}_<sub-dataset>.csv

The id of a basin is the name of its file, without the ending. Where a basin has both files, netCDF
is read: in csv the discharge is rounded to two decimals. Columns have the names from before or
after version 1.5 (`caravan_names`). The same gauge may be in two sub-datasets (`caravan_twins`).

Kratzert, F. et al. 2023. Caravan: a global community dataset for large-sample hydrology. Scientific
Data 10, 61, doi:10.1038/s41597-023-01975-w. CC BY 4.0; LamaH-CE is CC BY-SA 4.0 and Great Britain
under the Open Government Licence 3; extensions have terms of their own.
"""

import logging
import re
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.basin_list import BASIN_ID, read_ids
from randvec.data.caravan_attributes import attribute_files, read_attributes
from randvec.data.caravan_series import read_series
from randvec.data.caravan_twins import DISTANCE, SHARE, find_twins
from randvec.data.reader import COORDINATES, Reader, Record, places_of
from randvec.errors import InputError, first_of

logger = logging.getLogger(__name__)

#: Nearest to the five of the paper: precipitation, radiation (net, as there is no incoming one),
#: largest and smallest temperature, and humidity, which ERA5-Land gives as the dewpoint alone. The
#: potential evaporation of ERA5-Land is unusable (negative days, three times too large).
FORCINGS = (
    "total_precipitation_sum", "surface_net_solar_radiation_mean", "temperature_2m_max",
    "temperature_2m_min", "dewpoint_temperature_2m_mean",
)  # fmt: skip

#: Nearest to the 27 of the paper that every version of Caravan has. Potential evaporation and
#: aridity are those of HydroATLAS: before 1.5 the caravan files, and all in them that follows from
#: potential evaporation (aridity, moisture_index, seasonality), rest on the unusable one. Snow
#: cover stands beside frac_snow, which is 0 in most of Great Britain. There is no leaf area; the
#: shares of deciduous, evergreen and herbaceous cover say what its yearly course would. Left out:
#: modelled discharge (run_mm_syr, dis_m3_*), human influence, classes.
DESCRIPTORS = {
    "climate": ("p_mean", "pet_mm_syr", "ari_ix_sav", "frac_snow", "snw_pc_syr", "high_prec_freq",
                "high_prec_dur", "low_prec_freq", "low_prec_dur"),
    "topography": ("ele_mt_sav", "slp_dg_sav", "area"),
    "vegetation": ("for_pc_sse", "glc_pc_s02", "glc_pc_s04", "glc_pc_s13"),
    "soil": ("cly_pc_sav", "slt_pc_sav", "snd_pc_sav", "soc_th_sav", "swc_pc_syr"),
    "geology": ("kar_pc_sse", "gwt_cm_sav"),
}  # fmt: skip

#: Ending of the files of a folder; the first one that has a basin is read.
ENDINGS = {"netcdf": ".nc", "csv": ".csv"}

#: Pairs of twins that a message names.
NAMED = 4


def forcings(dataset: dict) -> list[str]:
    """The forcings where the configuration names none."""
    return list(FORCINGS)


def descriptors(dataset: dict) -> dict[str, list[str]]:
    """The descriptors by group where the configuration names none."""
    return {group: list(names) for group, names in DESCRIPTORS.items()}


class Caravan(Reader):
    """The files of Caravan that a section `dataset` asks for.

    Parameters
    ----------
    dataset : dict
        ``folder``; ``basins``, path of a basin list, or else every basin that has a series;
        ``forcings`` and ``descriptors``, or else `FORCINGS` and `DESCRIPTORS`; ``twins``, ``stop``
        (default) or ``keep``.

    Raises
    ------
    InputError
        If the folder is missing or is no Caravan, a basin has two files, or no listed one has any.
    """

    def __init__(self, dataset: dict):
        self.forcings = list(dataset.get("forcings") or FORCINGS)
        self.descriptors = dataset.get("descriptors") or DESCRIPTORS
        self._keep_twins = dataset.get("twins", "stop") == "keep"
        self._list = dataset.get("basins")
        self._root = _find_root(dataset["folder"])
        found = _find_series(self._root)
        self._basins = sorted(read_ids(self._list) if self._list else found)
        self._series = {basin: found[basin] for basin in self._basins if basin in found}
        if not self._series:
            raise InputError(
                f"{self._list}: none of its {len(self._basins)} basins has a file in "
                f"{self._root / 'timeseries'}; expected ids as the files are called, for example "
                f"{min(found)}"
            )

    def files(self) -> list[str]:
        """Paths of all files that are read, sorted, the basin list first if there is one."""
        attributes = [path for sub in self._subs for path in attribute_files(self._root, sub)]
        paths = sorted(str(path) for path in [*self._series.values(), *attributes])
        return [str(self._list), *paths] if self._list else paths

    def basins(self) -> list[str]:
        """The basins that are asked for, sorted."""
        return self._basins

    def record(self, basin: str) -> Record | None:
        """The series of a basin; None where there is no file of it. Raises as `read_series`."""
        if basin not in self._series:
            return None
        days, notes = read_series(self._series[basin], self.forcings)
        others = [other for pair in self.twins if basin in pair for other in pair if other != basin]
        notes += [f"the same gauge as {other}" for other in others]
        area = self._table["area"].get(basin, np.nan)
        return Record(days, float(area), notes)

    def attributes(self) -> pd.DataFrame:
        """A row a basin: ``basin``, the descriptors, ``gauge_lat``, ``gauge_lon``; float64.

        Raises
        ------
        InputError
            As `read_attributes`, and for twins unless they are to be kept.
        """
        if self.twins:
            pairs = [f"{one} and {other}" for one, other in self.twins]
            logger.warning("the same gauge in two sub-datasets: %s", "; ".join(pairs))
            if not self._keep_twins:
                raise InputError(self._say_twins(pairs))
        names = [name for group in self.descriptors.values() for name in group]
        return self._table[[*names, *COORDINATES]].reset_index()

    @cached_property
    def twins(self) -> list[tuple[str, str]]:
        """Pairs of the basins asked for that are the same gauge in two sub-datasets."""
        return find_twins(self._table.reset_index())

    def _say_twins(self, pairs: list[str]) -> str:
        return (
            f"{self._list or self._root}: {len(pairs)} basins are in two sub-datasets, as the same "
            f"gauge (within {DISTANCE} km, areas within {SHARE:.0%}): "
            f"{first_of(pairs, NAMED, '; ')} (the log has all). They would leak between folds and "
            "give one basin two vectors: name one of each pair in dataset.basins, or set "
            "dataset.twins: keep"
        )

    @property
    def _subs(self) -> list[str]:
        return sorted({path.parent.name for path in self._series.values()})

    @cached_property
    def _table(self) -> pd.DataFrame:
        names = [name for group in self.descriptors.values() for name in group]
        names = list(dict.fromkeys([*names, *COORDINATES, "area"]))
        table = read_attributes(self._root, self._subs, names)
        return table[table.index.isin(self._basins)].sort_index()


def _find_root(folder: str | Path) -> Path:
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; put or link Caravan there, or name another dataset.folder"
        )
    found = [
        p for p in places_of(folder) if any((p / "timeseries" / kind).is_dir() for kind in ENDINGS)
    ]
    if len(found) != 1:
        raise InputError(
            f"{folder}: {len(found)} folders with timeseries/csv or timeseries/netcdf in it or up "
            f"to two levels below it{': ' if found else ''}{', '.join(map(str, found))}; expected "
            "one, name it in dataset.folder"
        )
    return found[0]


def _find_series(root: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for kind, ending in ENDINGS.items():
        here: dict[str, Path] = {}
        for path in sorted((root / "timeseries" / kind).glob(f"*/[!.]*{ending}")):
            if not re.fullmatch(BASIN_ID, path.stem):
                raise InputError(
                    f"{path}: '{path.stem}' is no basin id; expected letters, digits, dots, "
                    "underscores and dashes"
                )
            if here.setdefault(path.stem, path) is not path:
                raise InputError(
                    f"basin {path.stem} has two files: {here[path.stem]} and {path}; remove one"
                )
        for basin in sorted(here.keys() & found.keys()):
            if here[basin].parent.name != found[basin].parent.name:
                raise InputError(
                    f"basin {basin} is in two sub-datasets: {found[basin]} and {here[basin]}; "
                    "remove one"
                )
        found = here | found
    if not found:
        raise InputError(f"{root / 'timeseries'}: no file <sub-dataset>/<basin>.csv or .nc in it")
    return found
