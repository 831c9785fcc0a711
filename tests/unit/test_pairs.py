"""What is compared with what: with descriptors, with nothing, with full, with the references."""

import pytest

from randvec.comparison.pairs import joined, of_the_question, pairs, with_descriptors
from randvec.figures.answer import panels


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
        *("EG-4 - EP", "FO - FP", "FP - EP", "CP - EP", "REA - EP"),
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


@pytest.mark.parametrize(
    ("model", "among", "expected"),
    [
        ("EG-2", ["EP", "CP"], "EP"),
        ("CG-2", ["EP", "CP"], "CP"),
        ("CG-2", ["EP"], "EP"),
        ("EG-2", ["CN", "CP"], "CP"),
        ("FO_b", ["EP", "FP", "FP_b"], "FP_b"),
        ("FO_b", ["EP", "FP"], "FP"),
        ("FO_b", ["EP", "EP_b"], "EP_b"),
        ("CN", ["CP", "EP"], "EP"),
        ("CN", ["CP"], "CP"),
        ("CP", ["EP", "CP"], "EP"),
        ("CP", ["FP", "CP"], None),
        ("EP", ["EP"], None),
        ("EG-2", ["EG-4"], None),
    ],
)
def test_which_descriptors_a_model_is_held_against(model, among, expected):
    assert with_descriptors(model, among) == expected


@pytest.mark.parametrize(
    "models",
    [
        ["EP", "EG-16", "EO", "CP", "CG-4", "CN", "PEA", "REA", "FP", "FG-4"],
        ["EP", "EG-16_b", "CN"],
        ["CP", "EG-16", "CN"],
        ["EP", "FO_b", "FG-4", "CN", "CN_b"],
        ["FP", "FP_b", "FG-4_b", "CO", "CN_b", "CN"],
    ],
)
def test_what_the_figure_of_the_answer_shows_is_in_the_table(models):
    compared_in_table = {frozenset(pair) for pair in pairs(in_full(*models))}
    for panel in panels(models):
        for model in panel.models:
            assert frozenset(in_full(model, panel.reference)) in compared_in_table


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["EP", "EG-16", "EG-256", "EG-32", "EG-512_b", "CN"], ["EP", "EG-256", "CN"]),
        (["CN", "EO", "EG-2", "CP", "EP"], ["EP", "EG-2", "CN"]),
        (["CP", "EG-2", "CN"], ["EG-2", "CN"]),
        (["EP", "CG-2", "EG-16_b", "CN"], ["EP", "CN"]),
        ([], []),
    ],
)
def test_the_longest_random_vector_is_chosen(models, expected):
    assert of_the_question(models) == expected
