"""How much memory a member takes at the size of the full experiment."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_series import write_series

from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.vectors.gaussian import make as gaussian

BASINS = 531
DAYS = pd.date_range("1980-01-01", "2008-12-31")
REPOSITORY = Path(__file__).parents[2]

# The largest network, CT-LSTM, by the functions that the workflow calls. Three updates reach the
# peak of an epoch. A prediction has the series of all basins, here with short windows, and the
# batches of one basin.
MEMBER = """
import sys
from pathlib import Path

import pandas as pd
from benchmarks.worker import peak_memory
from randvec.data.scaler import fit_scaler
from randvec.data.series import load_cube
from randvec.evaluation.predict import predict
from randvec.models.build import from_settings
from randvec.series_check import check_series
from randvec.training.adam import Adam
from randvec.training.train import train_members

folder, work = Path(sys.argv[1]), sys.argv[2]
settings = {
    "hidden": 256,
    "sequence_length": 270,
    "batch_size": 256,
    "epochs": 1,
    "predicted_days": 1,
    "learning_rate": [{"epoch": 1, "rate": 1e-3}],
    "dropout": 0.4,
    "gradient_clip": 1.0,
    "forget_bias": 5.0,
    "loss": "nse",
    "fm_forget_bias_gate": "forget",
    "precision": "float32",
}
period = ("1999-10-01", "2008-09-30")


class Enough(Exception):
    pass


def step_and_stop(self, rate):
    step(self, rate)
    if self.steps == 3:
        raise Enough


step, Adam.step = Adam.step, step_and_stop
if work == "train":
    parts = {"data_length": [(scenario, "CP") for scenario in ("full", "years-1", "years-2")]}
    check_series(parts, {"train": list(period)}, folder / "series.parquet")
cube = load_cube(folder / "series.parquet")
scaler = fit_scaler(cube, *period)
vectors = pd.read_parquet(folder / "vectors.parquet")
given = {"scaler": scaler, "device": "cpu"}
if work == "train":
    given |= {"architecture": "ct_lstm", "settings": settings, "seeds": [1]}
    try:
        train_members(cube=cube, vectors=[vectors], period=period, **given)
    except Enough:
        print(peak_memory())
else:
    given |= {"model": from_settings("ct_lstm", 27, settings), "vectors": vectors}
    predict(cube=cube, period=("1989-10-01", "1989-10-01"), sequence_length=2, **given)
    one = cube.take(cube.basins[:1])
    predict(cube=one, period=("1989-10-01", "1991-02-24"), sequence_length=270, **given)
    print(peak_memory())
"""


@pytest.fixture(scope="module")
def full_experiment(tmp_path_factory):
    """A folder with series as many and as long as those of the 531 basins, and their vectors."""
    folder = tmp_path_factory.mktemp("full")
    random = np.random.default_rng(0)
    basins = [f"{number:08d}" for number in range(BASINS)]
    rows = BASINS * len(DAYS)
    frame = pd.DataFrame({"basin": np.repeat(basins, len(DAYS)), "date": np.tile(DAYS, BASINS)})
    for name in FORCING:  # two decimals, as in the text files
        frame[name] = random.integers(0, 4000, rows).astype(np.float32) / 100
    frame["discharge"] = random.random(rows, np.float32)
    write_series(frame, folder / "series.parquet")
    vectors = gaussian(pd.DataFrame({"basin": basins}), 27, seed=1)
    vectors.to_parquet(folder / "vectors.parquet")
    return folder


@pytest.mark.parametrize("work", ["train", "predict"])
def test_a_member_of_the_full_experiment_needs_less_than_1500_megabytes(work, full_experiment):
    path = os.pathsep.join([str(REPOSITORY / "workflow/src"), str(REPOSITORY)])
    done = subprocess.run(
        [sys.executable, "-c", MEMBER, str(full_experiment), work],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert 0.5e9 < int(done.stdout) < 1.5e9
