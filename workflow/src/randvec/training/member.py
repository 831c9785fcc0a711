"""Members, from files to files."""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from randvec.data.scaler import Scaler, fit_scaler
from randvec.data.selection import choose
from randvec.data.series import Cube, load_cube
from randvec.provenance import file_digest, git_commit, versions
from randvec.training.checkpoint import remove_checkpoint, save_weights, write_atomically
from randvec.training.settings import FORMAT, write_settings
from randvec.training.static_vectors import read_table, table_paths
from randvec.training.torch_setup import choose_device
from randvec.training.train import Trained, train_members
from randvec.vectors.stored import describe

logger = logging.getLogger(__name__)


def train(
    *,
    series: str,
    vectors: Sequence[str],
    architecture: str,
    training: dict,
    period: Sequence[str],
    validation: Sequence[str] | None,
    basins: dict | None,
    seeds: Sequence[int],
    code: str,
    outputs: Sequence[dict],
) -> None:
    """Train members of an ensemble in one batch and write their weights, settings and losses.

    Members that were killed go on from the checkpoint beside the weights of the first, if that one
    belongs to the same members, settings, input and code.

    Parameters
    ----------
    series : str
        Path of series.parquet.
    vectors : sequence of str
        Paths of their tables, as `randvec.training.static_vectors.table_paths` takes them.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    training : dict
        The configuration's section of the same name.
    period : sequence of str
        First and last training day, both inclusive.
    validation : sequence of str or None
        The same of the validation period, if there is one.
    basins : dict or None
        Choice of basins, as `randvec.data.selection.choose` takes it; None for all.
    seeds : sequence of int
        Of each member's initial weights, dropout and order of the samples.
    code : str
        Digest of the code that a member depends on.
    outputs : sequence of dict
        For each member the paths of ``weights``, ``settings`` and ``losses``, and under ``epochs``
        the paths for the weights after each epoch, or none.

    Raises
    ------
    InputError
        If the data does not allow it or a loss stops being finite.
    """
    started = time.monotonic()
    commit = git_commit()
    cube, scaler = _training_data(series, basins, [period, validation], training)
    tables = table_paths(vectors, len(seeds))
    common = {
        "architecture": architecture,
        "forcings": list(cube.forcings),
        "train_period": list(period),
        "validation_period": validation and list(validation),
        "basins": basins,
        "training": training,
        "scaler": scaler.to_dict(),
        "code": code,
    }
    settings = _settings_of_members(common, series, tables, seeds)
    keep_epochs = bool(outputs[0]["epochs"])
    logger.info("training %s on %d basins, %s to %s", architecture, len(cube.basins), *period)
    members = train_members(
        cube=cube,
        scaler=scaler,
        vectors=[read_table(path) for path in tables],
        architecture=architecture,
        settings=training,
        period=period,
        seeds=seeds,
        device=settings[0]["device"],
        validation=validation,
        checkpoint=_checkpoint(outputs[0]),
        key=_key(settings, keep_epochs),
        keep_epochs=keep_epochs,
    )
    for trained, own, paths in zip(members, settings, outputs, strict=True):
        _write(trained, {**own, "git_commit": commit}, paths)
        seconds = time.monotonic() - started
        logger.info("seed %d: member finished after %.1f s", own["seed"], seconds)
    for paths in outputs:  # a member that was killed in another job has left one of its own
        remove_checkpoint(_checkpoint(paths))


def _training_data(
    series: str, basins: dict | None, periods: Sequence[Sequence[str] | None], training: dict
) -> tuple[Cube, Scaler]:
    """Series of the basins to train on, on the days of the periods, and the scaler of the first."""
    periods = [period for period in periods if period]
    cube = load_cube(series, periods=periods, warm_up=training["sequence_length"] - 1)
    cube = cube.take(choose(cube.basins, basins)[0])
    return cube, fit_scaler(cube, *periods[0])


def _settings_of_members(
    common: dict, series: str, tables: Sequence[str | None], seeds: Sequence[int]
) -> list[dict]:
    """What settings.json says of each member, without the commit: `common` and its own."""
    digests = {path: file_digest(path) for path in {series, *tables} if path}
    device = choose_device()
    return [
        {
            "format": FORMAT,
            "seed": seed,
            "vectors": Path(table).stem if table else None,
            **common,
            "static_vector": table and describe(Path(table).stem, read_table(table)),
            "device": device,
            "versions": versions(),
            "trained_together": list(seeds),
            "inputs": {Path(path).name: digests[path] for path in (series, table) if path},
        }
        for seed, table in zip(seeds, tables, strict=True)
    ]


def _checkpoint(paths: dict) -> Path:
    return Path(paths["weights"]).with_name("checkpoint.safetensors")


def _key(settings: list[dict], keep_epochs: bool) -> str:
    """Digest of all that a checkpoint depends on."""
    return hashlib.sha256(json.dumps([settings, keep_epochs], sort_keys=True).encode()).hexdigest()


def _write(trained: Trained, settings: dict, paths: dict) -> None:
    own = set(map(Path, paths["epochs"]))
    for path in Path(paths["weights"]).parent.glob("epochs/*.safetensors"):
        if path not in own:  # of an earlier training with more epochs
            path.unlink()
    for weights, path in zip(trained.epochs, paths["epochs"], strict=True):
        save_weights(weights, path)
    save_weights(trained.model.state_dict(), paths["weights"])
    table = pd.DataFrame(trained.losses).to_csv(index=False, lineterminator="\n")
    write_atomically(paths["losses"], table.encode())
    write_settings(settings, paths["settings"])
