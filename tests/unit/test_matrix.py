from dataclasses import replace

import pytest

from randvec import matrix
from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.vectors import VECTORS


def test_every_architecture_meets_every_static_vector_that_it_can_have():
    assert " ".join(matrix.MODELS) == "EP EG EO EM CP CG CO CM CN PEA REA OEA MEA FP FG FO FM"


def test_the_paper_has_twelve_of_them_and_the_baseline():
    codes = "EP EG-2 EG-512 EO EM-32 CP CG-16 CO CN PEA REA FP FG-256 FO FP_corrected"
    assert all(matrix.parse(code).in_paper for code in codes.split())
    others = "CM-32 FM-32 OEA MEA-32 REA-64 MEA-32_corrected REA-64_corrected"
    assert not any(matrix.parse(code).in_paper for code in others.split())


@pytest.mark.parametrize(
    ("code", "architecture", "vector", "dimension"),
    [
        ("EP", "ea_lstm", "physical", "descriptors"),
        ("EG-256", "ea_lstm", "gaussian", 256),
        ("EM-28", "ea_lstm", "mixed", 28),
        ("CO", "ct_lstm", "one_hot", None),
        ("CN", "ct_lstm", "none", 0),
        ("REA", "sr_lstm_ea", "gaussian", "descriptors"),
        ("REA-64", "sr_lstm_ea", "gaussian", 64),
        ("OEA", "sr_lstm_ea", "one_hot", None),
        ("MEA-28", "sr_lstm_ea", "mixed", 28),
        ("CM-32", "ct_lstm", "mixed", 32),
        ("FG-2", "fm_lstm", "gaussian", 2),
    ],
)
def test_a_code_names_its_model(code, architecture, vector, dimension):
    assert matrix.parse(code) == matrix.Model(code, architecture, vector, dimension)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("EA-LSTM", "is an architecture; its models are EP, EG-<d>, EO, EM-<d>$"),
        ("sr_lstm_ea", "can't be the name of a variant"),
        ("CTLSTM", "its models are CP, CG-<d>, CO, CM-<d>, CN$"),
        ("EN", "unknown"),  # an input gate that would see nothing
        ("FN", "unknown"),
        ("NEA", "unknown"),
        ("GEA-16", "did you mean 'OEA'|did you mean 'PEA'|did you mean 'REA'"),
        ("PEO", "did you mean 'EO'|did you mean 'PEA'"),
        ("REA-", "needs the dimension"),
        ("OEA-16", "takes no dimension"),
        ("ep", "did you mean 'EP'"),
        ("EG16", "did you mean 'EG-16'"),
        ("EO16", "did you mean 'EO'"),
        ("EP-27", "takes no dimension"),
        ("EG", "needs the dimension"),
        ("EG-", "needs the dimension"),
        ("EG-0", "needs the dimension"),
        ("EG-016", "needs the dimension"),
        ("EG-1.5", "needs the dimension"),
        ("", "unknown"),
        ("EP_", "can't be the name of a variant"),
        ("EP_Corrected", "can't be the name of a variant"),
        ("EG_corrected-16", "can't be the name of a variant"),
        ("EG_corrected", "needs the dimension"),
    ],
)
def test_an_impossible_model_is_refused(code, said):
    with pytest.raises(InputError, match=said):
        matrix.parse(code)


def test_a_variant_follows_the_code_and_leaves_the_vector_alone():
    model = matrix.parse("FG-16_corrected")
    assert model == matrix.Model("FG-16_corrected", "fm_lstm", "gaussian", 16, "corrected")
    assert model.table(2, 27) == matrix.parse("FG-16").table(2, 27)


def test_random_vectors_belong_to_a_member_and_the_others_to_all():
    assert matrix.parse("EG-16").table(3, 27) == "gaussian-16-s3"
    assert matrix.parse("EM-32").table(3, 27) == "mixed-32-s3"
    assert matrix.parse("REA").table(3, 27) == "gaussian-27-s3"
    assert matrix.parse("FO").table(3, 27) == "one_hot"
    assert matrix.parse("CP").table(3, 27) == "physical"
    assert matrix.parse("CN").table(3, 27) is None


@pytest.mark.parametrize(
    ("code", "descriptors", "said"),
    [
        ("EM-27", 27, "must be 28 or more, as it holds the 27 descriptors"),
        ("MEA-5", 5, "must be 6 or more"),
        ("REA-9", 9, "is that of 'REA'; write so"),
        ("REA-9_slow", 9, "is that of 'REA'; write so"),
    ],
)
def test_a_length_has_to_fit_the_descriptors(code, descriptors, said):
    with pytest.raises(InputError, match=said):
        matrix.check_length(matrix.parse(code), descriptors)
    matrix.check_length(matrix.parse(code), descriptors - 1)


def test_two_models_can_not_have_one_code(monkeypatch):
    again = replace(VECTORS["gaussian"], title="another")
    monkeypatch.setitem(VECTORS, "another", again)
    with pytest.raises(ValueError, match="ea_lstm with another and ea_lstm with gaussian have the"):
        matrix._models()


@pytest.mark.parametrize("code", ["T-{}", "LSTM_{}", "GR {}", "{}/", "4{}"])
def test_a_code_that_no_configuration_could_name_is_refused(monkeypatch, code):
    odd = replace(ARCHITECTURES["ea_lstm"], code=code)
    monkeypatch.setitem(ARCHITECTURES, "odd", odd)
    with pytest.raises(ValueError, match=r"odd with \w+ has the code '.*'; expected letters"):
        matrix._models()


def test_a_code_without_a_place_for_the_vector_is_refused(monkeypatch):
    monkeypatch.setitem(ARCHITECTURES, "odd", replace(ARCHITECTURES["ea_lstm"], code="GRU"))
    with pytest.raises(ValueError, match=r"odd has the code 'GRU'; expected \{\} in it"):
        matrix._models()


def test_vectors_of_two_lengths_have_two_tables_whether_they_are_random_or_not(monkeypatch):
    components = replace(VECTORS["gaussian"], letter="C", random=False)
    monkeypatch.setitem(VECTORS, "components", components)
    monkeypatch.setattr(matrix, "MODELS", matrix._models())
    assert [matrix.parse(f"EC-{d}").table(1, 27) for d in (2, 3)] == [
        "components-2",
        "components-3",
    ]
    assert matrix.parse("REA").table(5, 27) == "gaussian-27-s5"
    assert matrix.parse("EO").table(5, 27) == "one_hot"
