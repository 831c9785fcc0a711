"""What is made again after an edit: exactly what depends on it."""

import os
import re
import shutil
import subprocess

import pytest
from workflow_run import REPOSITORY, TINY, Run, copy

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

SOURCE = "workflow/src/randvec"
FIGURES = (
    "nse_cdf",
    "nse_boxplot",
    "hydrographs",
    "aridity",
    "input_gate",
    "loss_curves",
    "data_quality",
)
#: Figures that show scores, of any model.
OF_SCORES = FIGURES[:2]
#: Figures that show EA-LSTM alone: its discharge, its scores, and its weights.
OF_EA = FIGURES[2:5]
#: Tables that are made of the scores, each with its page in the report.
TABLES = ("performance", "comparisons_main", "comparisons", "summary", "run_times")
#: Tables that are made of comparisons.
OF_TESTS = ("comparisons_main", "comparisons", "summary")


def figures(*names):
    return {f"figure_{name}": 1 for name in names}


def reported(*names):
    """A table, or the like, and its page in the report."""
    return {rule: 1 for name in names for rule in (name, f"page_{name}")}


def scored(models):
    """Jobs after the scores of some models have changed."""
    return {"ensemble": models, **reported(*TABLES), **figures(*OF_SCORES)}


def predicted(models):
    """Jobs after the simulations of some models, two members each, have changed."""
    return {"predict": 2 * models, **reported("provenance"), **scored(models)}


def trained(models):
    """Jobs after the training of some models, two members each, has changed."""
    after = {**reported("versions"), **figures("loss_curves"), **predicted(models)}
    return {"train": 2 * models, **after}


#: Jobs after an edit that reaches EA-LSTM and what is built on it, or all 13 models.
OF_EA_LSTM = trained(4 + 2) | figures(*OF_EA)
OF_TRAINING = trained(13) | figures(*OF_EA)
OF_SIMULATION = predicted(13) | figures("hydrographs", "aridity")
OF_ENSEMBLES = scored(13) | figures("hydrographs", "aridity")
PAGES = {f"page_{name}": 1 for name in (*TABLES, "provenance", "versions", "config")}

#: Edited file, target, jobs. The reader and the static vectors stand below: what comes after them
#: depends on what they make.
EDITS = {
    "one figure": (f"{SOURCE}/figures/nse_cdf.py", "all", figures("nse_cdf")),
    "the style of all figures": (f"{SOURCE}/figures/style.py", "all", figures(*FIGURES)),
    "CT-LSTM, which no other uses": (f"{SOURCE}/models/ct_lstm.py", "all", trained(4)),
    "EA-LSTM, which SR-LSTM is built on": (f"{SOURCE}/models/ea_lstm.py", "all", OF_EA_LSTM),
    "the shared recurrence": (f"{SOURCE}/models/recurrence.py", "all", OF_TRAINING),
    "the training loop": (f"{SOURCE}/training/loop.py", "all", OF_TRAINING),
    "the simulation": (f"{SOURCE}/evaluation/simulate.py", "all", OF_SIMULATION),
    "the ensemble": (f"{SOURCE}/evaluation/ensemble.py", "all", OF_ENSEMBLES),
    "the metrics": (f"{SOURCE}/evaluation/metrics.py", "all", OF_ENSEMBLES),
    "the tests of significance": (
        f"{SOURCE}/comparison/statistics.py",
        "all",
        reported(*OF_TESTS) | figures("aridity"),
    ),
    # What models there are is read by all that names or pairs them, but by no training.
    "the matrix of models": (
        f"{SOURCE}/matrix.py",
        "all",
        reported(*OF_TESTS, "provenance", "versions", "run_times") | figures(*FIGURES),
    ),
    "the pages of the report": (f"{SOURCE}/report/page.py", "all", PAGES),
    "the virtual catchments": (
        f"{SOURCE}/data/virtual/weather.py",
        "data",
        {"virtual_catchments": 1, "series": 1},
    ),
}

