"""Checks of a configuration that a schema can't express, and what follows from a configuration:
cells, settings and periods."""

import re
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path

from randvec import matrix, scenarios
from randvec.config_schema import refuse_unknown
from randvec.data.camels_us import read_basin_list
from randvec.draws import check_shared, check_trained
from randvec.errors import InputError
from randvec.models import ARCHITECTURES

#: Keys of `dataset` that the named source needs, and those that only it understands.
KEYS_OF_SOURCE = {"camels_us": ("folder", "basins"), "virtual": ()}
KEYS_ONLY_OF_SOURCE = {"camels_us": ("folder", "basins", "sources"), "virtual": ()}

#: Years that a day may have: measured discharge begins in the nineteenth century.
YEARS = (1800, 2200)

#: Experiments, and how the scenarios begin that they vary; full is what those are held against.
VARIED = {
    "dimensions": (),
    "data_length": ("years-",),
    "fewer_basins": ("basins-",),
    "incomplete_descriptors": ("without-", "only-"),
    "uncertain_descriptors": ("noise-",),
    "vector_luck": ("vectors-",),
    "ungauged_basins": ("fold-",),
}


def check(config: dict) -> None:
    """Check what ties several keys of a validated configuration together.

    Parameters
    ----------
    config : dict
        As `randvec.config_schema.complete` gives it.

    Raises
    ------
    InputError
        For a cell that the matrix lacks, a scenario that is unknown, changes nothing for a model
        or does not belong to its experiment, an experiment that has nothing to show, that lacks a
        fold or whose subsets of basins share none, static vectors where one basin is trained on,
        a variant or settings of an architecture that are not defined or not valid, more predicted
        days than a window has, a period that ends before it starts, periods that overlap or leave
        the record, a learning rate that does not start at epoch 1, or a key that the source of the
        data does not use.
    """
    for name in config["architectures"]:
        refuse_unknown(name, ARCHITECTURES, "architectures.")
    for section in ("architectures", "variants"):
        _check_changes(config, section)
    for _, code in cells(config):
        training_of(config, matrix.parse(code))
    _check_source(config["dataset"])
    _check_periods(config)
    for scenario, code in cells(config):
        scenarios.check(matrix.parse(code), scenarios.parse(scenario))
        training_period(config, scenario)
    for name, experiment in config["experiments"].items():
        _check_experiment(name, experiment)
    _check_basin_counts(config)
    _check_folds("scenarios", config)
    for name, experiment in config["experiments"].items():
        _check_folds(f"experiments.{name}.scenarios", experiment)
    _check_draws(config)
    _check_training("training", config["training"], config)


def cells(config: dict) -> list[tuple[str, str]]:
    """What the run trains: scenario and model code, each pair once, the main comparison first.

    Parameters
    ----------
    config : dict
        Needs ``models``, ``scenarios`` and ``experiments``, complete.
    """
    parts = [config, *config["experiments"].values()]
    return list(dict.fromkeys(pair for part in parts for pair in cells_of(part)))


def cells_of(part: dict) -> list[tuple[str, str]]:
    """Scenario and model of one experiment, or of the whole configuration's main comparison."""
    references = [("full", code) for code in part.get("references", [])]
    return list(dict.fromkeys([*product(part["scenarios"], part["models"]), *references]))


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


def _check_changes(config: dict, section: str) -> None:
    """Check what a section changes of the section training, under each of its names."""
    fixed = {
        "sequence_length": "because the warm-up of the periods follows from it",
        "keep_epochs": "because members of all models have the same files",
    }
    if config["training"]["keep_epochs"]:
        fixed["epochs"] = "if keep_epochs is on, because members of all models have the same files"
    for name, changes in config[section].items():
        where = f"{section}.{name}"
        for key in fixed.keys() & changes.keys():
            raise InputError(
                f"config: {where}.{key} can't differ from training.{key}, {fixed[key]}; give the "
                "other value a configuration of its own"
            )
        _check_training(where, changes, config)


def _check_training(where: str, settings: dict, config: dict) -> None:
    """Check settings of training that a section has or changes, beyond the schema."""
    steps = settings.get("learning_rate", {})
    starts = [step["epoch"] for step in steps if isinstance(steps, list)]
    if starts and (starts != sorted(set(starts)) or starts[0] != 1):
        raise InputError(
            f"config: {where}.learning_rate starts at the epochs {starts}; "
            "the first must be 1 and each later one larger than the one before"
        )
    longest = config["training"]["sequence_length"]
    if settings.get("predicted_days", 1) > longest:
        raise InputError(
            f"config: {where}.predicted_days is {settings['predicted_days']}, more than the "
            f"{longest} days of a window (training.sequence_length); lower it"
        )


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


