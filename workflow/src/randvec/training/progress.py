"""The losses of an epoch as it goes on, and lines on it in the log."""

import logging
import time

from randvec.training.samples import Batch

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 20


class Progress:
    """What an epoch has done so far.

    Parameters
    ----------
    members : int
        How many are trained in one batch.
    epoch, epochs : int
        The number of this one, and of all.
    days : int
        Training days that each member is shown in an epoch.
    """

    def __init__(self, members: int, epoch: int, epochs: int, days: int) -> None:
        self.epoch = epoch
        self.epochs = epochs
        self.days = days
        self.totals = [0.0] * members
        self.shown = [0] * members
        self.samples = 0
        self.started = self.reported = time.monotonic()

    def add(self, batch: Batch, losses: list[float]) -> None:
        """Add a batch and the members' losses on it, and report if it is time to."""
        for member, (loss, days) in enumerate(zip(losses, batch.days, strict=True)):
            self.totals[member] += loss * days
            self.shown[member] += days
        self.samples += sum(batch.samples)
        if time.monotonic() - self.reported > PROGRESS_SECONDS:
            self.reported = time.monotonic()
            self.report(f"{min(self.shown)} of {self.days} days")

    def losses(self) -> list[float]:
        """Each member's mean loss over the days that it has been shown."""
        return [total / days for total, days in zip(self.totals, self.shown, strict=True)]

    def report(self, stage: str) -> None:
        """Log losses, samples (of all members) per second, and the time that is left."""
        elapsed = max(time.monotonic() - self.started, 1e-9)
        left = self.days * (self.epochs - self.epoch + 1) / min(self.shown) - 1
        logger.info(
            "epoch %d of %d, %s: loss %s, %.0f samples/s, about %s left",
            self.epoch,
            self.epochs,
            stage,
            " ".join(f"{loss:.5f}" for loss in self.losses()),
            self.samples / elapsed,
            duration(left * elapsed),
        )


def duration(seconds: float) -> str:
    """A time that someone waits: ``45 s``, ``12 min``, ``1 h 40 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
