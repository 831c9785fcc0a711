"""`python -m benchmarks.interface`: simulating from Python against the workflow's job."""

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch

import randvec
from randvec.data.scaler import fit_scaler
from randvec.data.series import SeriesWriter, load_cube
from randvec.evaluation.predict import predict_members
from randvec.models.build import from_settings
from randvec.training.checkpoint import save_weights
from randvec.training.settings import FORMAT, write_settings
from randvec.vectors.build import build
from randvec.vectors.stored import describe

FIRST, LAST = "1988-10-01", "2008-09-30"
PERIOD = ["1989-10-01", "1999-09-30"]
VECTOR = "gaussian-27-s1"
TRAINING = {
    "hidden": 128, "dropout": 0.0, "forget_bias": 3.0, "sequence_length": 365,
    "predicted_days": 180,
}  # fmt: skip
ROUNDS = 5


def main(basins: int = 531) -> pd.DataFrame:
    """Simulate ten years of so many basins with one member, in turn both ways, on one thread.

    Returns
    -------
    DataFrame
        A row a round: seconds of the job and of the interface, and their ratio.
    """
    torch.set_num_threads(1)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_member(folder, [f"{number:05d}" for number in range(basins)])
        for _ in range(ROUNDS):
            job, interface = _seconds(_job, folder), _seconds(_interface, folder)
            rows.append({"job": job, "interface": interface, "ratio": interface / job})
    return pd.DataFrame(rows)


def make_member(folder: Path, basins: list[str]) -> None:
    """Write made-up series and an EA-LSTM as it is before its training, in a member's files."""
    random = np.random.default_rng(1)
    dates = pd.date_range(FIRST, LAST, unit="s")
    with SeriesWriter(folder / "series.parquet") as series:
        for basin in basins:
            numbers = random.gamma(1.0, 3.0, (len(dates), 6)).round(2).astype(np.float32)
            columns = ["prcp", "srad", "tmax", "tmin", "vp", "discharge"]
            series.add(basin, pd.DataFrame(numbers, columns=columns).assign(date=dates))
    scaler = fit_scaler(load_cube(folder / "series.parquet"), "1999-10-01", LAST)
    vectors = build(VECTOR, pd.DataFrame({"basin": basins}), {})
    save_weights(
        from_settings("ea_lstm", 27, TRAINING).state_dict(), folder / "weights.safetensors"
    )
    settings = {
        "format": FORMAT,
        "architecture": "ea_lstm",
        "vectors": VECTOR,
        "forcings": ["prcp", "srad", "tmax", "tmin", "vp"],
        "training": TRAINING,
        "scaler": scaler.to_dict(),
        "static_vector": describe(VECTOR, vectors),
    }
    write_settings(settings, folder / "settings.json")


def _job(folder: Path) -> None:
    predict_members(
        series=folder / "series.parquet",
        weights=[folder / "weights.safetensors"],
        settings=[folder / "settings.json"],
        period=PERIOD,
        basins=None,
        outputs=[folder / "predictions.parquet"],
    )


def _interface(folder: Path) -> None:
    randvec.load(folder).simulate(folder / "series.parquet", period=PERIOD)


def _seconds(way, folder: Path) -> float:
    started = time.monotonic()
    way(folder)
    return time.monotonic() - started


if __name__ == "__main__":
    print(main().round(2).to_string(index=False))