#: What lists, plans or calls, and computes nothing: a new architecture, vector or figure adds a
#: line there, and those that exist do not change.
WITHOUT_RESULT = (
    f"{SOURCE}/models/__init__.py",
    f"{SOURCE}/figures/__init__.py",
    f"{SOURCE}/plan.py",
    "workflow/rules/train.smk",
    "workflow/scripts/train.py",
    "workflow/report/nse_cdf.rst",
)


#: Any edit counts, even this one.
EDIT = "\n# a comment\n"


def clone(folder):
    """The repository at another place, every file with a new date."""
    folder.mkdir()
    for name in ("Snakefile", "workflow", "profiles", "envs", "config"):
        subprocess.run(["cp", "-r", REPOSITORY / name, folder], check=True)
    return folder


def edit(path, text=EDIT):
    path.write_text(path.read_text() + text)


def ran(done):
    """Rules of the jobs that a call of Snakemake ran, with their number; targets left out."""
    rules = re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", done.stderr)
    return {rule: rules.count(rule) for rule in rules if rule not in ("data", "vectors", "members")}


@pytest.fixture(scope="module")
def kept(finished_once, tmp_path_factory):
    """The results of a finished run, in another folder than that of the run; left as they are."""
    folder = tmp_path_factory.mktemp("kept")
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", folder], check=True)
    return folder


@pytest.fixture
def cloned(kept, tmp_path):
    """A fresh clone of the repository beside the kept results."""
    return Run(kept, copy(TINY), clone(tmp_path / "repository") / "Snakefile")


@pytest.mark.parametrize(("file", "target", "jobs"), EDITS.values(), ids=EDITS)
def test_an_edit_reruns_what_depends_on_it_and_nothing_else(cloned, file, target, jobs):
    edit(cloned.snakefile.parent / file)
    assert cloned.planned(target) == jobs


def test_an_edit_of_what_computes_nothing_reruns_nothing(cloned):
    for file in WITHOUT_RESULT:
        edit(cloned.snakefile.parent / file, ".. an edit\n" if file.endswith("rst") else EDIT)
    assert cloned.planned() == {}


def test_a_fresh_clone_beside_moved_results_reruns_nothing(cloned):
    assert cloned.planned() == {}


def test_files_with_other_dates_rerun_nothing(finished):
    """A copy that loses dates, a touch, a clock that was set back.

    Every file has a date in the future, and later stages tend to look older than earlier ones.
    """
    paths = sorted(path for path in finished.results.rglob("*") if path.is_file())
    for index, path in enumerate(reversed(paths)):
        when = path.stat().st_mtime + 86400 + 10 * index
        os.utime(path, (when, when))
    assert finished.planned() == {}


def test_a_new_model_is_the_only_one_trained(cloned):
    cloned.config["models"].append("EG-8")
    jobs = {
        "static_vector": 2,
        **trained(1),
        "resolved_config": 1,
        "page_config": 1,
    }
    assert cloned.planned() == jobs


#: For each experiment what it has, what is added, and how many members that trains.
ADDED = {
    "dimensions": ({"models": ["EP", "EG-4"]}, {"models": ["EG-8"]}, 2),
    "data_length": (
        {"models": ["EP", "EG-4"], "scenarios": ["full", "years-1"]},
        {"models": ["CN"]},
        2,
    ),
    "fewer_basins": (
        {"models": ["EP"], "scenarios": ["full", "basins-2-s1"]},
        {"scenarios": ["basins-2-s2"]},
        2,
    ),
    "incomplete_descriptors": (
        {"models": ["EP"], "scenarios": ["full", "only-soil"]},
        {"scenarios": ["without-soil"]},
        2,
    ),
    "uncertain_descriptors": (
        {"models": ["EP"], "scenarios": ["full", "noise-1"]},
        {"scenarios": ["noise-2"]},
        2,
    ),
    # The member whose own seed is that of the vectors is there already.
    "vector_luck": (
        {"models": ["EG-4"], "scenarios": ["vectors-1", "vectors-2"]},
        {"scenarios": ["vectors-3"]},
        2,
    ),
    "ungauged_basins": (
        {"models": ["EP"], "scenarios": ["full", "fold-1-of-3", "fold-2-of-3", "fold-3-of-3"]},
        {"models": ["CN"]},
        6,
    ),
}


