"""Training of one member, in a way that can be killed and resumed."""

import logging
import os
import time
from dataclasses import dataclass

import numpy as np
import torch

from randvec.errors import InputError
from randvec.models.build import from_settings
from randvec.training.adam import Adam
from randvec.training.checkpoint import load_checkpoint, save_checkpoint
from randvec.training.loss import nse_weights, weighted_squared_error
from randvec.training.windows import Windows, training_positions

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 20


@dataclass
class Trained:
    """A trained member: the network, and per epoch `epoch`, `loss` and `learning_rate`."""

    model: torch.nn.Module
    losses: list


def choose_device(name="auto"):
    """The device to compute on: "auto" is a GPU if there is one, else the CPU."""
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name


def train_member(
    *,
    cube,
    scaler,
    vectors,
    architecture,
    settings,
    period,
    seed,
    device,
    checkpoint=None,
    key="",
):
    """Train one member.

    Parameters
    ----------
    cube : randvec.data.series.Cube
        Forcing and discharge [mm/day] of the basins.
    scaler : randvec.data.scaler.Scaler
        Of the training period.
    vectors : DataFrame or None
        Column `basin` and the static vector exactly as the network sees it.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    settings : dict
        The config's `training` section: hidden, sequence_length [days], batch_size, epochs,
        learning_rate {from epoch: rate}, dropout, gradient_clip, forget_bias, loss (nse or mse),
        fm_forget_bias_gate.
    period : tuple of str
        First and last day to train on, both included.
    seed : int
        Sets initial weights, dropout and the order of the samples.
    device : str
        As `choose_device` returns it.
    checkpoint : Path, optional
        Where the state after each epoch is kept, and picked up again.
    key : str
        Digest of all that the member depends on; a checkpoint with another one is not used.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        If a basin has no vector or no day to train on, the loss stops being finite, or the device
        runs out of memory.
    """
    _make_repeatable(seed, device)
    windows = Windows(cube, scaler, settings["sequence_length"], device)
    statics = static_table(vectors, cube.basins, device)
    model = from_settings(architecture, 0 if statics is None else statics.shape[1], settings)
    try:
        run = _Run(
            model=model.to(device),
            windows=windows,
            statics=statics,
            positions=training_positions(cube, period, settings["sequence_length"]).to(device),
            weights=_loss_weights(settings["loss"], scaler, cube.basins).to(device),
            settings=settings,
            seed=seed,
        )
        if checkpoint is not None:
            run.resume(load_checkpoint(checkpoint, key))
        while run.epoch < settings["epochs"]:
            run.train_epoch()
            if checkpoint is not None:
                save_checkpoint(checkpoint, key, *run.state())
    except RuntimeError as error:
        if not _is_out_of_memory(error):
            raise
        raise InputError(
            f"the device ran out of memory with training.batch_size {settings['batch_size']} and "
            f"training.hidden {settings['hidden']}; lower batch_size first, then hidden ({error})"
        ) from error
    return Trained(model, run.losses)


def static_table(vectors, basins, device):
    """Static vectors in the order of `basins`, float32 [basin, d]; None for no vectors.

    Raises
    ------
    InputError
        If a basin has no vector or a value is missing.
    """
    if vectors is None:
        return None
    table = vectors.set_index("basin")
    missing = [basin for basin in basins if basin not in table.index]
    if missing:
        raise InputError(f"no static vector for basin {', '.join(missing)}; rebuild the vectors")
    values = table.loc[list(basins)].to_numpy(np.float32)
    if not np.isfinite(values).all():
        basin = basins[int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])]
        raise InputError(f"basin {basin}: its static vector has missing values")
    return torch.tensor(values, device=device)


def _make_repeatable(seed, device):
    """Same seed, same bytes; and numbers too small to matter don't slow the CPU down."""
    torch.set_flush_denormal(True)
    if device.startswith("cuda"):
        # cuBLAS and cuDNN's LSTM are repeatable only with a fixed workspace.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    # The same as use_deterministic_algorithms(True), which loads torch's compiler for a second.
    torch.set_deterministic_debug_mode("error")
    # Else every new buffer would be filled with NaN first; all of ours are written before use.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.manual_seed(seed)


