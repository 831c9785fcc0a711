"""Members in training: one epoch at a time, and all that a checkpoint has to hold."""

import logging
import math
import time

import torch

from randvec.errors import InputError
from randvec.models.layers import stack
from randvec.training.adam import Adam
from randvec.training.loss import weighted_squared_error

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 20


class Run:
    """One member, or several of a cell that learn side by side as one network.

    Each has its own weights, static vectors, order of samples, dropout and optimizer, and gets
    what it would get alone.

    Parameters
    ----------
    models : list of torch.nn.Module
        The members' networks with their initial weights; they stay as they are.
    seeds : list of int
        The members' seeds, for the order of the samples and the dropout.
    windows : randvec.training.windows.Windows
    statics : Tensor [member, basin, d] or None
    positions : Tensor [samples]
        The windows to train on.
    loss_weights : Tensor [basin]
        Weight of each basin in the loss.
    settings : dict
        The config's `training` section.
    keep_epochs : bool
        Whether the weights after every epoch are kept.

    Attributes
    ----------
    model : torch.nn.Module
        All members as one network, with a leading member axis.
    losses : list of list of dict
        By member and epoch: `epoch`, `loss` and `learning_rate`.
    epochs : list of dict of str to Tensor
        The weights of all members after each epoch; empty unless they are kept.
    """

    def __init__(
        self, *, models, seeds, windows, statics, positions, loss_weights, settings, keep_epochs
    ):
        device = positions.device
        self.seeds = seeds
        self.windows = windows
        self.statics = statics
        self.positions = positions
        self.loss_weights = loss_weights
        self.settings = settings
        self.keep_epochs = keep_epochs
        # On the CPU, so that the order of the samples is the same on every device.
        self.order = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.dropout = [torch.Generator(device).manual_seed(seed) for seed in seeds]
        self.model = stack(models, self.dropout).to(device)
        self.member = torch.arange(len(seeds), device=device)[:, None]
        self.optimizer = Adam(self.model.parameters(), settings["gradient_clip"])
        self.epoch = 0
        self.losses = [[] for _ in seeds]
        self.epochs = []

    def train_epoch(self):
        """Show every member all samples once, in its own order."""
        self.epoch += 1
        rate = _learning_rate(self.settings["learning_rate"], self.epoch)
        self.model.train()
        count = len(self.positions)
        order = torch.stack([torch.randperm(count, generator=each) for each in self.order])
        shuffled = self.positions[order.to(self.positions.device)]
        started = reported = time.monotonic()
        totals = [0.0] * len(self.seeds)
        done = 0
        for batch in shuffled.split(self.settings["batch_size"], dim=1):
            size = batch.shape[1]
            losses = self._train_batch(batch, rate)
            totals = [total + loss * size for total, loss in zip(totals, losses, strict=True)]
            done += size
            if time.monotonic() - reported > PROGRESS_SECONDS:
                reported = time.monotonic()
                self._report(f"{done} of {count} samples", totals, done, started)
        for losses, total in zip(self.losses, totals, strict=True):
            losses.append({"epoch": self.epoch, "loss": total / count, "learning_rate": rate})
        if self.keep_epochs:
            weights = self.model.state_dict().items()
            self.epochs.append({name: value.to("cpu", copy=True) for name, value in weights})
        self._report("done", totals, count, started)

    def _train_batch(self, batch, rate):
        """One update of every member from its own batch [member, batch]; the losses before it."""
        windows = self.windows
        basins = windows.basin_of(batch)
        simulated = self.model(windows.forcing_before(batch), *self._statics(basins))
        observed = windows.discharge[batch]
        losses = weighted_squared_error(simulated, observed, self.loss_weights[basins])
        values = losses.tolist()
        for seed, value, positions in zip(self.seeds, values, batch, strict=True):
            if not math.isfinite(value):
                raise InputError(
                    f"seed {seed}: the loss became {value} in epoch {self.epoch}; training stops. "
                    "Lower training.learning_rate or look for wrong values in the batch (basin "
                    f"and last day): {windows.describe(positions)}"
                )
        losses.sum().backward()
        self.optimizer.step(rate)
        return values

    def _statics(self, basins):
        """Static vectors for the network: of all basins, or of the samples if those are fewer."""
        if self.statics is None:
            return ()
        if self.statics.shape[1] <= basins.shape[1]:
            return self.statics, basins
        return (self.statics[self.member, basins],)

    def _report(self, stage, totals, done, started):
        speed = done / max(time.monotonic() - started, 1e-9)
        epochs = self.settings["epochs"]
        left = len(self.positions) * (epochs - self.epoch + 1) - done
        logger.info(
            "epoch %d of %d, %s: loss %s, %.0f samples/s, about %.0f s left",
            self.epoch,
            epochs,
            stage,
            " ".join(f"{total / done:.5f}" for total in totals),
            speed * len(self.seeds),
            left / speed,
        )

    def state(self):
        """Tensors and position for a checkpoint."""
        tensors = {f"model/{name}": value for name, value in self.model.state_dict().items()}
        tensors["optimizer/mean"] = self.optimizer.mean
        tensors["optimizer/square"] = self.optimizer.square
        tensors["random/order"] = torch.stack([each.get_state() for each in self.order])
        tensors["random/dropout"] = torch.stack([each.get_state() for each in self.dropout])
        for epoch, weights in enumerate(self.epochs, 1):
            tensors |= {f"epoch {epoch}/{name}": value for name, value in weights.items()}
        position = {"epoch": self.epoch, "losses": self.losses, "steps": self.optimizer.steps}
        return tensors, position

    def resume(self, saved):
        """Go on from a checkpoint's tensors and position; None changes nothing."""
        if saved is None:
            return
        tensors, position = saved
        self.model.load_state_dict(_part(tensors, "model/"))
        self.optimizer.mean.copy_(tensors["optimizer/mean"])
        self.optimizer.square.copy_(tensors["optimizer/square"])
        self.optimizer.steps = position["steps"]
        for name, generators in (("order", self.order), ("dropout", self.dropout)):
            for generator, state in zip(generators, tensors[f"random/{name}"], strict=True):
                generator.set_state(state.clone())  # torch misreads a part of a tensor
        self.epoch = position["epoch"]
        self.losses = position["losses"]
        if self.keep_epochs:
            self.epochs = [_part(tensors, f"epoch {n}/") for n in range(1, self.epoch + 1)]
        logger.info("resumed after epoch %d of %d", self.epoch, self.settings["epochs"])


def _part(tensors, prefix):
    """The tensors whose names begin with a prefix, without it."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _learning_rate(schedule, epoch):
    """The rate of the last entry {from epoch: rate} that has begun."""
    begun = [int(first) for first in schedule if int(first) <= epoch]
    return {int(first): rate for first, rate in schedule.items()}[max(begun)]