@pytest.mark.parametrize("name", ADDED)
def test_one_value_more_in_an_experiment_trains_what_is_new_alone(cloned, name):
    """Counted against the same experiment without it, none of whose own members is there yet."""
    experiment, more, members = ADDED[name]
    cloned.config["experiments"] = {name: copy(experiment)}
    before = cloned.planned(name)
    for key, values in more.items():
        cloned.config["experiments"][name][key] = experiment[key] + values
    after = cloned.planned(name)
    assert after["train"] - before.get("train", 0) == members
    assert after["predict"] - before.get("predict", 0) == members
    assert after.keys() - before.keys() <= {"train", "predict", "ensemble", "static_vector"}


#: What is taken out of the configuration.
TAKEN_AWAY = {
    "a model": lambda config: config["models"].remove("EG-4"),
    "the first model": lambda config: config["models"].remove("EP"),
    "a seed": lambda config: config["seeds"].remove(2),
    "an experiment": lambda config: config["experiments"].pop("fewer_basins"),
    "a scenario": lambda config: config["experiments"]["fewer_basins"]["scenarios"].pop(),
    "the reference": lambda config: config["experiments"]["fewer_basins"].pop("references"),
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


@pytest.mark.parametrize("take", TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_the_parameters_notice_whatever_changes_the_input_of_a_job(with_experiment, take):
    """Profiles have Snakemake compare parameters and not the lists of input, which lose nothing."""
    run = Run(with_experiment.folder, copy(with_experiment.config))
    take(run.config)
    planned = run.planned()
    triggers = ("mtime", "params", "input", "software-env")
    assert planned and planned == run.planned("--rerun-triggers", *triggers)


def test_a_reader_that_gives_the_same_table_trains_nothing(finished, tmp_path_factory):
    repository = clone(tmp_path_factory.mktemp("edited") / "repository")
    edit(repository / SOURCE / "data/camels_us_series.py")
    run = Run(finished.folder, finished.config, repository / "Snakefile")
    assert ran(run.snakemake("members")) == {"series": 1}
    assert run.planned() == {}


def test_vectors_that_come_out_the_same_train_nothing(finished, tmp_path_factory):
    repository = clone(tmp_path_factory.mktemp("edited") / "repository")
    edit(repository / SOURCE / "vectors.py")
    run = Run(finished.folder, finished.config, repository / "Snakefile")
    assert ran(run.snakemake("vectors")) == {"static_vector": 8}
    assert run.planned() == {}


def test_another_test_period_trains_nothing(finished):
    finished.config["periods"]["test"] = ["1991-02-01", "1991-09-30"]
    assert ran(finished.snakemake("data")) == {"series": 1, "resolved_config": 1}
    # The table of basins comes out the same, since no day is missing in either period.
    assert finished.planned() == OF_SIMULATION | {"page_config": 1}


def test_one_changed_value_of_the_text_trains_again(finished):
    """The other side of the tests above: a table that does change is noticed."""
    forcing = sorted((finished.results / "camels").glob("basin_mean_forcing/*/*/*.txt"))[0]
    lines = forcing.read_text().splitlines(keepends=True)
    words = lines[300].split("\t")
    words[5] = f"{float(words[5]) + 1:.2f}"
    lines[300] = "\t".join(words)
    forcing.write_text("".join(lines))
    assert ran(finished.snakemake("data")) == {"series": 1}
    assert finished.planned("members") == {"train": 26, "predict": 26}


def test_results_without_the_records_of_snakemake_are_taken_as_they_are(finished):
    """Results that were handed on with their dates: then the dates decide."""
    shutil.rmtree(finished.folder / ".snakemake")
    assert finished.planned() == {}
