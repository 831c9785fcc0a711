# Reads and checks the configuration, and names the files that rules share.

import re
import sys
from functools import cache
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

# Of this file, not of the workflow that may use this one as a module.
REPOSITORY = Path(str(workflow.current_basedir)).parents[1]
sys.path.insert(0, str(REPOSITORY / "workflow/src"))

from randvec import matrix, provenance, scenarios
from randvec.config import (
    cells,
    cells_of,
    check,
    kept_epochs,
    training_of,
    training_period,
)
from randvec.config_schema import complete
from randvec.data.made_from import check_tables, made_from
from randvec.devices import count_gpus
from randvec.errors import InputError
from randvec.comparison.pairs import pairs
from randvec.figures import FIGURES, applying
from randvec.models import ARCHITECTURES
from randvec.together import groups, job_name, scenario_alone, shared_jobs

SCHEMA = REPOSITORY / "workflow/schemas/config.schema.yaml"

# How many members of a cell share a job, if a profile sets it. It is a resource of a rule because
# of all settings in a profile those reach the jobs of a cluster, which must find the same rules.
name_of_train = workflow.modifier.modify_rulename("train")  # a module may rename its rules
set_for_train = workflow.resource_settings.overwrite_resources.get(name_of_train, {})

try:
    completed = complete(config, yaml.safe_load(SCHEMA.read_text(encoding="utf-8")))
    config.clear()
    config.update(completed)
    check(config)
    DATASET = f"results/{config['dataset']['name']}"
    check_tables(config, DATASET)
    TOGETHER = groups(
        config["seeds"],
        set_for_train["members_together"].raw if "members_together" in set_for_train else 1,
    )
except InputError as error:
    raise WorkflowError(str(error)) from None

# The sources don't change while jobs are planned, and each job asks for their digest.
code_digest = cache(provenance.code_digest)

if workflow.modifier.path_modifier.replace_prefix(DATASET) != DATASET:
    raise WorkflowError(
        "module: results go to results/<dataset.name>, so prefix and replace_prefix can't move them; "
        "leave these out, and let dataset.name in the module's configuration say where they go"
    )
# Every scenario and model that is trained, for the main comparison or an experiment.
CELLS = cells(config)
MODELS = {code: matrix.parse(code) for _, code in CELLS}
SCENARIOS = {name: scenarios.parse(name) for name in ("full", *(name for name, _ in CELLS))}
EXPERIMENTS = {name: cells_of(part) for name, part in config["experiments"].items()}
# Scenarios and models of the main comparison and of each experiment, and what is compared there.
# An experiment that compares nothing has no such table: luck is about members, not models.
PARTS = {"main": cells_of(config), **EXPERIMENTS}
COMPARED = {
    name: found
    for name, part in {"main": config, **config["experiments"]}.items()
    if (found := pairs(PARTS[name], part.get("references", []))) or name == "main"
}
FIGURE_NAMES = applying(config)
SEEDS = sorted(config["seeds"])
# A job that can use a GPU asks for one where the machine has any; profiles cap or overrule it.
GPU = min(count_gpus(), 1)
MEMBER = f"{DATASET}/members/{{scenario}}/{{model}}/seed{{seed}}"
ENSEMBLE = f"{DATASET}/ensembles/{{scenario}}/{{model}}"
# The members that share a job: their seeds, and the scenarios.
SHARED_JOBS = shared_jobs(TOGETHER, SCENARIOS)
EPOCHS = [f"{MEMBER}/epochs/{epoch}.safetensors" for epoch in kept_epochs(config["training"])]


wildcard_constraints:
    scenario="|".join(SCENARIOS),
    model="|".join(MODELS),
    seed=r"\d+",
    vector=r"[a-z_]+(-\d+)?(-s\d+)?(-[a-z]+_[a-z0-9.]+)?",


def members_of(scenario, model, pattern):
    """The pattern for the members of an ensemble, in the order of SEEDS."""
    return [
        pattern.format(
            scenario=scenarios.trained_under(SCENARIOS[scenario], seed), model=model, seed=seed
        )
        for seed in SEEDS
    ]


