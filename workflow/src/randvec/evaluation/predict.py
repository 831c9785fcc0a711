"""Predictions of members: from their files, or networks in memory, to tables in mm/day.

How a network runs over all windows of a period is `randvec.training.forward`.
"""

import logging
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import nn

from randvec.data.scaler import Scaler
from randvec.data.selection import choose
from randvec.data.series import Cube, load_cube
from randvec.evaluation.members import load_member
from randvec.evaluation.predictions import write_predictions
from randvec.training.forward import check_forcing, in_millimetres, simulate
from randvec.training.static_vectors import by_basin
from randvec.training.torch_setup import choose_device, fix_arithmetic
from randvec.training.windows import Windows

logger = logging.getLogger(__name__)


def predict(
    model: nn.Module,
    cube: Cube,
    scaler: Scaler,
    vectors: pd.DataFrame | None,
    period: Sequence[str],
    sequence_length: int,
    device: str,
    predicted_days: int = 1,
) -> pd.DataFrame:
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
    period : sequence of str
        First and last day, both included.
    sequence_length : int
        Days of a window.
    device : str
        As `randvec.training.torch_setup.choose_device` returns it.
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
    fix_arithmetic()
    check_forcing(cube, period, sequence_length, predicted_days)
    days = cube.days(*period)
    windows = Windows(cube, scaler, sequence_length, device)
    statics = by_basin(vectors, cube.basins, device)
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


def predict_members(
    *,
    series: str,
    weights: Sequence[str],
    settings: Sequence[str],
    period: Sequence[str],
    basins: dict | None,
    outputs: Sequence[str],
) -> None:
    """Simulate the test period with trained members of an ensemble, from files to a file each.

    Parameters
    ----------
    series : str
        Path of series.parquet.
    weights, settings : sequence of str
        Paths of each member's weights.safetensors and settings.json.
    period : sequence of str
        First and last day, both inclusive.
    basins : dict or None
        Choice of basins, as `randvec.data.selection.choose` takes it; None for all.
    outputs : sequence of str
        Paths of each member's predictions.parquet.

    Raises
    ------
    InputError
        As `predict`, and as `randvec.evaluation.members.load_member`.
    """
    found = [load_member(*paths) for paths in zip(weights, settings, strict=True)]
    longest = max(member.settings["training"]["sequence_length"] for member in found)
    cube = load_cube(series, periods=[period], warm_up=longest - 1)
    cube = cube.take(choose(cube.basins, basins)[1])
    for member, output in zip(found, outputs, strict=True):
        training = member.settings["training"]
        predictions = predict(
            member.network,
            cube,
            member.scaler,
            member.vectors,
            period,
            training["sequence_length"],
            choose_device(),
            training["predicted_days"],
        )
        write_predictions(predictions, output)
