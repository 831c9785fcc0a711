"""What every source of data gives, whatever its files look like."""

from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd


@dataclass(frozen=True)
class Record:
    """The daily series of one basin.

    Attributes
    ----------
    days : DataFrame
        ``date`` (datetime64[s]), the forcings asked for and ``discharge`` [mm/day], float32. Every
        day from the first to the last once, in order; NaN where a value is missing.
    area : float
        Area of the basin [km2]; NaN where the source does not say it.
    notes : list of str
        What is odd in the files and was kept as it is.
    """

    days: pd.DataFrame
    area: float
    notes: list[str] = field(default_factory=list)


class Reader(Protocol):
    """The files of a source, as its section `dataset` of the configuration asks for them.

    Made from that section: `folder`, `basins`, `forcings` (names of columns) and `descriptors`
    (names by group). Each method raises InputError for files that are damaged, missing as a whole,
    or do not hold what is asked for.
    """

    def files(self) -> list[str]:
        """Paths of all files that are read, sorted, the basin list first if there is one."""

    def basins(self) -> list[str]:
        """The basins that are asked for, sorted."""

    def record(self, basin: str) -> Record | None:
        """The series of a basin; None where the source has no file of it."""

    def attributes(self) -> pd.DataFrame:
        """A row a basin: ``basin``, the descriptors asked for, ``gauge_lat`` and ``gauge_lon``.

        Numbers, float64; NaN where a value is missing.
        """
