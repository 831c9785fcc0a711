"""Where the text files of a run come from. A new dataset is one file and one line of `SOURCES`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from randvec.data import camels_us
from randvec.data.made_from import is_gone
from randvec.data.virtual.layout import layout


@dataclass(frozen=True)
class Source:
    """The text files of a run.

    Attributes
    ----------
    folder : str
        Folder in the official CAMELS layout.
    basins : str
        Path of the basin list.
    files : function
        Gives the path of every file that is read, the basin list included. Raises InputError if
        the folder is missing.
    """

    folder: str
    basins: str
    files: Callable[[], list[str]]


def virtual(dataset: dict, results: str) -> Source:
    """Virtual catchments, which a rule writes below the results."""
    folder = f"{results}/camels"
    files = layout(folder, dataset["virtual"]["basins"])
    return Source(folder, f"{folder}/basins.txt", lambda: files)


def camels(dataset: dict, results: str) -> Source:
    """CAMELS-US, in the folder that the user names; nothing is written there."""
    folder, basins = dataset["folder"], dataset["basins"]
    wanted = camels_us.read_basin_list(basins)

    def files() -> list[str]:
        if Path(results, "series.parquet").exists() and is_gone(folder):
            # A missing file: Snakemake goes on with what was read before, which has been checked.
            return [f"{folder}/basin_mean_forcing"]
        return [basins, *camels_us.source_files(folder, dataset["forcing"], wanted)]

    return Source(folder, basins, files)


SOURCES: dict[str, Callable[[dict, str], Source]] = {"virtual": virtual, "camels_us": camels}


def describe(dataset: dict, results: str) -> Source:
    """The text files behind a configuration's section `dataset`.

    Parameters
    ----------
    dataset : dict
        The section, with its defaults.
    results : str
        ``results/<dataset>``.

    Raises
    ------
    InputError
        If the basin list is not readable as one.
    """
    return SOURCES[dataset["source"]](dataset, results)
