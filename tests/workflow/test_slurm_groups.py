"""profiles/slurm can be planned with, and which jobs share a SLURM job."""

import re

import pytest
import yaml
from workflow_run import EXPERIMENTS, REPOSITORY, TINY, TOGETHER, Run, copy

from randvec.experiments import KINDS
from randvec.figures import FIGURES
from randvec.figures.files import reads_data

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

TABLES = ("series.parquet", "descriptors.parquet", "used_basins.parquet", "basins.csv")
PROFILE = REPOSITORY / "profiles/slurm"
SLURM = yaml.safe_load((PROFILE / "config.yaml").read_text())
#: Where luck shares members with the main comparison, three rules train and three simulate.
TRAINING = {"train", "train_2", "train_3"}
SIMULATION = {"predict", "predict_2", "predict_3"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of everything that has not started."""
    config = copy(TINY) | TOGETHER | {"experiments": copy(EXPERIMENTS)}
    own = {"kind": "fewer_basins", "models": ["CN"], "scenarios": ["basins-1-s1"]}
    config["experiments"]["lone_basins"] = own
    return Run(tmp_path_factory.mktemp("virtual"), config)


@pytest.fixture(scope="module")
def groups(run, tmp_path_factory):
    """Group by rule, of virtual and of real basins."""
    assert EXPERIMENTS.keys() == KINDS.keys()
    folder = tmp_path_factory.mktemp("real")
    basins = str(REPOSITORY / "config/basins/531.txt")  # those that published results are of
    dataset = {"name": "tiny", "source": "camels_us", "folder": "none", "basins": basins}
    return run.rules() | Run(folder, run.config | {"dataset": dataset}).rules()


@pytest.fixture(scope="module")
def plan(run):
    """What a dry run prints of each rule; only the first that train and simulate are named."""
    resources = ("--set-resources", "train:mem_mb=81", "predict:mem_mb=82")
    shown = run.snakemake("--dry-run", *resources, "--set-threads", "train=2")
    return re.findall(r"^ *rule (\w+):\n((?: +\w+: .*\n)*)", shown.stdout, re.MULTILINE)


def test_all_short_jobs_share_jobs_on_slurm(run, groups):
    planned = run.planned().keys()
    assert planned >= {*TRAINING, *SIMULATION, "figure_lone_basins", "table_lone_basins"}
    assert {rule for rule in planned if groups[rule] is None} == TRAINING


def test_training_and_fetching_stay_out_of_groups(groups):
    """A group that fails is made again as a whole."""
    assert {groups[rule] for rule in groups if rule.startswith(("train", "fetch"))} == {None}


def test_the_profile_plans_the_same_jobs(tiny):
    profile = ("--workflow-profile", PROFILE)
    assert tiny.planned(*profile) == tiny.planned()
    more = ("--set-resources", "train:mem_mb=100")
    assert tiny.planned(*profile, *more) == tiny.planned()


def test_the_profile_knows_exactly_the_groups_of_the_rules(groups):
    assert SLURM["group-components"].keys() == set(groups.values()) - {None}


def test_the_rules_named_by_the_profile_exist(groups):
    assert SLURM["set-resources"].keys() <= groups.keys()


def test_every_figure_and_its_table_are_in_a_group(groups):
    grouped = {rule for rule, group in groups.items() if group}
    assert {f"figure_{name}" for name in FIGURES} <= grouped
    experiments = {*EXPERIMENTS, "lone_basins"}
    for name in experiments:
        assert {f"figure_{name}", f"table_{name}", f"page_{name}"} <= grouped
    # Luck compares no models. What compares only one with nothing has a table for its figure.
    for name in {"main", *experiments} - {"vector_luck"}:
        assert {f"comparisons_{name}", f"page_comparisons_{name}"} <= grouped
    assert {"table_vector_luck_spread", "page_vector_luck_spread", "published"} <= grouped


def test_no_group_mixes_rules_that_read_the_tables_of_the_data_with_others(plan, groups):
    """Or Snakemake runs one job in two SLURM jobs at once.

    Snakemake 9.27.1 plans the readers anew when the checkpoint is done
    (snakemake-executor-plugin-slurm, issue 253).
    """
    inputs = [(rule, re.search("input: (.*)", shown)) for rule, shown in plan]
    inputs = [(rule, files[1]) for rule, files in inputs if files]
    paths = {f"results/tiny/{name}" for name in TABLES}
    readers = {rule for rule, files in inputs if paths & set(files.split(", "))}
    assert readers > {*TRAINING, *SIMULATION, "static_vector", "performance"}
    assert readers > {"figure_fewer_basins", "figure_lone_basins"}
    others = {rule for rule, _ in inputs} - readers
    assert "summary" in others
    # Not all of them are drawn of virtual catchments.
    maps = {f"figure_{name}": reads_data(FIGURES[name]) for name in FIGURES}
    readers |= {rule for rule, reads in maps.items() if reads}
    others |= {rule for rule, reads in maps.items() if not reads} | {"published"}
    groups_of = [{groups[rule] for rule in rules} - {None} for rules in (readers, others)]
    assert all(groups_of) and not set.intersection(*groups_of)


def test_all_rules_that_train_or_simulate_ask_for_what_the_first_does(plan):
    for rules, *asked in ((TRAINING, "mem_mb=81", "threads: 2"), (SIMULATION, "mem_mb=82")):
        texts = [text for rule, text in plan if rule in rules]
        assert {rule for rule, _ in plan} >= rules
        assert all(part in text for text in texts for part in asked)
        assert len({re.search("resources: (.*)", text)[1] for text in texts}) == 1
