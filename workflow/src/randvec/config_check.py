"""Checks of a configuration that a schema can't express."""

from dataclasses import replace

from randvec import matrix, scenarios
from randvec.config import ensembles, parts, stand_ins, training_of, training_period
from randvec.config_periods import check_periods
from randvec.config_schema import refuse_unknown
from randvec.draws import check_shared, check_trained
from randvec.errors import InputError
from randvec.experiments import KINDS
from randvec.jobs import job_name
from randvec.models import ARCHITECTURES

#: What columns of these names are.
NO_FORCING = {
    "basin": "an id",
    "date": "the day",
    "discharge": "what is to be predicted",
    "streamflow": "what is to be predicted",
}
NO_DESCRIPTOR = {
    "basin": "an id",
    "gauge_lat": "the place of a basin on a map",
    "gauge_lon": "the place of a basin on a map",
}

#: Characters of a file name, but for its ending; file systems allow 255 with it.
LONGEST_NAME = 250


def check(config: dict) -> None:
    """Check what ties several keys of a validated configuration together.

    Parameters
    ----------
    config : dict
        As `randvec.config.read` gives it.

    Raises
    ------
    InputError
        For a cell that the matrix lacks, a scenario that is unknown, changes nothing for a model
        or does not belong to its experiment, an experiment that has nothing to show, that lacks a
        fold or whose subsets of basins share none, a column that can be no forcing or no
        descriptor, a descriptor of two groups, static vectors where one basin is trained on,
        a variant or settings of an architecture that are not defined or not valid, or a variant
        that changes nothing, more predicted days than a window has, a period that ends before it
        starts, periods that overlap or leave the record, a learning rate that does not start at
        epoch 1, a key that the source of the data does not use, a simulation of which the same is
        true, or fixed seeds that leave members the same.
    """
    for name in config["architectures"]:
        refuse_unknown(name, ARCHITECTURES, "architectures.")
    for section in ("architectures", "variants"):
        _check_changes(config, section)
    _check_named(config)
    for _, code in ensembles(config):
        training_of(config, matrix.parse(code))
    check_periods(config)
    _check_columns(config["dataset"])
    groups = config["dataset"]["descriptors"]
    for scenario, code in ensembles(config):
        model = matrix.parse(code)
        matrix.check_length(model, sum(map(len, groups.values())))
        scenarios.check(model, scenarios.parse(scenario), groups)
        _check_repeated(config, scenario, model)
    for name, experiment in config["experiments"].items():
        _check_experiment(name, experiment)
    _check_draws(config)
    for name, experiment in config["experiments"].items():
        _check_folds(name, experiment)
    _check_seeds(config)
    _check_training("training", config["training"], config)
    for simulation in config["simulate"].values():
        for code in simulation["models"]:
            training_of(config, matrix.parse(code))


def _check_named(config: dict) -> None:
    """Refuse models and scenarios that there are none of, and say in which key they stand."""
    lists = {"models": config["models"]}
    for section in ("experiments", "simulate"):
        for name, part in config[section].items():
            for key in ("models", "references", "scenarios"):
                lists[f"{section}.{name}.{key}"] = part.get(key, [])
    for key, names in lists.items():
        parse = scenarios.parse if key.endswith(".scenarios") else matrix.parse
        for name in names:
            try:
                parse(name)
            except InputError as error:
                raise InputError(f"config: {key}: {error}") from None


def _check_columns(dataset: dict) -> None:
    """Refuse columns that can be no forcing or no descriptor, and descriptors of two groups."""
    for name in dataset["forcings"]:
        if name in NO_FORCING:
            raise InputError(
                f"config: dataset.forcings has {name}, which is {NO_FORCING[name]}; name the "
                "forcings without it"
            )
    group_of: dict[str, str] = {}
    for group, names in dataset["descriptors"].items():
        for name in names:
            if name in NO_DESCRIPTOR:
                raise InputError(
                    f"config: dataset.descriptors.{group} has {name}, which is "
                    f"{NO_DESCRIPTOR[name]}; leave it out, or give it another name in a table of "
                    "your own"
                )
            if group_of.setdefault(name, group) != group:
                raise InputError(
                    f"config: dataset.descriptors has {name} in the groups {group_of[name]} and "
                    f"{group}; name it once"
                )


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
        for key in (key for key in fixed if key in changes):
            raise InputError(
                f"config: {where}.{key} can't differ from training.{key}, {fixed[key]}; give the "
                "other value a configuration of its own"
            )
        _check_training(where, changes, config)


