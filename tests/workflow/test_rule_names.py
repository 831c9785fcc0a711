"""What rules are called: no experiment may have such a name, as it is a target itself."""

import pytest
from workflow_run import EXPERIMENTS, REPOSITORY, TINY, TOGETHER, Run, copy

from randvec.figures import FIGURES
from randvec.study import RULES

pytestmark = pytest.mark.workflow


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """All rules of a run over real basins, without experiments."""
    folder = tmp_path_factory.mktemp("real")
    basins = str(REPOSITORY / "config/basins/531.txt")  # those that published results are of
    dataset = {"name": "tiny", "source": "camels_us", "folder": "none", "basins": basins}
    return Run(folder, copy(TINY) | {"dataset": dataset}).rules().keys()


@pytest.fixture(scope="module")
def names(without, tmp_path_factory):
    """All rules that there can be, but for the targets of experiments."""
    config = copy(TINY) | TOGETHER | {"experiments": copy(EXPERIMENTS)}
    run = Run(tmp_path_factory.mktemp("virtual"), config)
    return (without | run.rules().keys()) - EXPERIMENTS.keys()


def test_no_experiment_may_have_the_name_of_a_rule(names):
    assert {"train", "train_2", "main_comparison", "published", "virtual_catchments"} <= names
    assert {name for name in names if not RULES.fullmatch(name)} == set()


def test_nor_a_name_whose_page_or_figure_is_another_rule(without):
    taken = {rule.partition("_")[2] for rule in without if rule.startswith(("page_", "figure_"))}
    assert {"config", "summary", "nse_cdf", "map_nse"} <= taken
    assert {name for name in taken - FIGURES.keys() if not RULES.fullmatch(name)} == set()


def test_no_name_is_refused_for_nothing(names, without):
    """Every name that is spelt out is that of a rule or a page, or of the main comparison."""
    pages = {rule.removeprefix("page_") for rule in without if rule.startswith("page_")}
    spelt_out = set(RULES.pattern.partition("|(")[0].split("|"))
    assert spelt_out - names - pages == {"main"}
