"""Small made-up catchments for the tests of training and prediction."""

import numpy as np
import pandas as pd

from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.data.scaler import fit_scaler
from randvec.data.series import Cube
from randvec.training.train import train_members

BASINS = ("01013500", "02046000", "03015500")
TRAIN = ("2001-02-01", "2001-07-31")
TEST = ("2001-08-01", "2001-10-31")
SETTINGS = {
    "hidden": 8,
    "sequence_length": 20,
    "predicted_days": 1,
    "batch_size": 64,
    "epochs": 3,
    "learning_rate": [{"epoch": 1, "rate": 5e-3}, {"epoch": 3, "rate": 1e-3}],
    "dropout": 0.2,
    "gradient_clip": 1.0,
    "forget_bias": 5.0,
    "loss": "nse",
    "fm_forget_bias_gate": "forget",
    "precision": "float32",
}


def make_cube(days=320, seed=0):
    """A cube from 2001-01-01 whose discharge is a store fed by the first forcing."""
    random = np.random.default_rng(seed)
    forcing = random.normal([3, 200, 15, 5, 900], [4, 80, 8, 8, 300], (len(BASINS), days, 5))
    forcing[:, :, 0] = forcing[:, :, 0].clip(min=0)
    discharge = np.zeros((len(BASINS), days))
    for day in range(1, days):
        runoff = forcing[:, day, 0] * np.array([0.05, 0.15, 0.3])
        discharge[:, day] = 0.8 * discharge[:, day - 1] + runoff
    dates = np.datetime64("2001-01-01", "D") + np.arange(days)
    return Cube(BASINS, dates, FORCING, forcing.astype(np.float32), discharge.astype(np.float32))


def make_vectors(size=4, seed=0):
    """A static vector table for the basins."""
    values = np.random.default_rng(seed).normal(size=(len(BASINS), size))
    table = pd.DataFrame(values, columns=[f"x{index}" for index in range(size)])
    table.insert(0, "basin", BASINS)
    return table


def arguments(**changes):
    """Arguments of `train_member`; keys of its settings may be changed by name."""
    settings = {key: changes.pop(key) for key in list(changes) if key in SETTINGS}
    cube = changes.pop("cube", None) or make_cube()
    return {
        "cube": cube,
        "scaler": fit_scaler(cube, *TRAIN),
        "vectors": make_vectors(),
        "architecture": "ea_lstm",
        "settings": SETTINGS | settings,
        "period": TRAIN,
        "seed": 1,
        "device": "cpu",
    } | changes


def train_member(*, vectors, seed, **others):
    """Train one member: `train_members` with one static vector table and one seed."""
    return train_members(vectors=[vectors], seeds=[seed], **others)[0]
