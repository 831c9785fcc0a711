"""Discharge that a member simulates, for every basin and day of a period."""

import json
import logging
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from randvec.data.scaler import Scaler
from randvec.data.selection import choose
from randvec.data.series import load_cube
from randvec.evaluation.predictions import write_predictions
from randvec.models.build import from_settings
from randvec.training.checkpoint import load_weights
from randvec.training.loop import choose_device, static_table, tables_of
from randvec.training.simulation import check_forcing, in_millimetres, simulate
from randvec.training.windows import Windows

logger = logging.getLogger(__name__)


def rebuild(architecture, static_size, settings, weights):
    """A trained network from its settings and its weights file.

    Parameters
    ----------
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    static_size : int
        Length of a basin's static vector; 0 for none.
    settings : dict
        The `training` section that it was trained with.
    weights : Path
        Its weights.safetensors.
    """
    model = from_settings(architecture, static_size, settings)
    model.load_state_dict(load_weights(weights))
    return model


def predict(model, cube, scaler, vectors, period, sequence_length, device, predicted_days=1):
    """Simulate every day of a period in every basin.

    Parameters
    ----------
    model : torch.nn.Module
        As `randvec.models.build.build` makes it.
    cube : randvec.data.series.Cube
        Forcing and discharge [mm/day].
    scaler : randvec.data.scaler.Scaler
        The one that the member was trained with.
    vectors : DataFrame or None
        Column `basin` and the static vector as the network sees it.
    period : tuple of str
        First and last day, both included.
    sequence_length : int
        Days of a window.
    device : str
        As `randvec.training.loop.choose_device` returns it.
    predicted_days : int
        Days at the end of each window that are simulated with it.

    Returns
    -------
    DataFrame
        basin, date, observed and simulated [mm/day, float32], sorted by basin and date. Missing
        observations are NaN; simulations below zero become zero.

    Raises
    ------
    InputError
        If the first window reaches before the record, or forcing is missing in a window.
    """
    torch.set_flush_denormal(True)
    check_forcing(cube, period, sequence_length, predicted_days)
    days = cube.days(*period)
    windows = Windows(cube, scaler, sequence_length, device)
    statics = static_table(vectors, cube.basins, device)
    started = time.monotonic()
    simulated = simulate(model.to(device), windows, statics, days, predicted_days)
    logger.info(
        "simulated %d basins x %d days in %.1f s", *simulated.shape, time.monotonic() - started
    )
    simulated = in_millimetres(simulated, scaler)
    order = np.argsort(cube.basins, kind="stable")
    return pd.DataFrame(
        {
            "basin": np.repeat(np.asarray(cube.basins, object)[order], simulated.shape[1]),
            "date": np.tile(cube.dates[days], len(order)),
            "observed": cube.discharge[order, days].astype(np.float32).ravel(),
            "simulated": simulated[order].ravel(),
        }
    )


def predict_members(*, series, vectors, weights, settings, period, basins, outputs):
    """Simulate the test period with trained members of a cell, from files to a file each.

    Parameters
    ----------
    series : str
        Path of series.parquet.
    vectors : list of str
        Paths of the static vector tables, as `randvec.training.loop.tables_of` takes them.
    weights, settings : list of str
        Paths of each member's weights.safetensors and settings.json.
    period : list of str
        First and last day, both inclusive.
    basins : dict or None
        Choice of basins, as `randvec.data.selection.choose` takes it; None for all.
    outputs : list of str
        Paths of each member's predictions.parquet.

    Raises
    ------
    InputError
        As `predict`.
    """
    cube = load_cube(series)
    cube = cube.take(choose(cube.basins, basins)[1])
    tables = tables_of(vectors, len(outputs))
    for table, trained, about, output in zip(tables, weights, settings, outputs, strict=True):
        member = json.loads(Path(about).read_text(encoding="utf-8"))
        training = member["training"]
        table = pd.read_parquet(table) if table else None
        static_size = 0 if table is None else table.shape[1] - 1
        predictions = predict(
            rebuild(member["architecture"], static_size, training, trained),
            cube,
            Scaler.from_dict(member["scaler"]),
            table,
            period,
            training["sequence_length"],
            choose_device(),
            training.get("predicted_days", 1),  # members made before there was a choice
        )
        write_predictions(predictions, output)
