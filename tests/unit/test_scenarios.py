import pytest

from randvec import scenarios
from randvec.data.selection import choose
from randvec.descriptors import PAPER
from randvec.errors import InputError
from randvec.matrix import parse as model

BASINS = [f"{number:08d}" for number in range(1, 24)]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("full", {}),
        ("years-2", {"years": 2}),
        ("basins-12-s3", {"basins": {"count": 12, "seed": 3}}),
        ("fold-2-of-5", {"basins": {"fold": 2, "folds": 5}}),
        ("without-soil", {"descriptors": "without_soil"}),
        ("only-climate", {"descriptors": "only_climate"}),
        ("noise-0.5", {"descriptors": "noise_0.5"}),
        ("vectors-4", {"vector_seed": 4}),
    ],
)
def test_a_name_says_what_changes(name, changes):
    assert scenarios.parse(name) == scenarios.Scenario(name, **changes)


@pytest.mark.parametrize(
    "name",
    ["", "half", "years-0", "years", "basins-5", "fold-6-of-5", "fold-1-of-1", "without-Water",
     "only", "noise-", "noise--1", "vectors", "full-years-2", "noise-0", "noise-0.50", "noise-1.0",
     "noise-01", "vectors-01", "basins-5-s01"],
)  # fmt: skip
def test_an_unknown_scenario_is_refused(name):
    with pytest.raises(InputError, match="scenario"):
        scenarios.parse(name)


@pytest.mark.parametrize(
    ("code", "scenario", "table", "dimension"),
    [
        ("EP", "full", "physical", 27),
        ("EP", "without-climate", "physical-without_climate", 18),
        ("CP", "only-geology", "physical-only_geology", 2),
        ("EP", "noise-0.5", "physical-noise_0.5", 27),
        ("EM-32", "without-soil", "mixed-32-s7-without_soil", 32),
        ("EM-32", "noise-2", "mixed-32-s7-noise_2", 32),
        ("EG-16", "vectors-3", "gaussian-16-s3", 16),
        ("EG-16", "years-1", "gaussian-16-s7", 16),
        ("EO", "basins-5-s1", "one_hot", None),
        ("CN", "full", None, 0),
    ],
)
def test_a_member_reads_the_table_of_its_scenario(code, scenario, table, dimension):
    found = scenarios.parse(scenario)
    assert scenarios.vector_name(model(code), found, 7, 27) == table
    assert scenarios.dimension(model(code), found, PAPER) == dimension


@pytest.mark.parametrize(
    ("code", "scenario"), [("EG-16", "noise-1"), ("CN", "only-soil"), ("EP", "vectors-1")]
)
def test_a_scenario_that_changes_nothing_for_a_model_is_refused(code, scenario):
    with pytest.raises(InputError, match="take the model out"):
        scenarios.check(model(code), scenarios.parse(scenario), PAPER)


@pytest.mark.parametrize(
    ("scenario", "groups", "said"),
    [
        (
            "without-water",
            PAPER,
            "no group 'water' of descriptors; dataset.descriptors has",
        ),
        ("without-all", {"all": ["a", "b"]}, "leaves no descriptor: 'all' is the only group"),
    ],
)
def test_a_group_that_is_not_there_or_the_only_one_is_refused(scenario, groups, said):
    with pytest.raises(InputError, match=said):
        scenarios.check(model("EP"), scenarios.parse(scenario), groups)


def test_dimensions_follow_the_descriptors():
    groups = {"climate": ["a", "b"], "land": ["c"]}
    found = scenarios.parse("without-climate")
    assert scenarios.dimension(model("EP"), found, groups) == 1
    assert scenarios.dimension(model("REA"), scenarios.parse("full"), groups) == 3
    assert scenarios.vector_name(model("REA"), scenarios.parse("full"), 2, 3) == "gaussian-3-s2"


def test_a_member_with_its_own_vector_seed_is_the_one_of_full():
    crossed = scenarios.parse("vectors-2")
    assert [scenarios.trained_under(crossed, seed) for seed in (1, 2, 3)] == [
        "vectors-2", "full", "vectors-2",
    ]  # fmt: skip
    assert scenarios.trained_under(scenarios.parse("years-1"), 1) == "years-1"


def test_draws_of_one_seed_are_nested_and_of_two_seeds_differ():
    small, large = (choose(BASINS, {"count": n, "seed": 1})[0] for n in (5, 11))
    assert len(small) == 5 and set(small) < set(large)
    assert small != choose(BASINS, {"count": 5, "seed": 2})[0]


def test_every_basin_is_tested_in_one_fold_and_never_trained_there():
    parts = [choose(BASINS, {"fold": k, "folds": 5}) for k in range(1, 6)]
    for trained, tested in parts:
        assert not set(trained) & set(tested)
        assert sorted(trained + tested) == BASINS
    assert sorted(basin for _, tested in parts for basin in tested) == BASINS
    assert max(len(tested) for _, tested in parts) - min(len(tested) for _, tested in parts) <= 1


def test_the_order_of_the_basins_does_not_matter():
    choice = {"count": 6, "seed": 3}
    assert choose(BASINS[::-1], choice) == choose(BASINS, choice)


def test_all_basins_are_the_default():
    assert choose(BASINS[::-1], None) == (BASINS, BASINS)


def test_more_basins_than_there_are_is_refused():
    with pytest.raises(InputError, match="the data have 23 basins"):
        choose(BASINS, {"count": 24, "seed": 1})
