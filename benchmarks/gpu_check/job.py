"""`python -m benchmarks.gpu_check.job`: train members of a finished run once more."""

import argparse
import json
import logging
import os
import signal
from pathlib import Path

import torch

from randvec.training import train
from randvec.training.member import train as train_members


def main(results: Path, models: list[str], folder: Path, kill: bool) -> None:
    """Train the members of models of a run again, with its own data and settings.

    Parameters
    ----------
    results : Path
        The folder of the run.
    models : list of str
    folder : Path
        Where their files go.
    kill : bool
        Whether this process is killed, without a warning, once it has written a checkpoint.
    """
    torch.set_num_threads(1)  # as a job of the workflow
    if kill:
        save = train.save_checkpoint
        train.save_checkpoint = lambda *given: (save(*given), os.kill(os.getpid(), signal.SIGKILL))
    for model in models:
        members = sorted((results / "members/full" / model).glob("seed*"))
        about = json.loads((members[0] / "settings.json").read_text(encoding="utf-8"))
        train_members(
            series=results / "series.parquet",
            vectors=[results / f"vectors/{about['vectors']}.parquet"],
            architecture=about["architecture"],
            training=about["training"],
            period=about["train_period"],
            validation=about["validation_period"],
            basins=about["basins"],
            seeds=about["trained_together"],
            code=about["code"],
            outputs=[_files(folder / model / member.name) for member in members],
        )


def _files(folder: Path) -> dict:
    return {
        "weights": folder / "weights.safetensors",
        "settings": folder / "settings.json",
        "losses": folder / "loss.csv",
        "epochs": [],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu_check.job", description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--kill", action="store_true")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    main(asked.results, asked.models, asked.folder, asked.kill)
