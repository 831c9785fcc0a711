"""The sources of data, by name. A new one is one file and one entry here."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from randvec.data.basin_list import read_ids
from randvec.data.basins import read_basins
from randvec.data.reader import Reader, is_gone
from randvec.errors import InputError


@dataclass(frozen=True)
class Source:
    """What the rest of the package knows of a source.

    Attributes
    ----------
    reader : str
        Module, colon, and name of its `randvec.data.reader.Reader`; imported when it is first asked
        for. Beside it stand functions ``forcings`` and ``descriptors`` that give the defaults of
        these keys for a section `dataset`.
    needs : tuple of str
        Keys of the section `dataset` that it can't do without.
    takes : tuple of str
        Further keys that it understands and not every source does.
    citation : str
        What the report names as the source of the data.
    real : bool
        Whether its basins are real ones, with a place on a map.
    precipitation : str
        The forcing that a hydrograph shows above the discharge, with unit mm/day; empty for none.
    climate : tuple of str
        Descriptors that figures of climate show: the aridity index, the share of snow and, if there
        is one, the seasonality of precipitation.
    """

    reader: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    citation: str = ""
    real: bool = True
    precipitation: str = ""
    climate: tuple[str, ...] = ()


#: By the value of ``dataset.source``.
SOURCES: dict[str, Source] = {
    "virtual": Source(
        "randvec.data.virtual.source:Virtual",
        takes=("virtual", "forcing"),
        real=False,
        precipitation="prcp",
        climate=("aridity", "frac_snow", "p_seasonality"),
    ),
    "camels_us": Source(
        "randvec.data.camels_us_source:CamelsUS",
        needs=("folder", "basins"),
        takes=("forcing", "sources"),
        citation="CAMELS-US (Newman et al. 2015, Addor et al. 2017)",
        precipitation="prcp",
        climate=("aridity", "frac_snow", "p_seasonality"),
    ),
    "camels_ch": Source(
        "randvec.data.camels_ch:CamelsCH",
        needs=("folder",),
        takes=("basins",),
        citation="CAMELS-CH (Höge et al. 2023)",
        precipitation="precipitation",
        climate=("aridity", "frac_snow", "p_seasonality"),
    ),
    "camels_de": Source(
        "randvec.data.camels_de:CamelsDE",
        needs=("folder",),
        takes=("basins",),
        citation="CAMELS-DE (Loritz et al. 2024)",
        precipitation="precipitation_mean",
    ),
    "caravan": Source(
        "randvec.data.caravan:Caravan",
        needs=("folder",),
        takes=("basins", "twins"),
        citation="Caravan (Kratzert et al. 2023)",
        precipitation="total_precipitation_sum",
    ),
    "tables": Source(
        "randvec.data.tables:Tables",
        needs=("series", "descriptor_table"),
        takes=("basins",),
        citation="the user's own tables",
    ),
}


#: Keys of the section `dataset` that have a default and belong to some sources only.
WITH_DEFAULT = ("forcing", "virtual")


def reader(dataset: dict) -> Reader:
    """The reader of a configuration's section `dataset`, complete."""
    module, _, name = SOURCES[dataset["source"]].reader.partition(":")
    return getattr(importlib.import_module(module), name)(dataset)


def files(dataset: dict) -> list[str]:
    """Paths of all files that are read, or of one that is not there.

    Where the tables of the dataset are there and its folder is gone, as on a disk that is not
    mounted, Snakemake goes on with what was read before, which has been checked.
    """
    if _only_tables(dataset):
        return [f"{dataset['folder']}/gone"]
    return reader(dataset).files()


def stamp(dataset: dict) -> str:
    """What `stamp_of` gives for all files that are read.

    Empty for virtual catchments, and where the folder is gone.
    """
    if _only_tables(dataset) or dataset["source"] == "virtual":
        return ""
    return stamp_of(dataset, files(dataset))


def stamp_of(dataset: dict, paths: Iterable[str]) -> str:
    """A digest of the names, sizes and dates of files; the list of basins is left out.

    Snakemake itself notices a newer file alone, and not one that was put in its place with an older
    date, as by an archive, a copy that keeps dates or a link to another folder. The basins that are
    asked for stand among the settings that tables are made from.
    """
    there = [Path(path) for path in paths if path != dataset.get("basins") and Path(path).exists()]
    known = [(path.name, path.stat().st_size, int(path.stat().st_mtime)) for path in there]
    return sha256(repr(known).encode()).hexdigest()[:16]


def asked_basins(dataset: dict) -> list[str]:
    """The basins that are asked for; without the folder, those of the list or of the tables.

    Raises
    ------
    InputError
        If neither is there, or as the reader of the source.
    """
    if not _only_tables(dataset):
        return reader(dataset).basins()
    if "basins" in dataset:
        return sorted(read_ids(dataset["basins"]))
    table = Path("results", dataset["name"], "basins.csv")
    if not table.is_file():
        raise InputError(
            f"{table} is missing, which was made with series.parquet, and there are no data at "
            f"{dataset['folder']} (dataset.folder) to make it anew; put the folder back"
        )
    return sorted(read_basins(table)["basin"])


def _only_tables(dataset: dict) -> bool:
    """Whether the tables of the dataset are there and its folder is gone."""
    folder = dataset.get("folder")
    made = Path("results", dataset["name"], "series.parquet").exists()
    return bool(folder) and made and is_gone(folder)


def precipitation_of(dataset: dict) -> str:
    """The forcing that is daily precipitation; empty where the networks are shown none."""
    precipitation = SOURCES[dataset["source"]].precipitation
    sets = dataset.get("forcing")
    # Of several forcing sets the first one's.
    name = precipitation if isinstance(sets, str) or not sets else f"{precipitation}_{sets[0]}"
    return name if name in dataset["forcings"] else ""


def with_defaults(dataset: dict) -> dict:
    """The section `dataset` with the forcings and descriptors of its source, where it names none.

    Raises
    ------
    InputError
        If the source has to look into files for its defaults, and they can't be read.
    """
    source = SOURCES[dataset["source"]]
    module = importlib.import_module(source.reader.partition(":")[0])
    # Keys of other sources that have defaults say nothing here.
    dataset = {k: v for k, v in dataset.items() if k in source.takes or k not in WITH_DEFAULT}
    if len(sets := dataset.get("forcing", ())) == 1 and not isinstance(sets, str):
        dataset["forcing"] = sets[0]
    groups = dataset.get("descriptors")
    # A table of one's own has but one group, and may hold columns that are not to be looked at.
    usual = {} if groups and dataset["source"] == "tables" else module.descriptors(dataset)
    groups = groups or usual
    order = [*(name for name in usual if name in groups), *sorted(groups.keys() - usual.keys())]
    return {
        **dataset,
        "forcings": dataset.get("forcings") or module.forcings(dataset),
        "descriptors": {name: list(groups[name]) for name in order},
    }
