"""What is made again after a change of the configuration, and of code where experiments are."""

import re
import subprocess

import pytest
from rebuilt import (
    ANSWER,
    OF_EA,
    OF_MEMBERS,
    SOURCE,
    clone,
    edit,
    figures,
    replace,
    reported,
    trained,
)
from workflow_run import MATRIX, Run, copy

pytestmark = pytest.mark.workflow


@pytest.fixture
def run(kept):
    """A finished run, of which only plans are made."""
    return Run(kept, copy(MATRIX))


@pytest.mark.parametrize(("model", "drawn", "asked"), [("EG-2", [], False), ("EG-8", OF_EA, True)])
def test_a_new_model_is_the_only_one_trained(run, model, drawn, asked):
    """What shows one Gaussian vector takes the longest: EG-8 instead of EG-4, EG-2 not."""
    run.config["models"].append(model)
    jobs = {
        "static_vector": 2,
        **trained(1),
        **figures(*drawn),
        "resolved_config": 1,
        "page_config": 1,
    }
    answer = {} if asked else ANSWER
    assert run.planned() == {rule: n for rule, n in jobs.items() if rule not in answer}


#: For each experiment what it has, what is added, and the cells that are trained for that.
ADDED = {
    "dimensions": ({"models": ["EP", "EG-4"]}, {"models": ["EG-8"]}, {("full", "EG-8")}),
    "data_length": (
        {"models": ["EP", "EG-4"], "scenarios": ["full", "years-1"]},
        {"models": ["CN"]},
        {("years-1", "CN")},
    ),
    "fewer_basins": (
        {"models": ["EP"], "scenarios": ["full", "basins-2-s1"]},
        {"scenarios": ["basins-2-s2"]},
        {("basins-2-s2", "EP")},
    ),
    "incomplete_descriptors": (
        {"models": ["EP"], "scenarios": ["full", "only-soil"]},
        {"scenarios": ["without-soil"]},
        {("without-soil", "EP")},
    ),
    "uncertain_descriptors": (
        {"models": ["EP"], "scenarios": ["full", "noise-1"]},
        {"scenarios": ["noise-2"]},
        {("noise-2", "EP")},
    ),
    "vector_luck": (
        {"models": ["EG-4"], "scenarios": ["vectors-1", "vectors-2"]},
        {"scenarios": ["vectors-3"]},
        {("vectors-3", "EG-4")},
    ),
    "ungauged_basins": (
        {"models": ["EP"], "scenarios": ["full", "fold-1-of-3", "fold-2-of-3", "fold-3-of-3"]},
        {"models": ["CN"]},
        {(f"fold-{fold}-of-3", "CN") for fold in (1, 2, 3)},
    ),
}


def cells(run, extended):
    """Stage, scenario and model of each job that would train or simulate for the experiments."""
    run.config["experiments"] = {
        name: {key: values + more.get(key, []) * extended for key, values in had.items()}
        for name, (had, more, _) in ADDED.items()
    }
    shown = run.snakemake(*ADDED, "--dry-run").stdout
    job = r"rule (train|predict)\w*:\n(?: .*\n)*? +wildcards: scenario=([^,]+), model=([^,\s]+)"
    return set(re.findall(job, shown))


def test_one_value_more_in_an_experiment_trains_what_is_new_alone(run):
    """Compared with the same experiments without it, none of whose own members is there yet."""
    before, after = cells(run, extended=False), cells(run, extended=True)
    new = set.union(*(added for _, _, added in ADDED.values()))
    assert before and before < after
    assert after - before == {(stage, *cell) for stage in ("train", "predict") for cell in new}


#: The same where there is an experiment: what belongs to it alone.
EDITS_OF_EXPERIMENTS = {
    "the default figure": (f"{SOURCE}/figures/over_scenarios.py", figures("fewer_basins")),
    "the intervals in figures": (
        f"{SOURCE}/figures/intervals.py",
        figures("fewer_basins", "answer"),
    ),
    "the medians": (
        f"{SOURCE}/comparison/medians.py",
        {"table_fewer_basins": 1, "page_fewer_basins": 1}
        | reported("summary")
        | figures("fewer_basins"),
    ),
}

#: What the run has as a whole, with the resolved configuration.
WHOLE = ("performance", "summary", *OF_MEMBERS)
RESOLVED = {"resolved_config": 1, "page_config": 1}
EXPERIMENT = {"table_fewer_basins": 1, "page_fewer_basins": 1} | figures("fewer_basins")
COMPARED = reported("comparisons_fewer_basins", "comparisons")

#: What is taken out of the configuration, and what is then made again: all that showed it, and
#: nothing that goes into it.
TAKEN_AWAY = {
    "a model": (  # the only random one: figures of it are gone
        lambda config: config["models"].remove("EG-4"),
        reported(*WHOLE, "comparisons_main", "comparisons")
        | figures("answer", "nse_cdf", "nse_boxplot", "loss_curves", "hydrographs"),
    ),
    "the first model": (
        lambda config: config["models"].remove("EP"),
        reported(*WHOLE, "comparisons_main", "comparisons")
        | figures("answer", "nse_cdf", "nse_boxplot", "loss_curves", "hydrographs"),
    ),
    "an experiment": (
        lambda config: config["experiments"].pop("fewer_basins"),
        reported(*WHOLE, "comparisons"),
    ),
    "a scenario": (
        lambda config: config["experiments"]["fewer_basins"]["scenarios"].pop(),
        reported(*WHOLE) | COMPARED | EXPERIMENT,
    ),
    # Its ensemble is that of the main comparison.
    "the reference": (
        lambda config: config["experiments"]["fewer_basins"].pop("references"),
        reported("provenance", "summary") | COMPARED | EXPERIMENT,
    ),
}


@pytest.fixture(scope="module")
def with_experiment(finished_once, tmp_path_factory):
    """The finished run with an experiment; left as it is."""
    folder = tmp_path_factory.mktemp("experiment")
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", folder], check=True)
    config = copy(finished_once.config)
    scenarios = ["full", "basins-2-s1", "basins-2-s2"]
    experiment = {"models": ["EP"], "scenarios": scenarios, "references": ["CN"]}
    config["experiments"] = {"fewer_basins": experiment}
    run = Run(folder, config)
    run.snakemake()
    return run


@pytest.mark.parametrize(("take", "jobs"), TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_what_showed_something_that_was_taken_away_is_made_again(with_experiment, take, jobs):
    run = Run(with_experiment.folder, copy(with_experiment.config))
    take(run.config)
    assert run.planned() == jobs | RESOLVED


@pytest.mark.parametrize(("file", "jobs"), EDITS_OF_EXPERIMENTS.values(), ids=EDITS_OF_EXPERIMENTS)
def test_an_edit_reaches_an_experiment(with_experiment, tmp_path, file, jobs):
    repository = clone(tmp_path / "repository")
    edit(repository / file)
    run = Run(with_experiment.folder, copy(with_experiment.config), repository / "Snakefile")
    assert run.planned() == jobs


def test_a_changed_record_of_an_experiment_reaches_its_figure_alone(with_experiment, tmp_path):
    repository = clone(tmp_path / "repository")
    replace(
        repository / SOURCE / "experiments/__init__.py",
        'Axis("Basins trained on", "count"',
        'Axis("Number of basins", "count"',
    )
    run = Run(with_experiment.folder, copy(with_experiment.config), repository / "Snakefile")
    assert run.planned() == figures("fewer_basins")