def _check_source(dataset: dict) -> None:
    source = dataset["source"]
    for key in KEYS_OF_SOURCE[source]:
        if key not in dataset:
            raise InputError(f"config: dataset.{key} is missing; source '{source}' needs it")
    for other, keys in KEYS_ONLY_OF_SOURCE.items():
        for key in keys:
            if other != source and key in dataset:
                raise InputError(
                    f"config: dataset.{key} belongs to source '{other}', but source is '{source}'; "
                    "remove the key or change the source"
                )
    for key in ("folder", "basins"):
        if re.search("[{}]", dataset.get(key, "")):
            raise InputError(
                f"config: dataset.{key} is {dataset[key]}, and Snakemake takes braces in the path "
                "of an input for wildcards; rename it, or name a link to it that has none"
            )
    for key in ("basins", "sources"):
        if key in dataset and not Path(dataset[key]).is_file():
            raise InputError(
                f"config: dataset.{key} names no file: {dataset[key]}, looked for as "
                f"{Path(dataset[key]).absolute()}; a relative path starts in the working folder"
            )


def _check_experiment(name: str, experiment: dict) -> None:
    """Refuse an experiment that has nothing to show, or scenarios that another one shows."""
    varied = VARIED[name]
    expected = " or ".join(f"{start}..." for start in varied)
    where = f"config: experiments.{name}"
    for scenario in experiment["scenarios"]:
        if scenario != "full" and not scenario.startswith(varied):
            raise InputError(
                f"{where} does not show scenario '{scenario}'; expected "
                + " or ".join(filter(None, ["full", expected]))
            )
    if varied and experiment["scenarios"] == ["full"]:
        raise InputError(f"{where}.scenarios varies nothing; add at least one {expected}")
    if not varied and not any(matrix.parse(code).statics.random for code in experiment["models"]):
        raise InputError(f"{where}.models has no random vector; add at least one like EG-16")


def _check_folds(key: str, part: dict) -> None:
    """Refuse a division of the basins that lacks a fold: some basins would never be tested."""
    folds: dict[int, set[int]] = {}
    for name in part["scenarios"]:
        choice = scenarios.parse(name).basins or {}
        if "fold" in choice:
            folds.setdefault(choice["folds"], set()).add(choice["fold"])
    for count, found in folds.items():
        if missing := sorted(set(range(1, count + 1)) - found):
            raise InputError(
                f"config: {key} lacks fold-{missing[0]}-of-{count}; name all folds, or each basin "
                "is not tested once"
            )


def _check_draws(config: dict) -> None:
    """Refuse what the number of basins can't be enough for."""
    basins = [f"{number:04}" for number in range(_count_basins(config["dataset"]))]
    parts = {"main": config, **config["experiments"]}
    parts = {name: cells_of(part) for name, part in parts.items()}
    check_trained(parts, basins)
    if config["dataset"]["incomplete_basins"] == "stop":  # else the draws are known after `series`
        check_shared(parts, basins)


def _count_basins(dataset: dict) -> int:
    listed = dataset.get("basins")
    return len(read_basin_list(listed)) if listed else dataset["virtual"]["basins"]


def _check_basin_counts(config: dict) -> None:
    count = _count_basins(config["dataset"])
    for name in dict.fromkeys(scenario for scenario, _ in cells(config)):
        choice = scenarios.parse(name).basins or {}
        if choice.get("count", 0) >= count:
            raise InputError(
                f"config: scenario '{name}' draws {choice['count']} of {count} basins; ask for "
                "fewer, or for full"
            )
        if choice.get("folds", 0) > count:
            raise InputError(
                f"config: scenario '{name}' deals {count} basins to {choice['folds']} folds; "
                "ask for fewer folds"
            )


def _check_periods(config: dict) -> None:
    days = {}
    for name, period in config["periods"].items():
        days[name] = [_day(f"periods.{name}", text) for text in period]
        if days[name][0] > days[name][1]:
            raise InputError(f"config: periods.{name} ends before it starts: {period}")
    for (name, one), (other, two) in combinations(days.items(), 2):
        if one[0] <= two[1] and two[0] <= one[1]:
            raise InputError(
                f"config: periods.{name} and periods.{other} overlap; a score on days that were "
                "learnt from or chosen by says nothing, so move one of them"
            )
    if config["dataset"]["source"] == "virtual":
        _check_virtual_record(config, days)


def _check_virtual_record(config: dict, days: dict) -> None:
    record = config["dataset"]["virtual"]
    first, last = (_day(f"dataset.virtual.{end}", record[end]) for end in ("first", "last"))
    warm_up = timedelta(days=config["training"]["sequence_length"] - 1)
    for name, (start, end) in days.items():
        if start - warm_up < first or end > last:
            raise InputError(
                f"config: periods.{name} with its {warm_up.days} days of warm-up needs "
                f"{start - warm_up} to {end}, but the virtual record is {first} to {last}; "
                "change dataset.virtual.first and last, or the period"
            )


def _day(key: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"config: {key} has '{text}', which is no day of the calendar") from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise InputError(
            f"config: {key} has '{text}', expected a day of the years {YEARS[0]} to {YEARS[1]}"
        )
    return day
