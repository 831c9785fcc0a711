"""The same data for all: virtual catchments as text files, and what this pipeline makes of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from benchmarks.cases import ONE_HOT, Case
from randvec.data.prepare import prepare
from randvec.data.scaler import Scaler, fit_scaler
from randvec.data.series import Cube, SeriesWriter, load_cube
from randvec.data.sources import reader, with_defaults
from randvec.data.virtual.write import write_catchments
from randvec.training.torch_setup import choose_device
from randvec.training.windows import reached_days
from randvec.vectors import gaussian

RECORD = ("1986-10-01", "1996-09-30")
TRAINED = ("1990-10-01", "1996-09-30")
EVALUATED_FROM = "1988-10-01"
#: Evaluation takes whole windows, and so many days or windows of each basin, whichever is longer:
#: where windows predict one day, the days fill whole batches.
LEAST_DAYS, LEAST_WINDOWS = 512, 15
LONGEST_WINDOW = 365


@dataclass(frozen=True)
class Data:
    """What a contender is given for a case.

    Attributes
    ----------
    folder : Path
        Holds ``camels``, the text files, with ``camels_statics.txt`` among the attributes.
    cube, scaler : Cube, Scaler
        All series, and their means and standard deviations while training.
    vectors : DataFrame
        Column ``basin`` and the static vector.
    samples : Tensor of int64
        Last days of all training windows, as positions basin * days of the record + day.
    chosen : Tensor of int64
        The windows of a round, as indices of `samples`, spread over all of them.
    evaluated : Cube
        The basins to predict in a round.
    period : tuple of str
        First and last day to predict in a round.
    device : str
    """

    folder: Path
    cube: Cube
    scaler: Scaler
    vectors: pd.DataFrame
    samples: torch.Tensor
    chosen: torch.Tensor
    evaluated: Cube
    period: tuple[str, str]
    device: str


def make(folder: Path, basins: int = 24) -> None:
    """Write virtual catchments as text, read them, and draw static vectors for them."""
    camels = folder / "camels"
    write_catchments(str(camels), basins, 1, *RECORD)
    dataset = with_defaults(
        {
            "name": "benchmark",
            "source": "camels_us",
            "folder": str(camels),
            "forcing": "maurer_extended",
            "basins": str(camels / "basins.txt"),
        }
    )
    with SeriesWriter(folder / "series.parquet") as series:
        prepared = prepare(
            reader(dataset),
            series.add,
            descriptors=dataset["descriptors"],
            periods={"train": TRAINED, "test": (EVALUATED_FROM, RECORD[1])},
            sequence_length=LONGEST_WINDOW,
            incomplete="stop",
            workers=1,
        )
    vectors = gaussian.make(prepared.descriptors, ONE_HOT, seed=1)
    vectors.to_parquet(folder / "vectors.parquet", index=False)
    table = vectors.rename(columns={"basin": "gauge_id"})
    table.to_csv(camels / "camels_attributes_v2.0/camels_statics.txt", sep=";", index=False)


def load(folder: Path, case: Case) -> Data:
    """Read what `make` wrote."""
    cube = load_cube(folder / "series.parquet")
    samples = training_windows(cube, case)
    count = case.updates * case.batch
    return Data(
        folder=folder,
        cube=cube,
        scaler=fit_scaler(cube, *TRAINED),
        vectors=pd.read_parquet(folder / "vectors.parquet").iloc[:, : 1 + case.static_size],
        samples=samples,
        chosen=torch.from_numpy(np.linspace(0, len(samples) - 1, count).astype(np.int64)),
        evaluated=cube.take(cube.basins[: case.basins]),
        period=_evaluated(case.predicted_days),
        device=choose_device(),
    )


def training_windows(cube: Cube, case: Case) -> torch.Tensor:
    """Last days of all windows whose predicted days lie in the training period.

    At least one of those days has discharge. There is a window a day, as in neuralhydrology, which
    does not tile the period with them.
    """
    n = case.predicted_days
    ends = reached_days(cube, (_after(TRAINED[0], n - 1), TRAINED[1]), case.days)
    known = np.isfinite(cube.discharge)
    ends[:, n - 1 :] &= np.lib.stride_tricks.sliding_window_view(known, n, axis=1).any(axis=2)
    return torch.from_numpy(np.flatnonzero(ends))


def _evaluated(predicted_days):
    windows = max(LEAST_WINDOWS, -(-LEAST_DAYS // predicted_days))
    return EVALUATED_FROM, _after(EVALUATED_FROM, windows * predicted_days - 1)


def _after(day, days):
    return str(date.fromisoformat(day) + timedelta(days))


def settings(case: Case) -> dict:
    """The `training` section of a configuration: the paper's, in the size of the case."""
    return {
        "hidden": case.hidden,
        "sequence_length": case.days,
        "predicted_days": case.predicted_days,
        "batch_size": case.batch,
        "epochs": 1,
        "learning_rate": [{"epoch": 1, "rate": 1e-3}],
        "dropout": 0.4,
        "gradient_clip": 1.0,
        "forget_bias": 5.0,
        "loss": "nse",
        "fm_forget_bias_gate": "forget",
        "precision": "float32",
    }
