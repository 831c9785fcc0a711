"""Members from files to files: what they leave behind, alone and together."""

import json

import numpy as np
import pandas as pd
import pytest
from safetensors.torch import load_file
from small_data import BASINS, SETTINGS, TEST, TRAIN, make_cube, make_vectors
from small_series import write_series

from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.training import loop
from randvec.training.member import train


class Killed(BaseException):
    """Stands for a kill: nothing in the code may catch it."""


@pytest.fixture
def folder(tmp_path):
    """A series and a random vector for each of the seeds 1 to 3."""
    cube = make_cube()
    table = pd.DataFrame(cube.forcing.reshape(-1, len(FORCING)), columns=FORCING)
    table["basin"] = np.repeat(BASINS, len(cube.dates))
    table["date"] = np.tile(cube.dates, len(BASINS))
    table["discharge"] = cube.discharge.ravel()
    write_series(table, tmp_path / "series.parquet")
    for seed in (1, 2, 3):
        make_vectors(seed=seed).to_parquet(tmp_path / f"gaussian-4-s{seed}.parquet")
    return tmp_path


def run_job(folder, seeds, name, keep_epochs=True, shared_vectors=False, validation=None):
    """Train as the script does; gives all files of the members by seed and name."""
    training = SETTINGS | {"learning_rate": [{"epoch": 1, "rate": 5e-3}]}
    members = {seed: folder / name / f"seed{seed}" for seed in seeds}
    vector_seeds = [1] if shared_vectors else seeds
    train(
        series=str(folder / "series.parquet"),
        vectors=[str(folder / f"gaussian-4-s{seed}.parquet") for seed in vector_seeds],
        architecture="ea_lstm",
        training=training,
        period=TRAIN,
        validation=validation,
        basins=None,
        seeds=seeds,
        code="digest",
        outputs=[
            {
                "weights": str(member / "weights.safetensors"),
                "settings": str(member / "settings.json"),
                "losses": str(member / "loss.csv"),
                "epochs": [str(member / f"epochs/0{n}.safetensors") for n in (1, 2, 3)]
                if keep_epochs
                else [],
            }
            for member in members.values()
        ],
    )
    return {
        seed: {p.relative_to(member).as_posix(): p for p in member.rglob("*") if p.is_file()}
        for seed, member in members.items()
    }


def content(files):
    return {seed: {name: p.read_bytes() for name, p in own.items()} for seed, own in files.items()}


def test_together_or_alone_the_files_and_settings_are_the_same(folder):
    together = run_job(folder, [1, 3], "together")
    for seed in (1, 3):
        alone = run_job(folder, [seed], f"alone{seed}")[seed]
        assert together[seed].keys() == alone.keys()
        assert len(alone) == 6
        settings, expected = (
            json.loads(files["settings.json"].read_text()) for files in (together[seed], alone)
        )
        assert settings.pop("trained_together") == [1, 3]
        assert expected.pop("trained_together") == [seed]
        assert settings == expected
        assert settings["vectors"] == f"gaussian-4-s{seed}"
        losses, expected = (pd.read_csv(f["loss.csv"]) for f in (together[seed], alone))
        pd.testing.assert_frame_equal(losses, expected, rtol=1e-3)
        for name in ("weights.safetensors", "epochs/02.safetensors"):
            found, expected = load_file(together[seed][name]), load_file(alone[name])
            assert {k: v.shape for k, v in found.items()} == {
                k: v.shape for k, v in expected.items()
            }


def test_weights_of_more_epochs_than_there_are_now_do_not_stay(folder):
    files = run_job(folder, [1], "again")[1]
    old = files["epochs/01.safetensors"].with_name("04.safetensors")
    old.write_bytes(b"of an earlier training")
    assert run_job(folder, [1], "again")[1].keys() == files.keys() and not old.exists()


def test_members_may_share_a_table_of_vectors(folder):
    files = run_job(folder, [2, 3], "shared", shared_vectors=True)
    settings = [json.loads(own["settings.json"].read_text()) for own in files.values()]
    assert [each["vectors"] for each in settings] == ["gaussian-4-s1"] * 2
    assert settings[0]["inputs"] == settings[1]["inputs"]


def test_a_validation_period_adds_a_column_and_changes_no_weight(folder):
    without = run_job(folder, [1, 3], "without")
    found = run_job(folder, [1, 3], "with", validation=TEST)
    for seed in (1, 3):
        for name in ("weights.safetensors", "epochs/01.safetensors"):
            assert found[seed][name].read_bytes() == without[seed][name].read_bytes()
        losses, expected = (pd.read_csv(each[seed]["loss.csv"]) for each in (found, without))
        assert losses.pop("validation_nse").between(-10, 1).all()
        pd.testing.assert_frame_equal(losses, expected)
        periods = [json.loads(f[seed]["settings.json"].read_text()) for f in (found, without)]
        assert [each["validation_period"] for each in periods] == [list(TEST), None]


@pytest.mark.parametrize("seeds", [[2], [1, 2, 3]])
def test_a_killed_job_ends_with_the_same_files_and_leaves_no_checkpoint(seeds, folder, monkeypatch):
    undisturbed = content(run_job(folder, seeds, "undisturbed"))
    loss = loop.weighted_squared_error
    batches = iter(range(1000))

    def killed(*given):
        if next(batches) == 22:  # in the third epoch
            raise Killed
        return loss(*given)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(loop, "weighted_squared_error", killed)
        run_job(folder, seeds, "killed")
    assert [path.name for path in (folder / "killed").rglob("*.*")] == ["checkpoint.safetensors"]
    assert content(run_job(folder, seeds, "killed")) == undisturbed


def test_a_checkpoint_of_other_members_or_without_the_epochs_is_not_used(
    folder, monkeypatch, caplog
):
    undisturbed = content(run_job(folder, [1], "undisturbed"))
    loss = loop.weighted_squared_error
    for seeds, keep_epochs in (([1, 2], True), ([1], False)):
        batches = iter(range(1000))

        def killed(*given, batches=batches):
            if next(batches) == 12:
                raise Killed
            return loss(*given)

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(loop, "weighted_squared_error", killed)
            run_job(folder, seeds, "killed", keep_epochs)
        caplog.clear()
        assert content(run_job(folder, [1], "killed")) == undisturbed
        assert "it belongs to other settings or other code" in caplog.text
