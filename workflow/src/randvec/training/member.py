"""Members, from files to files."""

import hashlib
import json
import logging
import time
from pathlib import Path

import pandas as pd

from randvec.data.scaler import fit_scaler
from randvec.data.selection import choose
from randvec.data.series import load_cube
from randvec.provenance import file_digest, git_commit, versions
from randvec.training.checkpoint import remove_checkpoint, save_weights, write_atomically
from randvec.training.loop import choose_device, tables_of, train_members

logger = logging.getLogger(__name__)


def train(
    *,
    series,
    vectors,
    architecture,
    training,
    period,
    validation,
    basins,
    seeds,
    code,
    outputs,
):
    """Train members of a cell together and write their weights, settings and losses.

    Members that were killed go on from the checkpoint beside the weights of the first, if that one
    belongs to the same members, settings, input and code.

    Parameters
    ----------
    series : str
        Path of series.parquet.
    vectors : list of str
        Paths of the static vector tables, as `randvec.training.loop.tables_of` takes them.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    training : dict
        The configuration's section of the same name.
    period : list of str
        First and last training day, both inclusive.
    validation : list of str or None
        The same of the validation period, if there is one.
    basins : dict or None
        Choice of basins, as `randvec.data.selection.choose` takes it; None for all.
    seeds : list of int
        Of each member's initial weights, dropout and order of the samples.
    code : str
        Digest of the code that a member depends on.
    outputs : list of dict
        For each member the paths of ``weights``, ``settings`` and ``losses``, and under ``epochs``
        the paths for the weights after each epoch, or none.

    Raises
    ------
    InputError
        If the data does not allow it or a loss stops being finite.
    """
    started = time.monotonic()
    commit = git_commit()
    cube = load_cube(series)
    cube = cube.take(choose(cube.basins, basins)[0])
    scaler = fit_scaler(cube, *period)
    device = choose_device()
    vectors = tables_of(vectors, len(seeds))
    common = {
        "architecture": architecture,
        "train_period": list(period),
        "validation_period": validation and list(validation),
        "basins": basins,
        "training": training,
        "scaler": scaler.to_dict(),
        "code": code,
        "device": device,
        "versions": versions(),
        "trained_together": list(seeds),
    }
    digests = {path: file_digest(path) for path in {series, *vectors} if path}
    settings = [
        {
            "seed": seed,
            "vectors": Path(table).stem if table else None,
            **common,
            "inputs": {Path(path).name: digests[path] for path in (series, table) if path},
        }
        for seed, table in zip(seeds, vectors, strict=True)
    ]
    keep_epochs = bool(outputs[0]["epochs"])
    key = json.dumps([settings, keep_epochs], sort_keys=True)
    checkpoints = [Path(each["weights"]).with_name("checkpoint.safetensors") for each in outputs]
    logger.info("training %s on %d basins, %s to %s", architecture, len(cube.basins), *period)
    members = train_members(
        cube=cube,
        scaler=scaler,
        vectors=[pd.read_parquet(table) if table else None for table in vectors],
        architecture=architecture,
        settings=training,
        period=period,
        seeds=seeds,
        device=device,
        validation=validation,
        checkpoint=checkpoints[0],
        key=hashlib.sha256(key.encode()).hexdigest(),
        keep_epochs=keep_epochs,
    )
    for trained, own, paths in zip(members, settings, outputs, strict=True):
        _write(trained, {**own, "git_commit": commit}, paths)
        logger.info(
            "seed %d: member finished after %.1f s", own["seed"], time.monotonic() - started
        )
    for checkpoint in checkpoints:
        remove_checkpoint(checkpoint)


def _write(trained, settings, paths):
    for weights, path in zip(trained.epochs, paths["epochs"], strict=True):
        save_weights(weights, path)
    save_weights(trained.model.state_dict(), paths["weights"])
    table = pd.DataFrame(trained.losses).to_csv(index=False, lineterminator="\n")
    write_atomically(paths["losses"], table.encode())
    text = json.dumps(settings, indent=1)
    write_atomically(paths["settings"], (text + "\n").encode())
