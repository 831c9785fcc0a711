"""A network run forward over every day of a period: normalised discharge, and back to mm/day.

While members train, the validation period is simulated in this way, and later the test period:
`randvec.evaluation.predict` puts what it gives into predictions.parquet.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from randvec.data.scaler import Scaler
from randvec.data.series import Cube
from randvec.errors import InputError
from randvec.training.torch_setup import tf32
from randvec.training.windows import Windows

BATCH = 512  # windows at a time; part of the bytes of a prediction


def simulate(
    model: nn.Module, windows: Windows, statics: Tensor | None, days: slice, predicted_days: int
) -> np.ndarray:
    """Simulate every day of a period in every basin, in float32 whatever the training had.

    Windows step by the days that are predicted, so that each day comes from one window; the last
    window ends with the period.

    Parameters
    ----------
    model : torch.nn.Module
        As `randvec.models.build.build` makes it, on the device of the windows.
    windows : randvec.training.windows.Windows
    statics : Tensor [basin, d] or None
        Static vectors as the network sees them.
    days : slice
        The period, as days of the record. `check_forcing` says whether it can be simulated.
    predicted_days : int
        Days at the end of each window that are taken from it.

    Returns
    -------
    ndarray of float32 [basin, day]
        Normalised discharge.
    """
    starts = torch.arange(days.start, days.stop, predicted_days)
    ends = (starts + predicted_days - 1).clamp(max=days.stop - 1)
    rest = days.stop - days.start - predicted_days * (len(ends) - 1)
    first_days = torch.arange(len(windows.cube.basins)) * len(windows.cube.dates)
    # Several basins share a batch where the windows of one are too few to fill it. With sequence to
    # one they never do: how windows are batched is part of the bytes of a prediction.
    basins = max(1, min(predicted_days, BATCH // len(ends)))
    model.eval()
    simulated = []
    with torch.inference_mode(), tf32(False):
        for first in range(0, len(first_days), basins):
            positions = first_days[first : first + basins, None] + ends
            own = None if statics is None else statics[first : first + basins]
            found = _simulate_windows(model, windows, own, positions, predicted_days)
            # The last window may predict days that the one before it has as well.
            simulated.append(torch.cat([found[:, :-1].flatten(1), found[:, -1, -rest:]], dim=1))
    return torch.cat(simulated).numpy()


def _simulate_windows(
    model: nn.Module,
    windows: Windows,
    statics: Tensor | None,
    positions: Tensor,
    predicted_days: int,
) -> Tensor:
    """Last days of windows that end at positions [basin, window]: [basin, window, day], on the CPU.

    Parameters
    ----------
    statics : Tensor [basin, d] or None
    """
    basins = torch.arange(len(positions))[:, None].expand_as(positions).flatten()
    parts = []
    device = windows.forcing.device
    for part, basin in zip(positions.flatten().split(BATCH), basins.split(BATCH), strict=True):
        forcing = windows.forcing_before(part.to(device))
        basin = basin.to(device) if len(positions) > 1 else None
        parts.append(model(forcing, statics, basin, days=predicted_days))
    return torch.cat(parts, dim=1).cpu().T.unflatten(0, (len(positions), -1))


def in_millimetres(simulated: np.ndarray, scaler: Scaler) -> np.ndarray:
    """Discharge [mm/day] from normalised discharge; below zero it becomes zero."""
    simulated = simulated * np.float32(scaler.discharge_std) + np.float32(scaler.discharge_mean)
    return simulated.clip(min=0)


def check_forcing(
    cube: Cube, period: Sequence[str], sequence_length: int, predicted_days: int
) -> None:
    """Refuse a period that lacks forcing somewhere in the windows that simulate it.

    Parameters
    ----------
    cube : randvec.data.series.Cube
    period : sequence of str
        First and last day, both included.
    sequence_length, predicted_days : int

    Raises
    ------
    InputError
        If the first window reaches before the record, or forcing is missing in a window.
    """
    days = cube.days(*period)
    first = min(days.start + predicted_days, days.stop) - sequence_length
    if first < 0:
        raise InputError(
            f"the period {period[0]} to {period[1]} needs forcing from {-first} days before the "
            f"record starts ({cube.dates[0]}): sequence_length is {sequence_length} days; start "
            "the period later, or train networks that look back less far"
        )
    missing = ~np.isfinite(cube.forcing[:, first : days.stop]).all(axis=2)
    if missing.any():
        basin, day = np.argwhere(missing)[0]
        raise InputError(
            f"basin {cube.basins[basin]}: forcing is missing on {cube.dates[first + day]}, which "
            f"the predictions from {period[0]} to {period[1]} need; drop the basin or choose "
            "another period"
        )
