"""The user's own data: a table of daily series and a table of descriptors, Parquet or csv.

    series        basin, date, one column a forcing, discharge (mm/day)
    descriptors   basin, one numeric column a descriptor, gauge_lat and gauge_lon where known

csv is in UTF-8 and separated by commas, semicolons or tabs, with days as 1990-10-01 and nothing
where a number is missing. Rows may be in any order. All forcings and descriptors are used unless
the configuration names some.
"""

import logging
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from randvec.data.basin_list import read_ids
from randvec.data.reader import Reader, Record
from randvec.data.table_faults import damaged, incomplete, lost_zeros
from randvec.data.table_files import (
    DESCRIPTOR_KEYS,
    SERIES_KEYS,
    check_columns,
    read_descriptors,
    read_series,
    value_columns,
)
from randvec.errors import InputError, first_of

logger = logging.getLogger(__name__)

#: Faults that a message names.
NAMED = 8


def forcings(dataset: dict) -> list[str]:
    """The forcings where the configuration names none: all columns of the series."""
    return value_columns(dataset["series"], SERIES_KEYS)


def descriptors(dataset: dict) -> dict[str, list[str]]:
    """The descriptors where the configuration names none: all columns, in a group ``all``."""
    return {"all": value_columns(dataset["descriptor_table"], DESCRIPTOR_KEYS)}


class Tables(Reader):
    """The two tables that a section `dataset` names.

    The tables are read when they are first needed and kept, so that a record costs nothing more.

    Parameters
    ----------
    dataset : dict
        ``series`` and ``descriptor_table``, paths of .parquet or .csv files; ``basins``, path of a
        basin list, or else every basin; ``forcings``, or else all columns;
        ``descriptors``, or else all columns in a group ``all``; ``incomplete_basins``.

    Raises
    ------
    InputError
        If a table can't be read or has no such columns.
    """

    parallel = False

    def __init__(self, dataset: dict):
        self._paths = dataset["series"], dataset["descriptor_table"]
        self._list = dataset.get("basins")
        self._drop = dataset.get("incomplete_basins") == "drop"
        self.forcings = list(dataset.get("forcings") or value_columns(self._paths[0], SERIES_KEYS))
        self.descriptors = dataset.get("descriptors") or {
            "all": value_columns(self._paths[1], DESCRIPTOR_KEYS)
        }

    def files(self) -> list[str]:
        """Paths of the tables, sorted, the basin list first if there is one."""
        paths = sorted(map(str, self._paths))
        return [str(self._list), *paths] if self._list else paths

    def basins(self) -> list[str]:
        """The basins that are asked for, sorted: those of the list, or of the descriptors.

        The series are not read for it, as it is asked for while a run is planned; only whether
        there are columns of the names in the configuration is checked.
        """
        self._check_columns()
        return self._wanted or sorted(set(read_descriptors(self._paths[1], [])["basin"]))

    def record(self, basin: str) -> Record | None:
        """The series of a basin; None where the table has no row of it. Raises as `attributes`."""
        if basin not in self._rows:
            return None
        days = self._tables[0].iloc[self._rows[basin]].drop(columns="basin").reset_index(drop=True)
        notes = []
        if below := int((days["discharge"] < 0).sum()):
            days["discharge"] = days["discharge"].where(days["discharge"] >= 0)
            notes.append(f"negative discharge on {below} days, taken for missing")
        return Record(days, np.nan, notes)

    def attributes(self) -> pd.DataFrame:
        """A row a basin: ``basin``, the descriptors, ``gauge_lat``, ``gauge_lon``; float64.

        Raises
        ------
        InputError
            With a sentence for each thing that is wrong with the tables. With
            ``incomplete_basins: drop`` a basin in one table only or without a descriptor is none.
        """
        return self._tables[1].sort_values("basin").reset_index(drop=True)

    def _check_columns(self) -> None:
        if self.for_training:  # else the networks say which columns there must be
            names = [name for group in self.descriptors.values() for name in group]
            check_columns(self._paths[0], self.forcings, "dataset.forcings")
            check_columns(self._paths[1], names, "dataset.descriptors")

    @cached_property
    def _wanted(self) -> list[str]:
        return sorted(read_ids(self._list)) if self._list else []

    @cached_property
    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        self._check_columns()
        names = [name for group in self.descriptors.values() for name in group]
        series = read_series(self._paths[0], self.forcings, self.for_training)
        descriptors = read_descriptors(self._paths[1], names)
        if self._wanted:
            known = series["basin"].unique()
            if lost := lost_zeros(self._list, self._wanted, self._paths[0], known):
                raise InputError(lost[0])
            if not series["basin"].isin(self._wanted).any():
                raise InputError(
                    f"{self._list}: none of its {len(self._wanted)} basins is in {self._paths[0]}; "
                    f"expected ids as they stand there, for example {series['basin'].iloc[0]}"
                )
            series, descriptors = (
                table[table["basin"].isin(self._wanted)] for table in (series, descriptors)
            )
        faults = damaged(series, descriptors, self._paths, self.for_training)
        if not self._drop:
            faults += incomplete(series, descriptors, self._paths)
        if faults:
            raise InputError(first_of(faults, NAMED, "\n"))
        if alone := sorted(set(series["basin"]) - set(descriptors["basin"])):
            logger.warning("no descriptors, left out: %s", ", ".join(alone))
        return series.sort_values(["basin", "date"], ignore_index=True), descriptors

    @cached_property
    def _rows(self) -> dict[str, slice]:
        basins = self._tables[0]["basin"]
        starts = np.flatnonzero((basins != basins.shift()).to_numpy())
        ends = [*starts[1:], len(basins)]
        return {basins.iloc[a]: slice(a, b) for a, b in zip(starts, ends, strict=True)}


def check_tables(
    series: str,
    descriptors: str,
    forcings: Sequence[str] | None = None,
    descriptor_columns: Sequence[str] | None = None,
) -> list[str]:
    """Say what is wrong with two tables before a run does.

    Parameters
    ----------
    series, descriptors : path
        As ``dataset.series`` and ``dataset.descriptor_table`` name them.
    forcings, descriptor_columns : sequence of str, optional
        The columns to be used; without them all.

    Returns
    -------
    list of str
        A sentence for each thing that is wrong, with file and line; empty if nothing is.
    """
    try:
        read = (
            read_series(series, list(forcings or value_columns(series, SERIES_KEYS))),
            read_descriptors(
                descriptors, list(descriptor_columns or value_columns(descriptors, DESCRIPTOR_KEYS))
            ),
        )
    except InputError as error:
        return [str(error)]
    paths = series, descriptors
    return damaged(*read, paths) + incomplete(*read, paths)
