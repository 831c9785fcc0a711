"""The section `simulate` of a configuration: other periods and other basins."""

from dataclasses import dataclass
from pathlib import Path

from randvec import matrix
from randvec.config import check_source
from randvec.data.sources import SOURCES, reader, stamp_of, with_defaults
from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.provenance import file_digest

#: Keys of a simulation that say where its basins come from.
PLACES = ("folder", "basins", "series", "descriptor_table")

#: What a simulation of other basins writes besides.
TABLES = ("series.parquet", "descriptors.parquet", "basins.csv")


@dataclass(frozen=True)
class Simulation:
    """What is simulated under one name, and in which files.

    Attributes
    ----------
    name : str
    models : list of str
    period : list of str
        First and last day, both inclusive.
    dataset : dict or None
        As `dataset_of` gives it.
    run, folder : str
        Folder of the run, and of the simulation.
    members : dict of str to list of str
        Folders of the members of each model.
    """

    name: str
    models: list[str]
    period: list[str]
    dataset: dict | None
    run: str
    folder: str
    members: dict[str, list[str]]

    def inputs(self) -> list[str]:
        """Files that are read, but for the members'.

        Raises
        ------
        InputError
            If they are not there as a whole.
        """
        if self.dataset is None:
            return [f"{self.run}/series.parquet"]
        source = reader(self.dataset)
        source.for_training = False
        return source.files()

    def outputs(self) -> list[str]:
        """Files that are made."""
        files = [
            f"{code}/{f}" for code in self.models for f in ("predictions.parquet", "metrics.csv")
        ]
        tables = TABLES if self.dataset else ()
        drawn = ("hydrographs.png", "hydrographs.pdf")
        return [f"{self.folder}/{file}" for file in (*files, *tables, *drawn)]

    def modules(self) -> list[str]:
        """Modules whose code it depends on, with what they import."""
        models = [matrix.parse(code) for code in self.models]
        registered = {ARCHITECTURES[model.architecture].network for model in models}
        if self.dataset:
            registered.add(SOURCES[self.dataset["source"]].reader)
        named = {entry.partition(":")[0] for entry in registered}
        return ["randvec.simulation.job", *sorted(named)]

    def found(self) -> dict[str, str]:
        """Digests of the weights by folder, empty where there are none, and of the basins' files.

        Raises
        ------
        InputError
            As `inputs`.
        """
        paths = [Path(one, "weights.safetensors") for each in self.members.values() for one in each]
        weights = {str(p.parent): file_digest(p) if p.is_file() else "" for p in paths}
        if self.dataset is None:
            return weights
        return {**weights, "basins": stamp_of(self.dataset, self.inputs())}


def simulations(config: dict, run: str, member: str) -> list[Simulation]:
    """The simulations that a configuration asks for.

    Parameters
    ----------
    config : dict
        As `randvec.config.read` gives it, and checked.
    run : str
        Folder of the run.
    member : str
        Folder of a member, with ``{model}`` and ``{seed}``.
    """
    return [
        Simulation(
            name,
            asked["models"],
            asked["period"],
            dataset_of(config, name),
            run,
            f"{run}/simulations/{name}",
            {
                model: [member.format(model=model, seed=seed) for seed in sorted(config["seeds"])]
                for model in asked["models"]
            },
        )
        for name, asked in config["simulate"].items()
    ]


def all_outputs(asked: list[Simulation]) -> list[str]:
    """Files of all simulations.

    Raises
    ------
    InputError
        If there is none.
    """
    if not asked:
        raise InputError(
            "config: there is no section simulate, which says what to simulate; config/README.md "
            "shows one"
        )
    return [path for simulation in asked for path in simulation.outputs()]


def dataset_of(config: dict, name: str) -> dict | None:
    """The section `dataset` that the basins of a simulation are read by; None for those of the run.

    Parameters
    ----------
    config : dict
        As `randvec.config.read` gives it.
    name : str
        Of the simulation.

    Raises
    ------
    InputError
        For keys that the source lacks or does not know, and paths of no file.
    """
    own = config["dataset"]
    asked = config["simulate"][name]
    changes = {key: asked[key] for key in PLACES if key in asked}
    if not changes:
        return None
    tables = {"series", "descriptor_table"} & changes.keys()
    source = "tables" if tables else own["source"]
    # Members know the columns that they were trained with, and no others.
    kept = ["name", "forcings", "descriptors", "incomplete_basins"]
    if source == own["source"]:
        moved = "folder" in changes or tables  # a list of basins is of one place
        kept = [key for key in own if key != "basins" or not moved]
    dataset = {**{key: own[key] for key in kept}, **changes, "source": source}
    try:
        check_source(dataset)
    except InputError as error:
        said = str(error).replace("config: dataset.", f"config: simulate.{name}.", 1)
        raise InputError(said) from None
    return with_defaults(dataset)
