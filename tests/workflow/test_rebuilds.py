"""What is made again after an edit: exactly what depends on it."""

import os
import re
import shutil

import pytest
from rebuilt import (
    ANSWER,
    EDIT,
    FIGURES,
    OF_EA_LSTM,
    OF_ENSEMBLES,
    OF_MEMBERS,
    OF_SCORES,
    OF_SIMULATION,
    OF_TESTS,
    OF_TRAINING,
    PAGES,
    SOURCE,
    clone,
    edit,
    figures,
    replace,
    reported,
    trained,
)
from workflow_run import Run

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

#: Edited file, target, jobs. The reader and the static vectors stand below: what comes after them
#: depends on what they make.
EDITS = {
    "one figure": (f"{SOURCE}/figures/nse_cdf.py", "all", figures("nse_cdf")),
    "the style of all figures": (f"{SOURCE}/figures/style.py", "all", figures(*FIGURES)),
    "CT-LSTM, which no other uses": (
        f"{SOURCE}/models/ct_lstm.py",
        "all",
        trained(4) | figures("hydrographs"),
    ),
    "EA-LSTM, which SR-LSTM is built on": (f"{SOURCE}/models/ea_lstm.py", "all", OF_EA_LSTM),
    "the shared recurrence": (f"{SOURCE}/models/recurrence.py", "all", OF_TRAINING),
    "the training loop": (f"{SOURCE}/training/loop.py", "all", OF_TRAINING),
    "the simulation": (f"{SOURCE}/evaluation/predict.py", "all", OF_SIMULATION),
    "the ensemble": (f"{SOURCE}/evaluation/ensemble.py", "all", OF_ENSEMBLES),
    "the metrics": (f"{SOURCE}/evaluation/metrics.py", "all", OF_ENSEMBLES),
    "the tests of significance": (
        f"{SOURCE}/comparison/statistics.py",
        "all",
        reported(*OF_TESTS) | ANSWER | figures("answer", "aridity"),
    ),
    "the scores that are compared": (
        f"{SOURCE}/comparison/scores.py",
        "all",
        reported(*OF_TESTS) | ANSWER,
    ),
    # What models and scenarios there are is read by all that names or pairs them, not by training.
    "the matrix of models": (
        f"{SOURCE}/matrix.py",
        "all",
        reported("performance", *OF_TESTS, *OF_MEMBERS) | ANSWER | figures(*FIGURES),
    ),
    "the scenarios": (
        f"{SOURCE}/scenarios.py",
        "all",
        reported(*OF_TESTS, *OF_MEMBERS) | ANSWER | figures(*FIGURES),
    ),
    "what a member depended on": (f"{SOURCE}/provenance.py", "all", OF_TRAINING),
    "the files of members": (f"{SOURCE}/report/members.py", "all", reported(*OF_MEMBERS)),
    "the jobs": (f"{SOURCE}/jobs.py", "all", reported("run_times")),
    "the table of performance": (
        f"{SOURCE}/evaluation/performance.py",
        "all",
        reported("performance", "summary"),
    ),
    "the summary's sentences": (f"{SOURCE}/report/sentences.py", "all", reported("summary")),
    "what figures read": (f"{SOURCE}/figures/inputs.py", "all", figures(*FIGURES)),
    # Descriptors are standardised for noise, whatever the vector is.
    "physical vectors": (f"{SOURCE}/vectors/physical.py", "vectors", {"static_vector": 8}),
    "random vectors and, built on them, mixed ones": (
        f"{SOURCE}/vectors/gaussian.py",
        "vectors",
        {"static_vector": 4 + 2},
    ),
    "mixed vectors": (f"{SOURCE}/vectors/mixed.py", "vectors", {"static_vector": 2}),
    "one-hot vectors": (f"{SOURCE}/vectors/one_hot.py", "vectors", {"static_vector": 1}),
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
    f"{SOURCE}/vectors/__init__.py",
    f"{SOURCE}/figures/__init__.py",
    f"{SOURCE}/experiments/__init__.py",
    f"{SOURCE}/study.py",
    f"{SOURCE}/config.py",
    f"{SOURCE}/config_check.py",
    f"{SOURCE}/config_periods.py",
    f"{SOURCE}/draws.py",
    f"{SOURCE}/plan.py",
    f"{SOURCE}/report/contents.py",
    "workflow/rules/train.smk",
    "workflow/scripts/train.py",
    "workflow/report/nse_cdf.rst",
)

