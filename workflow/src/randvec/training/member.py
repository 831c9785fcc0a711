"""One member, from files to files."""

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
from randvec.training.loop import choose_device, train_member

logger = logging.getLogger(__name__)


def train(*, series, vectors, architecture, training, period, basins, seed, code, outputs):
    """Train a member and write its weights, settings and losses.

    A member that was killed goes on from the checkpoint beside its weights, if that one belongs to
    the same settings, input and code.

    Parameters
    ----------
    series : str
        Path of series.parquet.
    vectors : str or None
        Path of the static vector table; None or empty for a model without static vectors.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    training : dict
        The configuration's section of the same name.
    period : list of str
        First and last training day, both inclusive.
    basins : dict or None
        Choice of basins, as `randvec.data.selection.choose` takes it; None for all.
    seed : int
        Of the initial weights, the dropout and the order of the samples.
    code : str
        Digest of the code that the member depends on.
    outputs : dict of str to str
        Paths of ``weights``, ``settings`` and ``losses``.

    Raises
    ------
    InputError
        If the data does not allow it or the loss stops being finite.
    """
    started = time.monotonic()
    cube = load_cube(series)
    cube = cube.take(choose(cube.basins, basins)[0])
    scaler = fit_scaler(cube, *period)
    device = choose_device()
    settings = {
        "architecture": architecture,
        "vectors": Path(vectors).stem if vectors else None,
        "seed": seed,
        "train_period": list(period),
        "basins": basins,
        "training": training,
        "scaler": scaler.to_dict(),
        "inputs": {Path(path).name: file_digest(path) for path in (series, vectors) if path},
        "code": code,
        "device": device,
        "versions": versions(),
    }
    logger.info("training %s on %d basins, %s to %s", architecture, len(cube.basins), *period)
    checkpoint = Path(outputs["weights"]).with_name("checkpoint.safetensors")
    trained = train_member(
        cube=cube,
        scaler=scaler,
        vectors=pd.read_parquet(vectors) if vectors else None,
        architecture=architecture,
        settings=with_schedule(training),
        period=period,
        seed=seed,
        device=device,
        checkpoint=checkpoint,
        key=hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest(),
    )
    save_weights(trained.model, outputs["weights"])
    table = pd.DataFrame(trained.losses).to_csv(index=False, lineterminator="\n")
    write_atomically(outputs["losses"], table.encode())
    text = json.dumps({**settings, "git_commit": git_commit()}, indent=1)
    write_atomically(outputs["settings"], (text + "\n").encode())
    remove_checkpoint(checkpoint)
    logger.info("member finished in %.1f s", time.monotonic() - started)


def with_schedule(training):
    """The training settings with the learning rates as {first epoch: rate}."""
    steps = {step["epoch"]: step["rate"] for step in training["learning_rate"]}
    return {**training, "learning_rate": steps}
