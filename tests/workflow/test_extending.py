"""docs/extending.md, word by word: what it adds runs from the configuration to the report."""

import re

import pandas as pd
import pytest
import yaml
from test_rebuilds import clone
from workflow_run import REPOSITORY, Run

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

DOCUMENT = REPOSITORY / "docs/extending.md"
#: A path or name in the text before a block, then the block.
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
CONFIG = {
    "dataset": {
        "name": "extended",
        "source": "virtual",
        "virtual": {"basins": 4, "seed": 1, "first": "1989-10-01", "last": "1992-09-30"},
    },
    "periods": {"train": ["1990-10-01", "1992-09-30"], "test": ["1990-01-01", "1990-09-30"]},
    "models": ["EP", "CN", "EU-4", "UEA-4", "SP", "SU-4"],
    "seeds": [1, 2],
    "members_together": True,
    "training": {
        "hidden": 4,
        "sequence_length": 10,
        "predicted_days": 5,
        "epochs": 1,
        "batch_size": 32,
    },
}


def follow(repository):
    """Do what the document says; the experiments that it configures."""
    text = DOCUMENT.read_text(encoding="utf-8")
    experiments, end = {}, 0
    for block in BLOCK.finditer(text):
        language, content = block.groups()
        named = QUOTED.findall(text[end : block.start()])
        end = block.end()
        if language == "yaml":
            experiments |= yaml.safe_load(content)["experiments"]
            continue
        path = repository / next(name for name in named if name.startswith("workflow/src/"))
        if content.startswith('"""'):
            assert not path.exists()
            path.write_text(content, encoding="utf-8")
        else:
            registry = next(name for name in named if name.isupper())
            source = path.read_text(encoding="utf-8")
            opened = re.search(rf"^{registry}: dict\[.*\] = {{\n", source, re.MULTILINE)
            path.write_text(
                source[: opened.end()] + content + source[opened.end() :], encoding="utf-8"
            )
    return experiments


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A finished run of a clone to which the document was applied."""
    repository = clone(tmp_path_factory.mktemp("extended") / "repository")
    config = CONFIG | {"experiments": follow(repository)}
    run = Run(tmp_path_factory.mktemp("run"), config, repository / "Snakefile")
    run.snakemake()
    run.snakemake("--report", "report.html")
    return run


def test_every_step_is_there():
    text = DOCUMENT.read_text(encoding="utf-8")
    languages = [block[0] for block in BLOCK.findall(text)]
    assert languages.count("python") >= 9 and languages.count("yaml") == 2


def test_the_new_models_are_trained_and_marked_as_not_in_the_paper(extended):
    table = pd.read_csv(extended.results / "tables/performance.csv", keep_default_na=False)
    table = table[(table["scenario"] == "full") & (table["member"] == "ensemble")]
    table = table.set_index("model")
    assert table["vector"].to_dict() == {
        "EP": "physical",
        "CN": "none",
        "EU-4": "uniform",
        "UEA-4": "uniform",
        "SP": "physical",
        "SU-4": "uniform",
    }
    assert table["architecture"][["SP", "SU-4"]].tolist() == ["sc_lstm", "sc_lstm"]
    assert table["dimension"]["SU-4"] == 4
    assert table["in_paper"].to_dict() == {code: code in ("EP", "CN") for code in table.index}
    draws = [pd.read_parquet(extended.results / f"vectors/uniform-4-s{k}.parquet") for k in (1, 2)]
    assert not draws[0].equals(draws[1])


def test_the_new_figure_and_those_of_the_experiments_are_drawn(extended):
    for name in ("kge_cdf", "climate_or_soil", "less_data", "nse_cdf"):
        assert (extended.results / f"figures/{name}.png").stat().st_size > 10_000
    drawn = pd.read_csv(extended.results / "tables/provenance.csv")["figures"]
    assert drawn.str.contains("kge_cdf").any() and drawn.str.contains("less_data").any()


def test_the_experiments_have_tables_and_pages(extended):
    less = pd.read_csv(extended.results / "tables/less_data.csv")
    assert less["scenario"].tolist() == ["full", "years-1", "basins-3-s1"]
    groups = pd.read_csv(extended.results / "tables/climate_or_soil.csv")
    assert groups["scenario"].tolist() == ["full", "only-climate", "only-soil"]
    for name in ("less_data", "climate_or_soil"):
        assert len(pd.read_csv(extended.results / f"tables/comparisons/{name}.csv")) == 2
        assert (extended.results / f"report/{name}.html").is_file()


def test_the_report_tells_of_all_that_is_new(extended):
    summary = (extended.results / "report/summary.rst").read_text(encoding="utf-8")
    for said in (
        "uniform random (4)",
        "SU-4 †",
        "† Not in Li et al. (2022).",
        "* less data (",
        "* climate or soil (",
    ):
        assert said in summary
    report = (extended.folder / "report.html").read_text(encoding="utf-8")
    for said in ("KGE: share of basins", "Less data", "Experiment on climate or soil", "kge_cdf"):
        assert said in report


def test_the_new_source_reads_text_files(extended):
    """Those of the virtual catchments, as basins of one's own."""
    config = CONFIG | {"dataset": {"name": "mine", "source": "my_basins"}, "models": ["CN"]}
    run = Run(extended.folder, config, extended.snakefile)
    with pytest.raises(AssertionError, match=r"dataset\.folder is missing"):
        run.planned("data")
    run.config["dataset"]["folder"] = str(extended.results / "camels")
    run.snakemake("data")
    read, made = (
        pd.read_parquet(folder / "series.parquet") for folder in (run.results, extended.results)
    )
    pd.testing.assert_frame_equal(read, made)


def test_each_experiment_is_a_target_and_nothing_is_left_to_do(extended):
    assert extended.planned("climate_or_soil", "less_data", "all") == {}