def _is_out_of_memory(error):
    """Whether the device is out of memory; the CPU has no error type of its own for it."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _loss_weights(loss, scaler, basins):
    if loss == "mse":
        return torch.ones(len(basins))
    std = torch.tensor([scaler.basin_std[basin] for basin in basins], dtype=torch.float32)
    return nse_weights(std)


class _Run:
    """A member in training: all that a checkpoint has to hold, and one epoch at a time."""

    def __init__(self, *, model, windows, statics, positions, weights, settings, seed):
        self.model = model
        self.windows = windows
        self.statics = statics
        self.positions = positions
        self.weights = weights
        self.settings = settings
        self.optimizer = Adam(model.parameters(), settings["gradient_clip"])
        # On the CPU, so that the order of the samples is the same on every device.
        self.order = torch.Generator().manual_seed(seed)
        self.epoch = 0
        self.losses = []

    def train_epoch(self):
        self.epoch += 1
        rate = _learning_rate(self.settings["learning_rate"], self.epoch)
        self.model.train()
        count = len(self.positions)
        order = torch.randperm(count, generator=self.order).to(self.positions.device)
        shuffled = self.positions[order]
        started = reported = time.monotonic()
        total = 0.0
        done = 0
        for batch in shuffled.split(self.settings["batch_size"]):
            total += self._train_batch(batch, rate) * len(batch)
            done += len(batch)
            if time.monotonic() - reported > PROGRESS_SECONDS:
                reported = time.monotonic()
                self._report(f"{done} of {count} samples", total / done, done, started)
        self.losses.append({"epoch": self.epoch, "loss": total / count, "learning_rate": rate})
        self._report("done", total / count, count, started)

    def _train_batch(self, batch, rate):
        windows = self.windows
        basins = windows.basin_of(batch)
        statics = None if self.statics is None else self.statics[basins]
        simulated = self.model(windows.forcing_before(batch), statics)
        loss = weighted_squared_error(simulated, windows.discharge[batch], self.weights[basins])
        value = loss.item()
        if not np.isfinite(value):
            raise InputError(
                f"the loss became {value} in epoch {self.epoch}; training stops. Lower "
                "training.learning_rate or look for wrong values in the batch (basin and last "
                f"day): {windows.describe(batch)}"
            )
        loss.backward()
        self.optimizer.step(rate)
        return value

    def _report(self, stage, loss, done, started):
        speed = done / max(time.monotonic() - started, 1e-9)
        epochs = self.settings["epochs"]
        left = len(self.positions) * (epochs - self.epoch + 1) - done
        logger.info(
            "epoch %d of %d, %s: loss %.5f, %.0f samples/s, about %.0f s left",
            self.epoch,
            epochs,
            stage,
            loss,
            speed,
            left / speed,
        )

    def state(self):
        """Tensors and position for a checkpoint."""
        tensors = {f"model/{name}": value for name, value in self.model.state_dict().items()}
        tensors["optimizer/mean"] = self.optimizer.mean
        tensors["optimizer/square"] = self.optimizer.square
        tensors["random/cpu"] = torch.get_rng_state()
        tensors["random/order"] = self.order.get_state()
        if torch.cuda.is_available():
            tensors["random/cuda"] = torch.cuda.get_rng_state()
        position = {"epoch": self.epoch, "losses": self.losses, "steps": self.optimizer.steps}
        return tensors, position

    def resume(self, saved):
        """Go on from a checkpoint's tensors and position; None changes nothing."""
        if saved is None:
            return
        tensors, position = saved
        prefix = "model/"
        self.model.load_state_dict(
            {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        )
        self.optimizer.mean.copy_(tensors["optimizer/mean"])
        self.optimizer.square.copy_(tensors["optimizer/square"])
        self.optimizer.steps = position["steps"]
        torch.set_rng_state(tensors["random/cpu"])
        self.order.set_state(tensors["random/order"])
        if "random/cuda" in tensors:
            torch.cuda.set_rng_state(tensors["random/cuda"])
        self.epoch = position["epoch"]
        self.losses = position["losses"]
        logger.info("resumed after epoch %d of %d", self.epoch, self.settings["epochs"])


def _learning_rate(schedule, epoch):
    """The rate of the last entry {from epoch: rate} that has begun."""
    begun = [int(first) for first in schedule if int(first) <= epoch]
    return {int(first): rate for first, rate in schedule.items()}[max(begun)]
