"""What CAMELS-CH and CAMELS-DE share: a csv file of days a basin, csv files of attributes.

The days have a column of discharge in mm/day; the attributes are found by the names of their
columns, whichever file they stand in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from randvec.data.basin_list import BASIN_ID, read_ids
from randvec.data.days_and_basins import DATE, KEY, read_days, read_rows
from randvec.data.delimited import Delimited, open_delimited
from randvec.data.reader import COORDINATES, Reader, Record, places_of
from randvec.errors import InputError

AREA = "area"

#: What no day on Earth exceeds, by a part of a column's name: a value outside is a damaged one, or
#: a mark for a missing value that this format does not have. Discharge may be negative in official
#: files.
BOUNDS = {
    "precipitation": (0, 2000, "mm/day"), "temperature": (-90, 65, "degC"),
    "radiation": (0, 1000, "W/m2"), "humidity": (0, 105, "%"), "rel_sun_dur": (0, 105, "%"),
    "swe": (0, 20000, "mm"), "discharge": (-10000, 5000, "mm/day"),
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a data set lies in its folder.

    Attributes
    ----------
    title : str
        Name of the data set.
    series : tuple of str
        Paths of the file of a basin, {} being its id; the first that is there counts.
    attributes : tuple of str
        Names of the files of attributes, that of the topography (area, coordinates) first.
    folders : tuple of str
        Where the files of attributes lie; the first that is there counts.
    forcings : dict of str to str
        Names of the forcings, and of their columns in the files.
    discharge : str
        Column of the discharge, mm/day.
    encoding : str or None
        Of attributes that are not UTF-8.
    notes : dict of str to tuple of str
        What the authors say against a basin.
    """

    title: str
    series: tuple[str, ...]
    attributes: tuple[str, ...]
    folders: tuple[str, ...]
    forcings: dict[str, str]
    discharge: str
    encoding: str | None = None
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


