"""A configuration, complete, and what follows from it: ensembles, settings and periods."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from randvec import matrix, scenarios
from randvec.config_schema import complete, refuse_unknown
from randvec.data.sources import SOURCES, asked_basins, with_defaults
from randvec.errors import InputError, meant
from randvec.experiments import KINDS, MAIN
from randvec.scenarios import Ensemble


def read(given: dict, schema: dict) -> dict:
    """Check a configuration against its schema, and fill in what it leaves out.

    Parameters
    ----------
    given, schema : dict
        As `randvec.config_schema.complete` takes them.

    Returns
    -------
    dict
        As `complete` gives it, but the experiments in the order in which they are given, which the
        report has too. Each has its kind.

    Raises
    ------
    InputError
        As `complete`, and for an experiment whose kind can't be told.
    """
    config = complete(given, schema)
    dataset = config["dataset"]
    refuse_unknown(dataset["source"], SOURCES, "dataset.source: ")
    # Not the defaults, which most sources have no use for.
    named = [key for key, value in given["dataset"].items() if value is not None]
    check_source({key: dataset[key] for key in named})
    filled = with_defaults(dataset)
    order = schema["properties"]["dataset"]["properties"]
    config["dataset"] = {key: filled[key] for key in order if key in filled}
    experiments = config["experiments"]
    config["experiments"] = {
        name: {"kind": _kind(name, experiments[name]), **experiments[name]}
        for name in given.get("experiments") or {}
    }
    return config


def check_source(dataset: dict) -> None:
    """Refuse keys of the section `dataset` that its source lacks or does not know; bad paths."""
    source = dataset["source"]
    for key in SOURCES[source].needs:
        if key not in dataset:
            raise InputError(f"config: dataset.{key} is missing; source '{source}' needs it")
    of_source = {name: {*kind.needs, *kind.takes} for name, kind in SOURCES.items()}
    for key in dataset:
        others = [f"'{name}'" for name, keys in of_source.items() if key in keys]
        if others and key not in of_source[source]:
            raise InputError(
                f"config: dataset.{key} belongs to source {' or '.join(others)}, but source is "
                f"'{source}'; remove the key or change the source"
            )
    for key in ("folder", "basins", "series", "descriptor_table"):
        if re.search("[{}]", dataset.get(key, "")):
            raise InputError(
                f"config: dataset.{key} is {dataset[key]}, and Snakemake takes braces in the path "
                "of an input for wildcards; rename it, or name a link to it that has none"
            )
    for key in ("basins", "sources", "series", "descriptor_table"):
        if key in dataset and not Path(dataset[key]).is_file():
            raise InputError(
                f"config: dataset.{key} names no file: {dataset[key]}, looked for as "
                f"{Path(dataset[key]).absolute()}; a relative path starts in the working folder"
            )


def _kind(name: str, experiment: dict) -> str:
    kind = experiment.get("kind", name)
    if kind in KINDS:
        return kind
    hint = meant(kind, KINDS)
    if "kind" in experiment:
        raise InputError(f"config: experiments.{name}.kind is '{kind}', which is unknown; {hint}")
    raise InputError(
        f"config: experiments.{name} has no kind, and its name is none; an experiment under a name "
        f"of its own needs the key kind; {hint}"
    )


def parts(config: dict) -> dict[str, list[Ensemble]]:
    """What the main comparison and each experiment consist of, by name, `MAIN` first."""
    return {MAIN: ensembles_of(config)} | {
        name: ensembles_of(part) for name, part in config["experiments"].items()
    }


def count_basins(dataset: dict) -> int:
    """Number of basins that the section `dataset` asks for, those of virtual catchments to be made.

    Raises
    ------
    InputError
        If the basin list is not readable as one.
    """
    if not SOURCES[dataset["source"]].real:
        return dataset["virtual"]["basins"]
    return len(asked_basins(dataset))


def stand_ins(dataset: dict) -> list[str]:
    """Ids in the place of those of the basins; draws and folds depend on their number alone.

    Raises
    ------
    InputError
        As `count_basins`.
    """
    return [f"{number:04}" for number in range(count_basins(dataset))]


def ensembles(config: dict) -> list[Ensemble]:
    """All that the run trains, each once, the main comparison first."""
    return list(dict.fromkeys(ensemble for part in parts(config).values() for ensemble in part))


def ensembles_of(part: Mapping) -> list[Ensemble]:
    """Scenario and model of one experiment, or of the whole configuration's main comparison."""
    references = [(scenarios.FULL, code) for code in part.get("references", [])]
    varied = product(part.get("scenarios", [scenarios.FULL]), part["models"])
    return list(dict.fromkeys([*varied, *references]))


def training_of(config: dict, model: matrix.Model) -> dict:
    """What a model's weights depend on: ``training``, changed by its architecture, then variant.

    ``keep_epochs`` is left out, since it changes no weight.

    Raises
    ------
    InputError
        If the configuration does not define the variant.
    """
    training = {key: value for key, value in config["training"].items() if key != "keep_epochs"}
    training |= config["architectures"].get(model.architecture, {})
    if not model.variant:
        return training
    if model.variant not in config["variants"]:
        raise InputError(
            f"config: model '{model.code}' asks for the variant '{model.variant}', but `variants` "
            f"defines {', '.join(config['variants']) or 'none'}; add it there or correct the name"
        )
    return {**training, **config["variants"][model.variant]}


def kept_epochs(training: dict) -> list[str]:
    """Names of the epochs whose weights are kept, none or all: numbers that sort as text does.

    Parameters
    ----------
    training : dict
        The section of the configuration, complete.
    """
    if not training["keep_epochs"]:
        return []
    last = training["epochs"]
    return [f"{epoch:0{max(2, len(str(last)))}}" for epoch in range(1, last + 1)]


def training_period(config: dict, scenario: str) -> list[str]:
    """First and last training day of a scenario.

    Parameters
    ----------
    config : dict
        Needs ``periods.train``.
    scenario : str
        A name of `randvec.scenarios`.

    Returns
    -------
    list of str
        Two ISO dates, both inclusive.

    Raises
    ------
    InputError
        If the training period is shorter than N years.
    """
    first, last = config["periods"]["train"]
    years = scenarios.parse(scenario).years
    if years is None:
        return [first, last]
    start = _years_before(date.fromisoformat(last) + timedelta(days=1), years)
    if start < date.fromisoformat(first):
        raise InputError(
            f"config: scenario '{scenario}' needs {years} years, but periods.train has fewer: "
            f"{first} to {last}"
        )
    return [start.isoformat(), last]


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; for 29 February 1 March where that year has none."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
