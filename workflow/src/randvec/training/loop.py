"""The loop over the batches of an epoch, and all that a checkpoint has to hold between epochs."""

import logging
import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from randvec.errors import InputError
from randvec.models.layers import Dropout, stack, weights_of
from randvec.training.adam import Adam
from randvec.training.loss import weighted_squared_error
from randvec.training.progress import Progress
from randvec.training.samples import Batch, Samples
from randvec.training.schedule import learning_rate
from randvec.training.torch_setup import tf32
from randvec.training.validation import Validation
from randvec.training.windows import Windows

logger = logging.getLogger(__name__)

# Batches after which their losses are looked at. A GPU has to finish all its work for a look; on a
# CPU a look costs nothing.
LOOK_EVERY = {"cpu": 1, "cuda": 64}


class TrainingLoop:
    """One member, or several members of an ensemble in one batch, as one network.

    Each has its own weights, static vectors, order of samples, dropout and optimizer, and gets
    what it would get alone.

    Parameters
    ----------
    models : sequence of torch.nn.Module
        The members' networks with their initial weights; they stay as they are.
    seeds : sequence of int
        The members' seeds, for the order of the samples and the dropout.
    windows : randvec.training.windows.Windows
    statics : Tensor [member, basin, d] or None
    samples : randvec.training.samples.Samples
        What there is to train on.
    loss_weights : Tensor [basin]
        Weight of each basin in the loss.
    settings : dict
        The config's `training` section.
    validation : randvec.training.validation.Validation or None
    keep_epochs : bool
        Whether the weights after every epoch are kept.

    Attributes
    ----------
    model : torch.nn.Module
        All members as one network, with a leading member axis.
    losses : list of list of dict
        By member and epoch: `epoch`, `loss`, `learning_rate` and `validation_nse`, if there is a
        validation.
    epochs : list of dict of str to Tensor
        The weights of all members after each epoch; empty unless they are kept.
    """

    def __init__(
        self,
        *,
        models: Sequence[nn.Module],
        seeds: Sequence[int],
        windows: Windows,
        statics: Tensor | None,
        samples: Samples,
        loss_weights: Tensor,
        settings: dict,
        validation: Validation | None,
        keep_epochs: bool,
    ) -> None:
        self.device = device = loss_weights.device
        self.seeds = seeds
        self.windows = windows
        self.statics = statics
        self.samples = samples
        self.loss_weights = loss_weights
        self.settings = settings
        self.validation = validation
        self.keep_epochs = keep_epochs
        # On the CPU, so that the order of the samples is the same on every device.
        self.order = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.dropout = [torch.Generator(device).manual_seed(seed) for seed in seeds]
        self.model = stack(models, self.dropout).to(device)
        self.dropouts = [layer for layer in self.model.modules() if isinstance(layer, Dropout)]
        self.member = torch.arange(len(seeds), device=device)[:, None]
        self.optimizer = Adam(self.model.parameters(), settings["gradient_clip"])
        self.epoch = 0
        self.losses = [[] for _ in seeds]
        self.epochs = []

    def train_epoch(self) -> None:
        """Show every member all samples once, in its own order."""
        self.epoch += 1
        self.model.train()
        progress = Progress(len(self.seeds), self.epoch, self.settings["epochs"], self.samples.days)
        # cuDNN uses a card's units for bf16 too only where float32 may be rounded.
        with tf32(self.settings["precision"] != "float32"):
            rate = self._train_batches(progress)
        self._check_weights()
        for losses, loss in zip(self.losses, progress.losses(), strict=True):
            losses.append({"epoch": self.epoch, "loss": loss, "learning_rate": rate})
        if self.keep_epochs:
            weights = self.model.state_dict().items()
            self.epochs.append({name: value.to("cpu", copy=True) for name, value in weights})
        progress.report("done")
        if self.validation is not None:
            self._validate()

    def _train_batches(self, progress: Progress) -> float:
        """All batches of an epoch; the learning rate of the last."""
        unseen = []
        for batch in self.samples.batches(self.order, self.device):
            rate = self._next_rate()
            unseen.append((batch, self._train_batch(batch, rate)))
            if len(unseen) == LOOK_EVERY[self.device.type]:
                self._look(unseen, progress)
                unseen = []
        self._look(unseen, progress)
        return rate

    def _validate(self) -> None:
        """Add the validation's score of this epoch to the losses of each member."""
        weights = self.model.state_dict()
        for member, losses in enumerate(self.losses):
            statics = None if self.statics is None else self.statics[member]
            score = self.validation.score(weights_of(weights, member), statics)
            losses[-1]["validation_nse"] = score
        scores = " ".join(f"{losses[-1]['validation_nse']:.4f}" for losses in self.losses)
        logger.info("epoch %d: median NSE in the validation period %s", self.epoch, scores)

    def _next_rate(self) -> float:
        """The learning rate of the update that comes next."""
        updates = self.settings["epochs"] * self.samples.updates
        schedule = self.settings["learning_rate"]
        return learning_rate(schedule, self.epoch, self.optimizer.steps + 1, updates)

    def _train_batch(self, batch: Batch, rate: float) -> Tensor:
        """One update of every member from its own batch; the losses before it, [member].

        Nothing here may wait for the device: no number of a tensor is read.
        """
        windows, days = self.windows, self.settings["predicted_days"]
        basins = windows.basin_of(batch.positions)
        for layer in self.dropouts:
            layer.samples = batch.samples
        forcing = windows.forcing_before(batch.positions)
        with torch.autocast(self.device.type, torch.bfloat16, self.settings["precision"] == "bf16"):
            simulated = self.model(forcing, *self._statics(basins), days=days)
        observed = windows.observed(batch.positions, batch.shown, days)
        losses = weighted_squared_error(simulated, observed, self.loss_weights[basins])
        losses.sum().backward()
        self.optimizer.step(rate)
        return losses.detach()

    def _look(self, unseen: Sequence[tuple[Batch, Tensor]], progress: Progress) -> None:
        """Read the losses of batches, stop at one that is not finite, and report.

        Updates may have followed such a loss, but nothing of them is kept.
        """
        if not unseen:
            return
        batches, losses = zip(*unseen, strict=True)
        for batch, values in zip(batches, torch.stack(losses).tolist(), strict=True):
            for member, value in enumerate(values):
                if not math.isfinite(value):
                    own = batch.positions[member, : batch.samples[member]]
                    raise InputError(
                        f"seed {self.seeds[member]}: the loss became {value} in epoch "
                        f"{self.epoch}; training stops. Lower training.learning_rate or look for "
                        "wrong values in the batch (basin and last day): "
                        f"{self.windows.describe(own)}"
                    )
            progress.add(batch, values)

    def _check_weights(self) -> None:
        """Stop if the last updates of an epoch, whose losses are never seen, broke a network."""
        weights = self.model.state_dict().values()
        finite = [values.reshape(len(values), -1).isfinite().all(1) for values in weights]
        finite = torch.stack(finite).all(0).tolist()
        if not all(finite):
            raise InputError(
                f"seed {self.seeds[finite.index(False)]}: weights became infinite or no number at "
                f"the end of epoch {self.epoch}; training stops. Lower training.learning_rate"
            )

    def _statics(self, basins: Tensor) -> tuple[Tensor, ...]:
        """Static vectors for the network: of all basins, or of the samples if those are fewer."""
        if self.statics is None:
            return ()
        if self.statics.shape[1] <= basins.shape[1]:
            return self.statics, basins
        return (self.statics[self.member, basins],)

    def state(self) -> tuple[dict[str, Tensor], dict]:
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

    def resume(self, saved: tuple[dict[str, Tensor], dict] | None) -> None:
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


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix, without it."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