class CsvReader(Reader):
    """Reads files in the `layout` of a class that derives from it.

    Parameters
    ----------
    dataset : dict
        The section `dataset` of a configuration: folder, basins (None or left out: all that are
        usable), forcings, descriptors.

    Raises
    ------
    InputError
        For a forcing that the data set does not have.
    """

    layout: ClassVar[Layout]

    def __init__(self, dataset: dict):
        self._folder = Path(dataset["folder"]).expanduser()
        self._list = dataset.get("basins")
        self._descriptors = [name for names in dataset["descriptors"].values() for name in names]
        known = self.layout.forcings
        self._forcings = list(dataset["forcings"])
        if unknown := [name for name in self._forcings if name not in known]:
            raise InputError(
                f"dataset.forcings: {self.layout.title} has no {', '.join(unknown)}; it has "
                f"{', '.join(known)}"
            )

    def files(self) -> list[str]:
        """Paths of all files that are read, sorted, the basin list first if there is one."""
        series = [path for basin in self.basins() if (path := self._series(basin)).is_file()]
        held = [file.path for file, _ in self._holders()]
        first = [str(self._list)] if self._list else []
        return first + sorted({str(path) for path in [*series, *held, self._topography_file]})

    def basins(self) -> list[str]:
        """The basins of the list, or all that are usable; sorted.

        Raises
        ------
        InputError
            If the list is none, or the folder has no series.
        """
        if self._list:
            return sorted(read_ids(self._list))
        before, after = self._pattern.split("{}")
        found = {
            path.name.removeprefix(Path(before).name).removesuffix(after)
            for path in self._root.glob(f"{before}*{after}")
        }
        return sorted(self._usable({one for one in found if re.fullmatch(BASIN_ID, one)}))

    def record(self, basin: str) -> Record | None:
        """The series of a basin; None where there is no file of it.

        Negative discharge is taken for missing: it is a mark, or water that flows back.

        Raises
        ------
        InputError
            Naming file and line, for whatever is not as it should be.
        """
        path = self._series(basin)
        if not path.is_file():
            return None
        columns = {self.layout.forcings[name]: name for name in self._forcings}
        columns[self.layout.discharge] = "discharge"
        days = read_days(open_delimited(path, DATE), columns, BOUNDS).rename(columns=columns)
        notes = [*self.layout.notes.get(basin, ()), *_odd(days)]
        days["discharge"] = days["discharge"].where(days["discharge"] >= 0)
        numbers = dict.fromkeys([*self._forcings, "discharge"], np.float32)
        area = float(self._topography[AREA].get(basin, np.nan))
        return Record(days.astype(numbers), area, notes)

    def attributes(self) -> pd.DataFrame:
        """A row a basin: ``basin``, the descriptors asked for, ``gauge_lat`` and ``gauge_lon``.

        Raises
        ------
        InputError
            If no file or more than one has a descriptor, or one is not as it should be.
        """
        tables = [read_rows(*holder) for holder in self._holders()]
        tables.append(self._topography[list(COORDINATES)])
        joined = pd.concat(tables, axis=1, join="outer").sort_index().rename_axis("basin")
        return joined[[*self._descriptors, *COORDINATES]].reset_index()

    def _usable(self, basins: set[str]) -> set[str]:
        """Those of the basins that have a file that can be taken where no list names any."""
        return basins

    @cached_property
    def _place(self) -> tuple[Path, str]:
        """The folder that the paths of the layout begin in, and which of them is there."""
        layout, folder = self.layout, self._folder
        if not folder.is_dir():
            raise InputError(
                f"{folder}: no such folder; put or link {layout.title} there (docs/data.md), or "
                "name another dataset.folder"
            )
        found = [
            (place, pattern)
            for place in places_of(folder)
            for pattern in layout.series
            if next(place.glob(pattern.format("*")), None)
        ]
        copies = dict.fromkeys(str(place) for place, _ in found)
        if len(copies) > 1:
            raise InputError(
                f"{folder}: series of {layout.title} in {' and in '.join(copies)}; name one of "
                "them in dataset.folder"
            )
        if found:
            return found[0]
        inside = ", ".join(sorted(path.name for path in folder.iterdir())[:5]) or "nothing"
        raise InputError(
            f"{folder}: no series of {layout.title}; expected {layout.series[0].format('<basin>')} "
            f"in it or up to two levels below it, found {inside}; name another dataset.folder"
        )

    @property
    def _root(self) -> Path:
        return self._place[0]

    @property
    def _pattern(self) -> str:
        return self._place[1]

    def _series(self, basin: str) -> Path:
        return self._root / self._pattern.format(basin)

    def _attribute_files(self) -> Iterator[Path]:
        for name in self.layout.attributes:
            places = [self._root / folder / name for folder in self.layout.folders]
            yield from [path for path in places if path.is_file()][:1]

    @property
    def _topography_file(self) -> Path:
        name = self.layout.attributes[0]
        if found := [path for path in self._attribute_files() if path.name == name]:
            return found[0]
        places = [str(self._root / folder) for folder in self.layout.folders]
        raise InputError(
            f"{places[0]}: no {name}; expected it there or in {places[1]}. Put the official files "
            "there (docs/data.md)"
        )

    def _open(self, path: Path) -> Delimited:
        return open_delimited(path, KEY, self.layout.encoding)

    @cached_property
    def _topography(self) -> pd.DataFrame:
        """Area [km2] and coordinates of all basins."""
        return read_rows(self._open(self._topography_file), [AREA, *COORDINATES])

    def _holders(self) -> list[tuple[Delimited, list[str]]]:
        """The files of attributes that hold descriptors asked for, and which they hold."""
        opened = [self._open(path) for path in self._attribute_files()]
        held = [(file, [n for n in self._descriptors if n in file.names]) for file in opened]
        for name in self._descriptors:
            found = [file.path.name for file, names in held if name in names]
            if len(found) != 1:
                looked = ", ".join(found or [file.path.name for file in opened])
                raise InputError(
                    f"dataset.descriptors: {len(found) or 'no'} columns {name}, looked in "
                    f"{looked}; expected one. Signatures of discharge are not read, as they tell "
                    "the network what it is to predict"
                )
        return [(file, names) for file, names in held if names]


def _odd(days: pd.DataFrame) -> list[str]:
    """What is odd in the days of a basin, if anything."""
    notes = []
    if negative := int((days["discharge"] < 0).sum()):
        notes.append(f"discharge is negative on {negative} of {len(days)} days, taken for missing")
    warmest, coldest = "temperature_max", "temperature_min"
    if {warmest, coldest} <= set(days) and (odd := int((days[warmest] < days[coldest]).sum())):
        notes.append(f"{warmest} is below {coldest} on {odd} of {len(days)} days")
    return notes
