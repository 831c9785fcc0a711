"""CAMELS-US (Newman et al. 2015, Addor et al. 2017) as a source; nothing is written there."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from randvec.data.camels_us import (
    find_attributes,
    find_series,
    forcing_sets,
    read_basin_list,
    source_files,
)
from randvec.data.camels_us_attributes import kind_of, read_attributes
from randvec.data.camels_us_series import COLUMNS, read_forcing, read_streamflow, to_millimetres
from randvec.data.reader import Reader, Record
from randvec.descriptors import PAPER
from randvec.errors import InputError, first_of, meant

#: By less than this the area of a forcing file and area_gages2 differ. Among the 531 basins of the
#: paper the ratio is 0.25 (06470800), 0.48, 0.51, 2.51 (02381600), and 0.87 to 1.16 for all others;
#: a digit too many or too few makes it 10.
AREA_FACTOR = 5


def forcings(dataset: dict) -> list[str]:
    """The five of the paper; of several sets each, named by set."""
    sets = dataset["forcing"]
    if isinstance(sets, str):
        return list(COLUMNS)
    return [f"{name}_{forcing}" for forcing in sets for name in COLUMNS]


def descriptors(dataset: dict) -> dict[str, list[str]]:
    """The 27 of the paper, by group."""
    return {group: list(names) for group, names in PAPER.items()}


class CamelsUS(Reader):
    """CAMELS-US, in the folder that the user names."""

    def __init__(self, dataset: dict):
        self.dataset = dataset
        self.folder = dataset["folder"]
        self.sets = forcing_sets(dataset)
        known = forcings(dataset)
        for name in dataset["forcings"]:
            if name not in known:
                raise InputError(
                    f"config: dataset.forcings has '{name}', which is not read from the files of "
                    f"forcing; {meant(name, known)}"
                )

    def files(self) -> list[str]:
        """See `Reader`; the basin list comes first."""
        found = {
            path
            for forcing in self.sets
            for path in source_files(self.folder, forcing, self.basins(), self.for_training)
        }
        return [self.dataset["basins"], *sorted(found)]

    def basins(self) -> list[str]:
        """See `Reader`."""
        return sorted(read_basin_list(self.dataset["basins"]))

    @cached_property
    def _series(self) -> tuple[list[dict], dict]:
        """Forcing files of every set, and streamflow files, by basin."""
        asked = self.basins(), self.for_training
        found = [find_series(self.folder, forcing, *asked) for forcing in self.sets]
        return [forcing for forcing, _ in found], found[0][1]

    def attributes(self) -> pd.DataFrame:
        """See `Reader`."""
        names = [name for group in self.dataset["descriptors"].values() for name in group]
        return read_attributes(self.folder, names)

    def holder(self, descriptor: str) -> str:
        """See `Reader`."""
        return f"camels_{kind_of(self.folder, descriptor)}.txt"

    def record(self, basin: str) -> Record | None:
        """See `Reader`."""
        forcing_files, flow_files = self._series
        faults = [
            f"no forcing file{'' if len(self.sets) == 1 else f' of {forcing}'}"
            for forcing, files in zip(self.sets, forcing_files, strict=True)
            if basin not in files
        ]
        flow_file = flow_files.get(basin)
        if flow_file is None and self.for_training:
            faults.append("no streamflow file")
        if not all(basin in files for files in forcing_files):
            return Record(self._no_days(), np.nan, [], faults)
        days, area, notes = self._forcing(basin, forcing_files)
        if days.empty:
            faults.append("no day that all its forcing sets have")
        days["discharge"] = np.nan
        if flow_file:
            flow = read_streamflow(flow_file, basin)
            notes += _holes(flow["date"])
            flow["discharge"] = to_millimetres(flow["discharge"], area)
            # A day without forcing can be neither simulated nor learnt from.
            days = days.drop(columns="discharge").merge(flow, on="date", how="left")
        names = [*self.dataset["forcings"], "discharge"]
        days = days[["date", *names]].astype(dict.fromkeys(names, np.float32))
        return Record(days, area / 1e6, notes, faults)

    def _forcing(self, basin: str, files: list[dict]) -> tuple[pd.DataFrame, float, list[str]]:
        """Days that all sets have, the area of the first [m2], and what is odd."""
        joined, areas, notes = None, [], []
        for forcing, of_set in zip(self.sets, files, strict=True):
            days, area = read_forcing(of_set[basin])
            areas.append(area)
            of = "" if len(self.sets) == 1 else f"{forcing}: "
            notes += [of + days.attrs["note"]] if days.attrs["note"] else []
            if odd := int((days["tmax"] < days["tmin"]).sum()):
                notes.append(f"{of}tmax is below tmin on {odd} of {len(days)} days")
            elif (days["tmax"] == days["tmin"]).all():
                notes.append(f"{of}tmax equals tmin on every day, there is no daily range")
            if len(self.sets) > 1:
                days = days.rename(columns={name: f"{name}_{forcing}" for name in COLUMNS})
            joined = days if joined is None else joined.merge(days, on="date")
        return joined, areas[0], notes

    def _no_days(self) -> pd.DataFrame:
        names = [*self.dataset["forcings"], "discharge"]
        empty = pd.DataFrame({name: pd.Series(dtype=np.float32) for name in names})
        empty.insert(0, "date", pd.Series(dtype="datetime64[s]"))
        return empty

    def check(self, areas: Mapping[str, float]) -> None:
        """Refuse areas of forcing files that can't be those of the attributes."""
        table = read_attributes(self.folder, ["area_gages2"]).set_index("basin")
        gages = table["area_gages2"].reindex(list(areas))
        ratio = pd.Series(areas) / gages
        wrong = list(ratio.index[(ratio > AREA_FACTOR) | (ratio < 1 / AREA_FACTOR)])
        if not wrong:
            return
        first, *also = wrong
        others = f"So it is for {first_of(also, 6)}. " if also else ""
        raise InputError(
            f"{self._series[0][0][first]}, line 3: the area is {areas[first]:g} km2, but in "
            f"{find_attributes(self.folder)['topo']} area_gages2 of basin {first} is "
            f"{gages[first]:g}; expected less than a factor of {AREA_FACTOR} between them, as "
            f"discharge in mm/day follows from the area. {others}Compare both with the original "
            "files, or take the basin out of the list"
        )


def _holes(dates: pd.Series) -> list[str]:
    # The official format marks a missing day by its flag; a day that is not there at all is taken
    # for missing as well, and said.
    steps = dates.diff().dt.days
    return [
        f"no line of streamflow for {int(steps[at]) - 1} days before {dates[at]:%Y-%m-%d}"
        for at in steps.index[steps > 1]
    ]
