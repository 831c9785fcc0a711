import math
import sys
from statistics import stdev
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from randvec.descriptors import PAPER as GROUPS
from randvec.errors import InputError
from randvec.vectors import ANY, DESCRIPTORS, VECTORS, StaticVector, columns
from randvec.vectors import build as build_module
from randvec.vectors.restored import of_descriptors
from randvec.vectors.stored import describe


def build(name, descriptors):
    return build_module.build(name, descriptors, GROUPS)


@pytest.fixture
def descriptors():
    draws = np.random.default_rng(7).normal(5, 3, (6, 27))
    table = pd.DataFrame(draws, columns=[f"descriptor_{i}" for i in range(27)])
    table["descriptor_3"] = 0.1  # its spread over six basins is a rounding error, not zero
    table.insert(
        0, "basin", ["01000003", "01000001", "01000002", "01000006", "01000005", "01000004"]
    )
    return table.assign(gauge_lat=40.0, gauge_lon=-80.0)


def values(table):
    return table.drop(columns="basin").to_numpy()


def test_physical_vectors_are_standardised_and_leave_the_coordinates_out(descriptors):
    table = build("physical", descriptors)
    assert list(table["basin"]) == sorted(descriptors["basin"])
    assert values(table).shape == (6, 27)
    raw = descriptors.sort_values("basin")["descriptor_0"].to_numpy()
    expected = [(value - math.fsum(raw) / 6) / stdev(raw) for value in raw]
    np.testing.assert_allclose(table["descriptor_0"], expected, rtol=1e-6)


def test_columns_are_divided_by_the_sample_standard_deviation():
    column = np.array([1.0, 2, 3, 6])  # mean 3, squares 4 + 1 + 0 + 9 = 14, over 4 - 1
    expected = np.array([-2, -1, 0, 3]) / math.sqrt(14 / 3)
    found = columns.standardise(np.column_stack([column, -column]))
    np.testing.assert_allclose(found, np.column_stack([expected, -expected]), rtol=1e-15)


@pytest.mark.parametrize("name", ["physical", "gaussian-4-s1", "mixed-32-s1", "physical-noise_1"])
def test_one_basin_can_not_be_standardised(descriptors, name):
    with pytest.raises(InputError, match="1 basin, expected 2 or more"):
        build(name, descriptors.head(1))


def test_one_basin_can_have_a_one_hot_vector(descriptors):
    assert values(build("one_hot", descriptors.head(1))).tolist() == [[1]]


def test_a_constant_descriptor_becomes_zero(descriptors):
    assert (build("physical", descriptors)["descriptor_3"].abs() < 1e-6).all()


@pytest.mark.parametrize("size", ["0.25", "2"])
def test_noise_makes_no_vector_of_a_constant_descriptor(descriptors, size):
    noisy = build(f"physical-noise_{size}", descriptors).set_index("basin")
    spread = noisy.std()
    assert spread.pop("descriptor_3") < 1e-6
    np.testing.assert_allclose(spread, 1, rtol=1e-6)


def test_a_descriptor_that_was_constant_in_training_is_zero_in_a_new_basin(descriptors):
    """Its weights were never trained."""
    stored = describe("physical", build("physical", descriptors))
    new = descriptors.head(1).assign(basin="new", descriptor_3=35.0, descriptor_4=35.0)
    found = of_descriptors("physical", stored, new, ["new"]).set_index("basin")
    known = build("physical", descriptors).set_index("basin").loc[descriptors["basin"][0]]
    assert found.loc["new", "descriptor_3"] == 0
    assert found.loc["new", "descriptor_4"] > 5
    others = found.columns.drop(["descriptor_3", "descriptor_4"])
    np.testing.assert_allclose(found.loc["new", others], known[others], rtol=1e-6)