def each_member(pattern):
    """The pattern for every member of the run, each once."""
    found = [path for cell in CELLS for path in members_of(*cell, pattern)]
    return list(dict.fromkeys(found))


def each_ensemble(pattern, cells=CELLS):
    """The pattern for every ensemble of some cells, of the whole run by default."""
    return [pattern.format(scenario=scenario, model=model) for scenario, model in cells]


def vector_name(wildcards, seed):
    """The static vector of a member; None for a model without statics."""
    return scenarios.vector_name(MODELS[wildcards.model], SCENARIOS[wildcards.scenario], int(seed))


def vector_tables(wildcards, seeds):
    """The static vector tables of members, which may share one; none for a model without statics."""
    names = dict.fromkeys(vector_name(wildcards, seed) for seed in seeds)
    return [f"{DATASET}/vectors/{name}.parquet" for name in names if name]


def vector_of_cell(wildcards):
    """The name of the static vector that members of a cell have with seed 0, for all their seeds."""
    return vector_name(wildcards, 0)


def configured_of(scenario, model):
    """What follows from the configuration for settings.json of each member of a cell."""
    return {
        "architecture": MODELS[model].architecture,
        "training": training_of(config, MODELS[model]),
        "train_period": training_period(config, scenario),
        "basins": SCENARIOS[scenario].basins,
    }


def or_end(function):
    """The function, but that an InputError in it ends Snakemake with its message alone.

    Any other error while jobs are planned is shown with a traceback.
    """

    def planned(wildcards):
        try:
            return function(wildcards)
        except InputError as error:
            sys.exit(f"\nInput error: {error}\n")

    return planned


def not_tracked(value):
    """A parameter that Snakemake does not record, as it might follow from the output."""
    return lambda wildcards, output: value


def architecture_code(wildcards, *modules):
    """Digest of the code behind a member: its own architecture's file and the given modules."""
    network = ARCHITECTURES[MODELS[wildcards.model].architecture].network.partition(":")[0]
    return code_digest(network, *modules)


def refuse_until():
    """Refuse --until for a rule with wildcards behind the checkpoint.

    Snakemake 9.27.1 forgets the jobs of these rules, and would end well with nothing made.
    """
    for name, target in {
        "static_vector": "vectors",
        "train": "members",
        "predict": "members",
    }.items():
        for asked in workflow.dag_settings.until:  # known only while jobs are planned
            if re.sub(r"_together_\d+$", "", asked) == workflow.modifier.modify_rulename(name):
                raise InputError(
                    f"--until {asked} would end without having made anything, because of an error "
                    "in Snakemake; ask for the target "
                    f"{workflow.modifier.modify_rulename(target)} instead"
                )


def part_of_report(experiment):
    """The heading of an experiment in the report; Figures for the main comparison."""
    return f"Experiment on {experiment.replace('_', ' ')}" if experiment else "Figures"


def cells_shown(figure):
    """Scenario and model of what a figure shows: its experiment, or the main comparison."""
    main = [(config["scenarios"][0], code) for code in config["models"]]
    return EXPERIMENTS.get(FIGURES[figure].experiment, main)


def name_of_comparisons(part):
    """What the report calls the comparisons of an experiment, or of the main comparison."""
    return "comparisons" if part in EXPERIMENTS else "main comparison"


def tables_of(experiment):
    """All tables of an experiment, or of the main comparison."""
    tables = [f"{DATASET}/tables/{experiment}.csv"] if experiment in EXPERIMENTS else []
    if experiment in COMPARED:
        tables.append(f"{DATASET}/tables/comparisons/{experiment}.csv")
    if experiment == "vector_luck":
        tables.append(f"{DATASET}/tables/vector_luck_spread.csv")
    return tables


def caption_of(page):
    """The caption that a page shares with the table that it shows."""
    return "medians" if page in EXPERIMENTS else re.sub("^comparisons_.*", "comparisons", page)
