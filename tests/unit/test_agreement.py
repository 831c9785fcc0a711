"""Members that belong together, and those that are refused."""

import copy
import json

import pytest

from randvec.errors import InputError
from randvec.evaluation.agreement import check_configured, check_ensembles, check_members

CONFIGURED = {
    "architecture": "ea_lstm",
    "training": {"hidden": 4, "epochs": 2, "learning_rate": [{"epoch": 1, "rate": 0.001}]},
    "train_period": ["1991-10-01", "1992-09-30"],
    "basins": None,
}
MEMBER = {
    **CONFIGURED,
    "seed": 1,
    "vectors": "gaussian-4-s1",
    "scaler": {"discharge_mean": 1.5},
    "code": "c0de",
    "device": "cpu",
    "versions": {"torch": "2.0"},
    "trained_together": [1],
    "inputs": {"series.parquet": "da7a", "gaussian-4-s1.parquet": "0001"},
    "git_commit": "abc",
}
SECOND = {
    "seed": 2,
    "vectors": "gaussian-4-s2",
    "inputs": {"series.parquet": "da7a", "gaussian-4-s2.parquet": "0002"},
}


def write(folder, *members):
    """Files of members, by their number, and a list of them."""
    paths = {}
    for number, member in enumerate(members, 1):
        paths[number] = str(folder / f"seed{number}.json")
        (folder / f"seed{number}.json").write_text(json.dumps(member))
    return paths


def check(paths, vectors=("gaussian-4-s1", "gaussian-4-s2"), configured=CONFIGURED):
    check_members(paths, configured, vectors)


def test_members_may_differ_in_seeds_vectors_and_how_they_were_trained(tmp_path, caplog):
    others = {"trained_together": [1, 2], "git_commit": "unknown", "scaler": {"discharge_mean": 2}}
    check(write(tmp_path, MEMBER, MEMBER | SECOND | others))
    assert not caplog.records


@pytest.mark.parametrize(
    ("change", "named"),
    [({"device": "cuda"}, "device"), ({"versions": {"torch": "3"}}, "versions")],
)
def test_other_devices_or_versions_are_told_in_the_log(tmp_path, caplog, change, named):
    check(write(tmp_path, MEMBER, MEMBER | SECOND | change))
    assert [f"different {named}" in message for message in caplog.messages] == [True]


def test_numbers_of_the_same_value_are_the_same(tmp_path):
    check_configured(write(tmp_path, {"training": {"forget_bias": 5}})[1],
                     {"training": {"forget_bias": 5.0}})  # fmt: skip


def trained_with(**changes):
    return {"training": MEMBER["training"] | changes}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (trained_with(epochs=1), "training.epochs is 1, expected 2"),
        (trained_with(loss="mse"), 'training.loss is "mse", expected null'),
        (
            trained_with(learning_rate=[]),
            r'training.learning_rate is \[\], expected \[{"epoch": 1, "rate": 0.001}\]',
        ),
        ({"architecture": "ct_lstm"}, 'architecture is "ct_lstm", expected "ea_lstm"'),
        ({"train_period": ["1990-10-01", "1992-09-30"]}, r'train_period is \["1990-10-01"'),
        ({"basins": {"fold": 1, "folds": 2}}, r'basins is {"fold": 1, "folds": 2}, expected null'),
        ({"seed": 1}, "seed is 1, expected 2"),
        ({"vectors": "gaussian-4-s1"}, 'vectors is "gaussian-4-s1", expected "gaussian-4-s2"'),
        ({"code": "01d"}, "digest of code is 01d, expected c0de as in .*seed1.json"),
        (
            {"inputs": {"series.parquet": "01d"}},
            "digest of series.parquet is 01d, expected da7a as in .*seed1.json",
        ),
    ],
)
def test_a_member_that_differs_is_named_with_what_differs(tmp_path, change, message):
    paths = write(tmp_path, MEMBER, MEMBER | SECOND | change)
    with pytest.raises(InputError, match=message) as error:
        check(paths)
    assert str(error.value).startswith(paths[2])
    assert "emove that member's folder" in str(error.value)


def test_a_vector_that_members_share_has_to_be_the_same(tmp_path):
    shared = {"vectors": "physical", "inputs": {"series.parquet": "da7a", "physical.parquet": "1"}}
    other = copy.deepcopy(shared)
    other["inputs"]["physical.parquet"] = "2"
    paths = write(tmp_path, MEMBER | shared, MEMBER | shared | {"seed": 2})
    check(paths, vectors=["physical"] * 2)
    paths = write(tmp_path, MEMBER | shared, MEMBER | other | {"seed": 2})
    with pytest.raises(InputError, match=r"digest of physical\.parquet is 2, expected 1"):
        check(paths, vectors=["physical"] * 2)


def test_members_that_agree_with_each_other_must_agree_with_the_configuration(tmp_path):
    paths = write(tmp_path, MEMBER, MEMBER | SECOND)
    changed = CONFIGURED | {"training": MEMBER["training"] | {"hidden": 8}}
    with pytest.raises(InputError, match=r"training\.hidden is 4, expected 8") as error:
        check(paths, configured=changed)
    assert str(error.value).startswith(paths[1])


def test_many_differences_make_no_long_message(tmp_path):
    paths = write(tmp_path, MEMBER | {"training": {f"key{number}": 1 for number in range(20)}})
    with pytest.raises(InputError, match="; and 20 more") as error:
        check(paths, vectors=["gaussian-4-s1"])
    assert len(str(error.value)) < 600


def test_a_file_that_is_no_json_is_named(tmp_path):
    (tmp_path / "seed1.json").write_text('{"seed": 1,')
    with pytest.raises(InputError, match=r"seed1\.json: not the settings of a member"):
        check_configured(str(tmp_path / "seed1.json"), CONFIGURED)


def test_cells_are_held_against_their_own_settings(tmp_path):
    fourth = {"architecture": "ct_lstm"}
    paths = list(write(tmp_path, MEMBER, MEMBER, MEMBER | fourth, MEMBER | fourth).values())
    check_ensembles(paths, [CONFIGURED, CONFIGURED | fourth])
    with pytest.raises(InputError, match=r"seed3\.json: architecture"):
        check_ensembles(paths, [CONFIGURED, CONFIGURED])
