"""Where the text files of a run come from.

A new dataset in the layout of CAMELS-US is one file and one line of `SOURCES`.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What the rest of the package knows of a kind of source.

    Attributes
    ----------
    function : str
        Module, colon, and name of the function that describes its text files, with the parameters
        of `describe`; imported when it is first asked for.
    needs : tuple of str
        Keys of the section `dataset` that it can't do without.
    takes : tuple of str
        Further keys that it understands and not every source does.
    real : bool
        Whether its basins are real ones, with a place on a map.
    """

    function: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    real: bool = True


#: By the value of ``dataset.source``.
SOURCES: dict[str, Kind] = {
    "virtual": Kind("randvec.data.virtual.source:source", real=False),
    "camels_us": Kind(
        "randvec.data.camels_us_source:source", needs=("folder", "basins"), takes=("sources",)
    ),
}


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
    module, _, function = SOURCES[dataset["source"]].function.partition(":")
    return getattr(importlib.import_module(module), function)(dataset, results)