def test_gaussian_vectors_are_standardised_and_depend_on_their_seed_alone(descriptors):
    first = build("gaussian-16-s1", descriptors)
    assert values(first).shape == (6, 16)
    np.testing.assert_allclose(values(first).mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(values(first).std(axis=0, ddof=1), 1, atol=1e-6)
    changed = descriptors.assign(descriptor_0=-1.0)
    pd.testing.assert_frame_equal(first, build("gaussian-16-s1", changed))
    assert not np.array_equal(values(first), values(build("gaussian-16-s2", descriptors)))


def test_one_hot_vectors_are_not_scaled(descriptors):
    np.testing.assert_array_equal(values(build("one_hot", descriptors)), np.eye(6))


def test_mixed_vectors_are_the_descriptors_filled_up_with_gaussian_columns(descriptors):
    table = build("mixed-32-s4", descriptors)
    assert values(table).shape == (6, 32)
    np.testing.assert_array_equal(values(table)[:, :27], values(build("physical", descriptors)))
    np.testing.assert_array_equal(
        values(table)[:, 27:], values(build("gaussian-5-s4", descriptors))
    )


def test_the_order_of_the_descriptor_rows_does_not_matter(descriptors):
    shuffled = descriptors.sample(frac=1, random_state=3)
    for name in ("physical", "gaussian-8-s1", "one_hot", "mixed-30-s1"):
        pd.testing.assert_frame_equal(build(name, descriptors), build(name, shuffled))


def test_an_unknown_kind_is_refused(descriptors):
    with pytest.raises(InputError, match="unknown kind"):
        build("uniform-8-s1", descriptors)


@pytest.fixture
def named():
    """Descriptors under their real names."""
    names = [name for group in GROUPS.values() for name in group]
    table = pd.DataFrame(np.random.default_rng(7).normal(5, 3, (40, 27)), columns=names)
    table.insert(0, "basin", [f"{number:08d}" for number in range(40)])
    return table.assign(gauge_lat=40.0, gauge_lon=-80.0)


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_descriptors_is_left_out_or_stands_alone(named, group):
    names = list(GROUPS[group])
    physical = build("physical", named)
    without = build(f"physical-without_{group}", named)
    pd.testing.assert_frame_equal(without, physical.drop(columns=names))
    only = build(f"physical-only_{group}", named)
    pd.testing.assert_frame_equal(only, physical[["basin", *names]])


def test_the_groups_are_the_27_descriptors(named):
    assert [len(group) for group in GROUPS.values()] == [9, 3, 5, 8, 2]


def test_gaussian_columns_fill_up_what_is_left_of_the_descriptors(named):
    table = build("mixed-32-s4-only_soil", named)
    assert values(table).shape == (40, 32)
    np.testing.assert_array_equal(values(table)[:, 8:], values(build("gaussian-24-s4", named)))


def test_noise_hides_the_descriptors_more_the_larger_it_is(named):
    physical = values(build("physical", named))
    correlations = []
    for size in ("0", "0.5", "2"):
        noisy = values(build(f"physical-noise_{size}", named))
        np.testing.assert_allclose(noisy.std(axis=0, ddof=1), 1, rtol=1e-5)
        correlations.append((physical * noisy).sum(axis=0).mean() / (len(named) - 1))
    assert correlations[0] == pytest.approx(1, abs=1e-6)
    # of independent noise: 1 / sqrt(1 + size^2)
    assert correlations[1] == pytest.approx(0.894, abs=0.03)
    assert correlations[2] == pytest.approx(0.447, abs=0.08)


def test_noise_is_in_standard_deviations_of_the_descriptor_and_standardised_with_it(named):
    draws = np.random.default_rng((1, 1)).standard_normal((40, 27))
    raw = named["p_mean"].to_numpy()
    noisy = (raw - raw.mean()) / stdev(raw) + 0.5 * draws[:, list(named).index("p_mean") - 1]
    expected = (noisy - noisy.mean()) / stdev(noisy)
    found = build("physical-noise_0.5", named)["p_mean"]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_noise_is_the_same_for_all_members_and_models(named):
    alone = values(build("physical-noise_0.5", named))
    for seed in (1, 2):
        mixed = values(build(f"mixed-32-s{seed}-noise_0.5", named))
        np.testing.assert_array_equal(mixed[:, :27], alone)


def test_an_unknown_group_is_refused(named):
    with pytest.raises(InputError, match="no such group"):
        build("physical-without_water", named)


@pytest.fixture
def own(monkeypatch):
    """Registers a kind of static vector whose `make` is given."""

    def register(make, dimension, **record):
        module = ModuleType("randvec.vectors.own")
        module.make = make
        monkeypatch.setitem(sys.modules, module.__name__, module)
        kind = StaticVector("X", "own", "own", "black", "-", dimension, describes=True, **record)
        monkeypatch.setitem(VECTORS, "own", kind)

    return register


def components(descriptors, dimension):
    """The first principal components of the descriptors."""
    standardised = values(build_module.physical.make(descriptors))
    found = np.linalg.svd(standardised, full_matrices=False)[0][:, :dimension]
    return columns.table(descriptors, found, [f"c{i}" for i in range(dimension)])


def test_a_vector_of_any_length_need_not_be_random(descriptors, own):
    own(components, ANY)
    two, three = (build(f"own-{d}", descriptors) for d in (2, 3))
    assert values(two).shape == (6, 2) and (values(two) == values(three)[:, :2]).all()


def place(descriptors):
    """The coordinates, standardised."""
    names = ["gauge_lat", "gauge_lon"]
    return columns.table(descriptors, columns.standardise(descriptors[names].to_numpy()), names)


def test_a_vector_sees_the_coordinates_only_where_its_record_says_so(descriptors, own):
    spread = descriptors.assign(gauge_lat=np.arange(6.0), gauge_lon=[3.0, 1, 4, 1, 5, 9])
    own(place, 2, located=True)
    expected = place(spread.sort_values("basin"))
    pd.testing.assert_frame_equal(build("own", spread), expected)
    own(place, 2)
    with pytest.raises(KeyError, match="gauge_lat"):
        build("own", descriptors)


def test_coordinates_are_neither_noisy_nor_left_out(descriptors, own):
    """What is changed are the descriptors, as all others see them."""
    spread = descriptors.assign(gauge_lat=np.arange(6.0), gauge_lon=[3.0, 1, 4, 1, 5, 9])
    own(place, 2, located=True)
    exact = build("own", spread)
    for change in ("noise_0.5", "only_climate"):
        groups = {"climate": ["descriptor_0"]}
        made = build_module.build(f"own-{change}", spread, groups)
        pd.testing.assert_frame_equal(made, exact)


def test_a_table_of_another_width_is_told_from_its_names(descriptors):
    with pytest.raises(ValueError, match="expected 6 basins and 3 columns; without describes=True"):
        columns.table(descriptors, np.zeros((6, 2)), ["a", "b", "c"])


@pytest.mark.parametrize(
    ("make", "dimension", "said"),
    [
        (lambda table, d: components(table, d + 1), ANY, "make gave 4 columns, expected 3"),
        (lambda table: components(table, 2), DESCRIPTORS, "make gave 2 columns, expected 27"),
        (lambda table: components(table, 2), None, "make gave 2 columns, expected 6"),
        (lambda table: components(table, 2), 3, "make gave 2 columns, expected 3"),
        (lambda table: components(table[::-1], 3), 3, "make gave other basins"),
        (lambda table: components(table, 3).assign(c0=np.inf), 3,
         "make gave numbers that are missing or not finite"),
    ],
)  # fmt: skip
def test_a_vector_that_is_not_as_registered_is_refused(descriptors, own, make, dimension, said):
    own(make, dimension)
    name = "own-3" if dimension == ANY else "own"
    with pytest.raises(ValueError, match=said):
        build(name, descriptors)
