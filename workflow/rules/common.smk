# Reads and checks the configuration. What follows from it is in STUDY (randvec/study.py).

import sys
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError

# Of this file, not of the workflow that may use this one as a module.
REPOSITORY = Path(str(workflow.current_basedir)).parents[1]
sys.path.insert(0, str(REPOSITORY / "workflow/src"))

from randvec import provenance
from randvec.config import read
from randvec.config_check import check
from randvec.config_file import read_yaml, refuse_doubled_keys
from randvec.data.made_from import check_made_from, made_from
from randvec.devices import count_gpus
from randvec.errors import InputError
from randvec.reported import check_reported
from randvec.study import Study
from randvec.unchanged import check_config
from randvec.until import check_until

try:
    refuse_doubled_keys(workflow.configfiles)
    completed = read(config, read_yaml(REPOSITORY / "workflow/schemas/config.schema.yaml"))
    config.clear()
    config.update(completed)
    check(config)
    STUDY = Study(config)
    check_config(config, STUDY.folder, workflow.remote_exec)
    check_reported(sys.argv, made_from(config), STUDY)
except InputError as error:
    raise WorkflowError(str(error)) from None

if workflow.modifier.path_modifier.replace_prefix(STUDY.folder) != STUDY.folder:
    raise WorkflowError(
        "module: results go to results/<dataset.name>; prefix and replace_prefix can't move them, leave both out"
    )

# The sources don't change while jobs are planned, and each job asks for their digest.
code_digest = cache(provenance.code_digest)
DATASET, MEMBER, ENSEMBLE = STUDY.folder, STUDY.member, STUDY.ensemble
# A job that can use a GPU asks for one where the machine has any; profiles cap or overrule it.
GPU = min(count_gpus(), 1)


wildcard_constraints:
    scenario="|".join(STUDY.scenarios),
    model="|".join(STUDY.models),
    seed=r"\d+",
    vector=r"[a-z][a-z0-9_]*(-\d+)?(-s\d+)?(-[a-z]+_[a-z0-9_.]+)?",


def or_end(function):
    """The function, but that an InputError in it ends Snakemake with its message alone."""

    def planned(wildcards):
        try:
            return function(wildcards)
        except InputError as error:
            sys.exit(f"\nInput error: {error}\n")

    return planned


def not_tracked(value):
    """A parameter that Snakemake does not record, as it might follow from the output."""
    return lambda wildcards, output: value


def refuse():
    """Refuse what is known only while jobs are planned, and what fetch has no need of."""
    check_until(workflow.dag_settings, workflow.modifier.modify_rulename)
    check_made_from(config, STUDY.folder)


def caption(name, other):
    """The text of the report about a table or figure, or the one for those without their own."""
    own = REPOSITORY / f"workflow/report/{name}.rst"
    return f"../report/{name if own.is_file() else other}.rst"


def table(name):
    """The file of a table of the report, as the output of its rule."""
    shown = STUDY.tables[name]
    return report(
        shown.path,
        caption=caption(shown.caption, "table"),
        category=shown.category,
        labels={"result": shown.label, "as": "raw file"},
    )
