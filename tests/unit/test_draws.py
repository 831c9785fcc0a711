"""One basin and too few basins: what can't be trained or compared is refused, all else is not."""

import pytest

from randvec.draws import check_draws
from randvec.errors import InputError

ONE, TWO, FIVE = (tuple(f"0100000{n}" for n in range(1, count + 1)) for count in (1, 2, 5))
STATIC = ("EP", "EG-4", "EO", "EM-29", "CP", "CG-4", "CO", "PEA", "REA", "FP", "FG-4", "FO")
THREE_FOLDS = ["fold-1-of-3", "fold-2-of-3", "fold-3-of-3"]


def cells(models, scenarios=("full",)):
    return [(scenario, model) for scenario in scenarios for model in models]


def refused(parts, *arguments):
    with pytest.raises(InputError) as caught:
        check_draws(parts, *arguments)
    said = str(caught.value)
    assert said.startswith("config: ") and len(said) < 500
    return said


@pytest.mark.parametrize("model", [*STATIC, "FP_corrected"])
def test_no_static_vector_of_one_basin(model):
    said = refused({"main": cells(["CN", model])}, ONE, 4)
    assert said == (
        "config: models: scenario 'full' trains on one basin (basins of the data: 1 of 4), "
        f"where a static vector tells a network nothing, as in {model}; train on more basins, or "
        "only models without one (CN)"
    )


def test_many_models_are_not_all_named():
    models = [f"EG-{dimension}" for dimension in range(1, 100)]
    assert "as in EG-1, EG-2, EG-3, EG-4, and 95 more; train" in refused(
        {"main": cells(models)}, ONE
    )


def test_without_static_vectors_one_basin_is_enough():
    check_draws({"main": cells(["CN", "CN_long"], ["full", "years-1"])}, ONE)
    check_draws({"main": cells(["CN"]), "fewer_basins": cells(["CN"], ["basins-1-s1"])}, FIVE)


def test_a_draw_of_all_basins_that_are_left_is_refused():
    said = refused({"fewer_basins": cells(["CN", "EP"], ["basins-5-s1"])}, FIVE, 6)
    assert "draws all 5 basins (basins of the data: 5 of 6), as full does; ask for fewer" in said


def test_two_basins_are_enough_for_static_vectors():
    check_draws({"main": cells(STATIC)}, TWO)


@pytest.mark.parametrize(
    ("scenarios", "basins"),
    [(["basins-1-s3"], FIVE), (["basins-1-s1"], TWO), (["fold-1-of-2", "fold-2-of-2"], TWO),
     (["fold-2-of-2", "fold-1-of-2"], FIVE[:3])],
)  # fmt: skip
def test_a_scenario_that_trains_on_one_basin_has_no_use_for_static_vectors(scenarios, basins):
    name = "fewer_basins" if "basins" in scenarios[0] else "ungauged_basins"
    parts = {"main": cells(["EP"]), name: cells(["CN", "EP"], ["full", *scenarios])}
    said = refused(parts, basins)
    assert said.startswith(f"config: experiments.{name}.scenarios: scenario '")
    assert any(scenario in said for scenario in scenarios) and "trains on one basin" in said
    check_draws({"main": cells(["EP"]), name: cells(["CN"], ["full", *scenarios])}, basins)


def test_subsets_and_folds_that_are_larger_than_what_is_left():
    for scenarios in (["basins-3-s1"], THREE_FOLDS):
        said = refused({"main": cells(["CN"], scenarios)}, TWO, 5)
        what = "folds" if scenarios is THREE_FOLDS else "basins"
        assert f"scenario '{scenarios[0]}' (basins of the data: 2 of 5): 3 {what} are asked" in said
        check_draws({"main": cells(["CN"], scenarios)}, FIVE[:4])


def test_subsets_that_share_no_basin():
    scenarios = [f"basins-1-s{seed}" for seed in range(1, 6)]
    said = refused({"main": [], "fewer_basins": cells(["CN"], scenarios)}, FIVE, 9)
    assert "experiments.fewer_basins.scenarios draws subsets of basins that share none" in said
    assert "(basins of the data: 5 of 9)" in said and "draw them with the same seed" in said
    # The main comparison compares nothing across scenarios.
    check_draws({"main": cells(["CN"], scenarios)}, FIVE)


def test_subsets_of_one_seed_share_the_smallest():
    scenarios = ["basins-2-s7", "basins-3-s7", "basins-4-s7", "full"]
    check_draws({"main": [], "fewer_basins": cells(["EP"], scenarios)}, FIVE)


def test_whether_subsets_share_basins_depends_on_those_that_are_left():
    """So that it can't be said at the start where basins may be dropped."""
    parts = {"fewer_basins": cells(["EP"], ["basins-2-s1", "basins-2-s2", "full"])}
    outcomes = set()
    for count in range(3, 10):
        try:
            check_draws(parts, [f"{number:08}" for number in range(count)])
            outcomes.add("share")
        except InputError:
            outcomes.add("share none")
    assert outcomes == {"share", "share none"}