def _check_repeated(config: dict, scenario: str, model: matrix.Model) -> None:
    """Refuse what would train a model exactly as it is trained under another name."""
    years = scenarios.parse(scenario).years
    if years and training_period(config, scenario) == list(config["periods"]["train"]):
        raise InputError(
            f"config: scenario '{scenario}' trains on all of periods.train, as full does; ask for "
            "full, or for fewer years"
        )
    plain = replace(model, variant="")
    if model.variant and training_of(config, model) == training_of(config, plain):
        raise InputError(
            f"config: variants.{model.variant} changes nothing for model '{model.code}'; take the "
            "model out, or give the variant another value"
        )


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


def _check_experiment(name: str, experiment: dict) -> None:
    """Refuse an experiment that has nothing to show, or scenarios that another kind shows."""
    kind = KINDS[experiment["kind"]]
    expected = " or ".join(f"{start}..." for start in kind.varies)
    where = f"config: experiments.{name}"
    for scenario in experiment["scenarios"]:
        if scenario != scenarios.FULL and not scenario.startswith(kind.varies):
            raise InputError(
                f"{where} does not show scenario '{scenario}'; expected "
                + " or ".join(filter(None, [scenarios.FULL, expected]))
            )
    if kind.varies and experiment["scenarios"] == [scenarios.FULL]:
        raise InputError(f"{where}.scenarios varies nothing; add at least one {expected}")
    if kind.random and not any(matrix.parse(code).statics.random for code in experiment["models"]):
        raise InputError(f"{where}.models has no random vector; add at least one like EG-16")


def _check_folds(name: str, experiment: dict) -> None:
    """Refuse a division of the basins that lacks a fold, and a second division."""
    folds: dict[int, set[int]] = {}
    for scenario in experiment["scenarios"]:
        choice = scenarios.parse(scenario).basins or {}
        if "fold" in choice:
            folds.setdefault(choice["folds"], set()).add(choice["fold"])
    if len(folds) > 1:
        divisions = " and ".join(map(str, sorted(folds)))
        raise InputError(
            f"config: experiments.{name}.scenarios divides the basins into {divisions} folds; "
            "expected one division, so give each an experiment of its own"
        )
    for count, found in folds.items():
        if missing := sorted(set(range(1, count + 1)) - found):
            raise InputError(
                f"config: experiments.{name}.scenarios lacks fold-{missing[0]}-of-{count}; "
                "name all folds, or each basin is not tested once"
            )


def _check_seeds(config: dict) -> None:
    """Refuse fixed seeds that would train the same member again, and too many for a file name."""
    if config["members_together"] and len(job_name(config["seeds"])) > LONGEST_NAME:
        raise InputError(
            f"config: seeds has {len(config['seeds'])} members, too many to share a job, whose log "
            "is named after all of them; take fewer, or set members_together: false"
        )
    fixed = [key for key in ("vector_seed", "model_seed") if key in config]
    if len(fixed) > 1:
        raise InputError(
            "config: vector_seed and model_seed leave nothing for seeds to set; leave one out"
        )
    for name, experiment in config["experiments"].items():
        if fixed and "vectors-" in KINDS[experiment["kind"]].varies:
            raise InputError(
                f"config: {fixed[0]} can't stand beside experiments.{name}, which crosses both "
                "seeds; leave one of them out"
            )
    plain = [code for _, code in ensembles(config) if not matrix.parse(code).statics.random]
    if "model_seed" in config and plain:
        raise InputError(
            f"config: with model_seed all members of {', '.join(dict.fromkeys(plain))} would be "
            "the same, as only a random vector is drawn anew; give these models a configuration of "
            "their own"
        )


def _check_draws(config: dict) -> None:
    """Refuse what the number of basins can't be enough for."""
    basins = stand_ins(config["dataset"])
    of_all = parts(config)
    check_trained(of_all, basins)
    if config["dataset"]["incomplete_basins"] == "stop":  # else the draws are known after `series`
        check_shared(of_all, basins)