#: Edited registry, a line of it before and after, and what shows that record: legends and the names
#: of vectors in the summary. Nothing of it reaches a number.
RECORDS = {
    "of a static vector": (
        f"{SOURCE}/vectors/__init__.py",
        ('"none": StaticVector("N", "no static vector"', '"none": StaticVector("N", "nothing"'),
        reported("summary") | figures(*OF_SCORES, "hydrographs", "loss_curves"),
    ),
    "of an architecture": (
        f"{SOURCE}/models/__init__.py",
        ('"F{}", "D"', '"F{}", "v"'),
        reported("summary") | figures(*OF_SCORES, "loss_curves"),
    ),
}


def ran(done):
    """Rules of the jobs that a call of Snakemake ran, with their number; targets left out."""
    rules = re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", done.stderr)
    return {rule: rules.count(rule) for rule in rules if rule not in ("data", "vectors", "members")}


@pytest.mark.parametrize(("file", "target", "jobs"), EDITS.values(), ids=EDITS)
def test_an_edit_reruns_what_depends_on_it_and_nothing_else(cloned, file, target, jobs):
    edit(cloned.snakefile.parent / file)
    assert cloned.planned(target) == jobs


@pytest.mark.parametrize(("file", "lines", "jobs"), RECORDS.values(), ids=RECORDS)
def test_a_changed_record_reruns_what_shows_it(cloned, file, lines, jobs):
    replace(cloned.snakefile.parent / file, *lines)
    assert cloned.planned() == jobs


def test_an_edit_of_what_computes_nothing_reruns_nothing(cloned):
    for file in WITHOUT_RESULT:
        edit(cloned.snakefile.parent / file, ".. an edit\n" if file.endswith("rst") else EDIT)
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


def test_a_reader_that_gives_the_same_table_trains_nothing(finished, tmp_path_factory):
    repository = clone(tmp_path_factory.mktemp("edited") / "repository")
    edit(repository / SOURCE / "data/camels_us_series.py")
    run = Run(finished.folder, finished.config, repository / "Snakefile")
    assert ran(run.snakemake("members")) == {"series": 1}
    assert run.planned() == {}


def test_vectors_that_come_out_the_same_train_nothing(finished, tmp_path_factory):
    repository = clone(tmp_path_factory.mktemp("edited") / "repository")
    edit(repository / SOURCE / "vectors/build.py")
    run = Run(finished.folder, finished.config, repository / "Snakefile")
    assert ran(run.snakemake("vectors")) == {"static_vector": 8}
    # A member is simulated by what its settings hold, and random vectors are drawn again from it.
    assert run.planned("members") == {"predict": 13}


def test_other_descriptors_train_what_sees_them(finished):
    """EP, CP, PEA and FP, and REA, whose random vector is as long as the descriptors."""
    finished.config["dataset"]["descriptors"] = {"climate": ["aridity"], "soil": ["clay_frac"]}
    finished.config["models"].remove("EM-29")
    made = {"series": 1, "static_vector": 3, "train": 5, "predict": 5}
    assert ran(finished.snakemake("members")) == made


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
    assert finished.planned("members") == {"train": 13, "predict": 13}


def test_results_without_the_records_of_snakemake_are_taken_as_they_are(finished):
    """Results that were handed on with their dates: then the dates decide."""
    shutil.rmtree(finished.folder / ".snakemake")
    assert finished.planned() == {}
