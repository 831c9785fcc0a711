"""Windows of forcing, cut by index from one tensor and never stored."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from randvec.data.scaler import Scaler
from randvec.data.series import Cube
from randvec.errors import InputError


class Windows:
    """The normalised series of all basins on one device.

    Parameters
    ----------
    cube : randvec.data.series.Cube
        Forcing and discharge [mm/day] of the basins.
    scaler : randvec.data.scaler.Scaler
        Means and standard deviations of the training period.
    sequence_length : int
        Days per window; its last days are those that are predicted.
    device : str
        Where the tensors live.
    """

    def __init__(self, cube: Cube, scaler: Scaler, sequence_length: int, device: str) -> None:
        self.cube = cube
        self.sequence_length = sequence_length
        moments = np.asarray(scaler.forcing_mean), np.asarray(scaler.forcing_std)
        self.forcing = _normalise(cube.forcing, *moments).flatten(0, 1).to(device)
        moments = scaler.discharge_mean, scaler.discharge_std
        self.discharge = _normalise(cube.discharge, *moments).flatten().to(device)

    def forcing_before(self, positions: Tensor) -> Tensor:
        """Normalised forcing [days, (member,) batch, forcings] of windows ending at `positions`.

        A position [(member,) batch] is basin * days of the record + day.
        """
        length, (rows, forcings) = self.sequence_length, self.forcing.shape
        # All windows as rows of a matrix: they share their memory, so it takes none.
        windows = self.forcing.as_strided((rows - length + 1, length * forcings), (forcings, 1))
        chosen = windows.index_select(0, positions.flatten() - (length - 1))
        return chosen.view(*positions.shape, length, forcings).movedim(-2, 0)

    def observed(self, positions: Tensor, shown: Tensor | int, days: int) -> Tensor:
        """Normalised discharge of the last days of windows, [days, (member,) batch].

        It is NaN where it is missing, and before the last `shown` [(member,) batch] days.
        """
        ago = torch.arange(days - 1, -1, -1, device=positions.device)
        ago = ago.view(days, *[1] * positions.dim())
        return self.discharge[positions - ago].where(ago < shown, torch.nan)

    def basin_of(self, positions: Tensor) -> Tensor:
        """Index of the basin of each position."""
        return positions // len(self.cube.dates)

    def describe(self, positions: Tensor) -> str:
        """Basins and last days of windows, for messages."""
        basins, days = np.divmod(positions.cpu().numpy(), len(self.cube.dates))
        return ", ".join(
            f"{self.cube.basins[basin]} {self.cube.dates[day]}"
            for basin, day in zip(basins, days, strict=True)
        )


def _normalise(values: np.ndarray, mean: np.ndarray | float, std: np.ndarray | float) -> Tensor:
    found = np.empty(values.shape, np.float32)  # in C's order, which windows are cut by
    # Basin by basin, as all of them in float64 would take four times as much again.
    for row, of_basin in zip(found, values, strict=True):
        row[:] = (of_basin - mean) / std
    return torch.from_numpy(found)


def reached_days(cube: Cube, period: Sequence[str], sequence_length: int) -> np.ndarray:
    """Days of a period that are the last of a window in which all forcings are complete.

    Parameters
    ----------
    cube : randvec.data.series.Cube
    period : sequence of str
        First and last day, both included. A window's first days may lie before it (warm-up).
    sequence_length : int
        Days per window.

    Returns
    -------
    ndarray of bool [basin, day of the record]

    Raises
    ------
    InputError
        If the period is outside the record.
    """
    days = cube.days(*period)
    reached = np.zeros(cube.discharge.shape, bool)
    for row, forcing in zip(reached, cube.forcing, strict=True):
        counts = np.pad(np.cumsum(np.isfinite(forcing).all(axis=1)), (1, 0))
        row[sequence_length - 1 :] = (
            counts[sequence_length:] - counts[:-sequence_length] == sequence_length
        )
    reached[:, : days.start] = reached[:, days.stop :] = False
    return reached


def training_positions(cube: Cube, period: Sequence[str], sequence_length: int) -> Tensor:
    """Days to train on, as positions basin * days of the record + day, int64, sorted.

    They are those of `reached_days` that have discharge.

    Parameters
    ----------
    cube : randvec.data.series.Cube
    period, sequence_length
        As in `reached_days`.

    Raises
    ------
    InputError
        If the period is outside the record, or a basin has no such day.
    """
    usable = reached_days(cube, period, sequence_length) & np.isfinite(cube.discharge)
    for basin, any_day in zip(cube.basins, usable.any(axis=1), strict=True):
        if not any_day:
            raise InputError(
                f"basin {basin}: no day from {period[0]} to {period[1]} has discharge and "
                f"{sequence_length} days of complete forcing up to it, so there is nothing to "
                "train on; take the basin off the list or choose another training period"
            )
    return torch.from_numpy(np.flatnonzero(usable))
