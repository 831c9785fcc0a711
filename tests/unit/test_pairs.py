"""What is compared with what: with descriptors, with nothing, with full, with the references."""

from randvec.comparison.pairs import joined, pairs


def in_full(*models):
    return [("full", model) for model in models]


def compared(cells, references=()):
    """Pairs as text; what is trained in full is named by its model alone."""
    found = pairs(cells, references)
    names = [
        tuple(model if scenario == "full" else f"{scenario} {model}" for scenario, model in pair)
        for pair in found
    ]
    return {f"{cell} - {other}" for cell, other in names}


def test_each_model_is_held_against_descriptors_and_against_nothing():
    found = compared(in_full("EP", "EG-4", "FO", "FP", "CP", "CN", "REA"))
    assert found == {
        *("EG-4 - EP", "FO - FP", "FP - EP", "CP - EP"),
        *("EP - CN", "EG-4 - CN", "FO - CN", "FP - CN", "CP - CN", "REA - CN"),
    }


def test_a_variant_is_held_against_its_own_kind_and_against_what_it_varies():
    models = ["EP", "CN", "FP", "FP_corrected", "FG-4", "FG-4_corrected", "FO_corrected"]
    found = {pair for pair in compared(in_full(*models)) if "_corrected" in pair}
    assert found == {
        *("FP_corrected - EP", "FP_corrected - FP", "FP_corrected - CN"),
        *("FG-4_corrected - FP_corrected", "FG-4_corrected - FG-4", "FG-4_corrected - CN"),
        *("FO_corrected - FP_corrected", "FO_corrected - CN"),
    }


def test_ep_and_cn_of_the_same_variant_come_first():
    found = compared(in_full("EP", "EP_slow", "FP_slow", "CN", "CN_slow"))
    assert found == {
        *("EP - CN", "EP_slow - EP", "EP_slow - CN_slow"),
        *("FP_slow - EP_slow", "FP_slow - CN_slow", "CN_slow - CN"),
    }


def test_other_scenarios_are_held_against_full():
    cells = [(s, m) for s in ("full", "years-1") for m in ("EP", "EG-4", "CN")]
    assert compared(cells) == {
        *("EG-4 - EP", "EP - CN", "EG-4 - CN"),
        *("years-1 EG-4 - years-1 EP", "years-1 EP - years-1 CN", "years-1 EG-4 - years-1 CN"),
        *("years-1 EP - EP", "years-1 EG-4 - EG-4", "years-1 CN - CN"),
    }


def test_every_cell_is_held_against_the_references():
    """Two cells are compared once: EG-4 against EP, and not the other way round as well."""
    cells = [*in_full("EP", "EG-4", "CN"), ("noise-2", "EP")]
    assert compared(cells, ["EG-4", "CN"]) == {
        *("EG-4 - EP", "EP - CN", "EG-4 - CN"),
        *("noise-2 EP - EP", "noise-2 EP - EG-4", "noise-2 EP - CN"),
    }


def test_folds_of_one_division_count_as_one_scenario():
    assert joined("fold-2-of-3") == "folds-3" and joined("full") == "full"
    cells = [(f"fold-{fold}-of-2", model) for model in ("EP", "EG-4") for fold in (1, 2)]
    assert compared(cells) == {"folds-2 EG-4 - folds-2 EP"}


def test_draws_of_vectors_are_left_to_the_experiment_on_luck():
    assert pairs([("vectors-1", "EG-4"), ("vectors-2", "EG-4")]) == []


def test_pairs_come_in_the_order_of_the_cells():
    cells = in_full("CN", "EG-4", "EP")
    assert pairs(cells) == [
        (("full", "EG-4"), ("full", "EP")),
        (("full", "EG-4"), ("full", "CN")),
        (("full", "EP"), ("full", "CN")),
    ]
