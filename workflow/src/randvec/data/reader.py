"""What every source of data gives, whatever its files look like."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

#: Columns for maps; no network sees them.
COORDINATES = ("gauge_lat", "gauge_lon")


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
    faults : list of str
        What makes the basin incomplete, as a file that is not there.
    """

    days: pd.DataFrame
    area: float
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Reader(ABC):
    """The files of a source, as the section `dataset` of a configuration asks for them.

    Every method raises InputError for files that are damaged, missing as a whole, or do not hold
    what is asked for.

    Parameters
    ----------
    dataset : dict
        The section, with its defaults: among others `forcings` (names of columns) and `descriptors`
        (names by group).
    """

    #: Whether several processes read faster than one, each with a reader of its own.
    parallel = True

    #: Whether networks learn from the basins; where they only simulate, discharge may be missing.
    for_training = True

    @abstractmethod
    def __init__(self, dataset: dict): ...

    @abstractmethod
    def files(self) -> list[str]:
        """Paths of all files that are read."""

    @abstractmethod
    def basins(self) -> list[str]:
        """The basins that are asked for, sorted."""

    @abstractmethod
    def record(self, basin: str) -> Record | None:
        """The series of a basin; None where the source has no file of it."""

    @abstractmethod
    def attributes(self) -> pd.DataFrame:
        """A row a basin: ``basin``, the descriptors asked for, ``gauge_lat`` and ``gauge_lon``.

        Numbers, float64; NaN where a value is missing.
        """

    def holder(self, descriptor: str) -> str:
        """What holds a descriptor, for messages."""
        return "the table of attributes"

    def check(self, areas: Mapping[str, float]) -> None:  # noqa: B027  most have nothing to refuse
        """Refuse what only the areas [km2] of all basins together show to be wrong."""


def places_of(folder: str | Path) -> list[Path]:
    """The given folder and those up to two levels below it, from the top down."""
    folder = Path(folder).expanduser()
    return [folder, *sorted(folder.glob("*/")), *sorted(folder.glob("*/*/"))]


def is_gone(folder: str | Path) -> bool:
    """Whether a folder is missing or empty, as one that is not mounted."""
    folder = Path(folder).expanduser()
    return not folder.is_dir() or not any(folder.iterdir())
