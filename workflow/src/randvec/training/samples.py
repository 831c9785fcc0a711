"""Which windows members are shown in an epoch, and in which order.

A sample is a window with the days at its end that are its targets. Each training day is shown once
an epoch, however many days a window predicts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from randvec.data.series import Cube
from randvec.training.windows import reached_days, training_positions


@dataclass(frozen=True)
class Batch:
    """The samples of an update, for each member its own.

    Attributes
    ----------
    positions : Tensor of int64 [member, batch]
        Last days of the windows, as `training_positions` has them.
    shown : Tensor of int64 [member, batch]
        Days at the end of each window that are its targets. Behind the samples of a member that has
        fewer than another one follow windows that show none.
    samples, days : list of int
        Number of each member's samples, and of the targets in them that have discharge.
    """

    positions: Tensor
    shown: Tensor
    samples: list[int]
    days: list[int]


class Samples:
    """The training days of all basins, cut anew into samples for each epoch and member.

    A run of days whose windows are all complete is tiled with windows that predict so many days
    each. Where the first tile starts is drawn for each run; the tiles at the ends of a run are cut.
    With one predicted day nothing is drawn, and each day with discharge is a sample.

    Parameters
    ----------
    reached : ndarray of bool [basin, day]
        Days that may be targets, as `randvec.training.windows.reached_days` gives them.
    positions : Tensor of int64
        Those with discharge, as `randvec.training.windows.training_positions` gives them.
    predicted_days : int
        Largest number of targets of a window.
    batch_size : int
        Windows of an update. An update has that many times `predicted_days` targets with discharge
        on average, and so more windows where discharge is missing.

    Attributes
    ----------
    days : int
        Number of targets with discharge, which is what every member is shown in every epoch.
    updates : int
        Number of batches in an epoch. It does not depend on what is drawn.
    """

    def __init__(
        self, reached: np.ndarray, positions: Tensor, predicted_days: int, batch_size: int
    ) -> None:
        self.predicted_days = predicted_days
        self.batch_days = batch_size * predicted_days
        self.days = len(positions)
        self.updates = -(-self.days // self.batch_days)
        no = np.int8(0)  # 0 would make it eight bytes a day
        edges = np.diff(reached.astype(np.int8), axis=1, prepend=no, append=no)
        basins, first = np.nonzero(edges == 1)
        self._first = basins * reached.shape[1] + first
        self._end = basins * reached.shape[1] + np.nonzero(edges == -1)[1]
        valid = np.zeros(reached.size + 1, np.int32)
        valid[positions.numpy() + 1] = 1
        self._valid_before = valid.cumsum(dtype=np.int32)

    def batches(
        self, generators: Sequence[torch.Generator], device: str | torch.device = "cpu"
    ) -> Iterator[Batch]:
        """Draw an epoch for each generator, and give its batches.

        Parameters
        ----------
        generators : sequence of torch.Generator
            Of each member, on the CPU, so that the order is the same on every device.
        device : str or torch.device
            Where the batches are to lie. An epoch goes there once, and no batch waits for it.

        Yields
        ------
        Batch
        """
        drawn = [self._draw(generator) for generator in generators]
        ends = [self._ends(samples.shape[1]) for samples in drawn]
        days = [_sums(samples[2].numpy(), own) for samples, own in zip(drawn, ends, strict=True)]
        drawn = [samples[:2].to(device) for samples in drawn]
        for number in range(self.updates):
            counts = [own[number + 1] - own[number] for own in ends]
            parts = [
                _fill_up(samples[:, own[number] : own[number + 1]], max(counts))
                for samples, own in zip(drawn, ends, strict=True)
            ]
            yield Batch(*torch.stack(parts, dim=1), counts, [own[number] for own in days])

    def _draw(self, generator: torch.Generator) -> Tensor:
        """Samples in the order of an epoch, int64 [3, samples].

        The rows are the last day, the targets, and how many of those have discharge.
        """
        n, runs = self.predicted_days, len(self._first)
        drawn = torch.randint(n, (runs,), generator=generator).numpy() if n > 1 else 0
        start = self._first - drawn
        tiles = -(-(self._end - start) // n)
        run = np.repeat(np.arange(runs), tiles)
        tile = np.arange(len(run)) - (np.cumsum(tiles) - tiles)[run]
        first = np.maximum(start[run] + tile * n, self._first[run])
        end = np.minimum(start[run] + (tile + 1) * n, self._end[run])
        valid = self._valid_before[end] - self._valid_before[first]
        samples = torch.from_numpy(np.stack([end - 1, end - first, valid])[:, valid > 0])
        return samples[:, torch.randperm(samples.shape[1], generator=generator)]

    def _ends(self, count: int) -> list[int]:
        """Where the batches of so many samples end, from 0 on: equal shares, but for the last."""
        ends = (n * self.batch_days * count // self.days for n in range(self.updates + 1))
        return [min(end, count) for end in ends]


def training_samples(cube: Cube, period: Sequence[str], settings: dict) -> Samples:
    """The samples of a period; parameters and errors as in `training_positions`."""
    windows = (cube, period, settings["sequence_length"])
    return Samples(
        reached_days(*windows),
        training_positions(*windows),
        settings["predicted_days"],
        settings["batch_size"],
    )


def _sums(values: np.ndarray, ends: list[int]) -> list[int]:
    """Sums of the values between one end and the next."""
    return np.diff(np.append(0, values.cumsum())[ends]).tolist()


def _fill_up(samples: Tensor, width: int) -> Tensor:
    """Repeat the first window until there are so many, without targets."""
    missing = width - samples.shape[1]
    if not missing:
        return samples
    filling = samples[:, :1].clone()
    filling[1:] = 0
    return torch.cat([samples, filling.expand(-1, missing)], dim=1)
