# Reads and checks the configuration, and names the files that rules share.

import sys
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

REPOSITORY = Path(workflow.basedir)
sys.path.insert(0, str(REPOSITORY / "workflow/src"))

from randvec import matrix
from randvec.config import check, check_keys, plain, training_period
from randvec.errors import InputError
from randvec.provenance import code_digest

SCHEMA = REPOSITORY / "workflow/schemas/config.schema.yaml"

try:
    config.update(plain(config))
    check_keys(config, yaml.safe_load(SCHEMA.read_text()))
    validate(config, str(SCHEMA))
    check(config)
except InputError as error:
    raise WorkflowError(str(error)) from None

DATASET = f"results/{config['dataset']['name']}"
MODELS = {code: matrix.parse(code) for code in config["models"]}
SCENARIOS = config["scenarios"]
SEEDS = sorted(config["seeds"])
# A job that can use a GPU asks for one where the machine has any; profiles cap or overrule it.
GPU = int(any(Path("/dev").glob("nvidia[0-9]*")))
MEMBER = DATASET + "/members/{scenario}/{model}/seed{seed}"
ENSEMBLE = DATASET + "/ensembles/{scenario}/{model}"


wildcard_constraints:
    scenario="|".join(SCENARIOS),
    model="|".join(MODELS),
    seed=r"\d+",
    vector=r"[a-z_]+(-\d+-s\d+)?",


def each_member(pattern):
    """The pattern for every member of the run."""
    return expand(pattern, scenario=SCENARIOS, model=MODELS, seed=SEEDS)


def each_ensemble(pattern):
    """The pattern for every ensemble of the run."""
    return expand(pattern, scenario=SCENARIOS, model=MODELS)


def vector_table(wildcards):
    """The static vector table that a member reads; nothing for a model without statics."""
    name = MODELS[wildcards.model].table(int(wildcards.seed))
    return f"{DATASET}/vectors/{name}.parquet" if name else []
