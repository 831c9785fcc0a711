"""Where the text files of a run come from.

A new dataset in the layout of CAMELS-US is one file and one line of `SOURCES`.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

#: Value of ``dataset.source``: the function that describes its text files, with the parameters of
#: `describe`. It is imported when it is first asked for.
SOURCES = {
    "virtual": "randvec.data.virtual.source:source",
    "camels_us": "randvec.data.camels_us_source:source",
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
    module, _, function = SOURCES[dataset["source"]].partition(":")
    return getattr(importlib.import_module(module), function)(dataset, results)
