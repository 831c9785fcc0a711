"""Training of members from their tables, in a way that can be killed and resumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch
from torch import Tensor, nn

from randvec.data.scaler import Scaler
from randvec.data.series import Cube
from randvec.errors import InputError
from randvec.models.build import from_settings
from randvec.models.layers import weights_of
from randvec.training.checkpoint import load_checkpoint, save_checkpoint
from randvec.training.loop import TrainingLoop
from randvec.training.loss import loss_weights
from randvec.training.samples import training_samples
from randvec.training.static_vectors import by_basin
from randvec.training.torch_setup import is_out_of_memory, make_repeatable
from randvec.training.validation import Validation
from randvec.training.windows import Windows


@dataclass
class Trained:
    """A trained member.

    Attributes
    ----------
    model : torch.nn.Module
    losses : list of dict
        Per epoch `epoch`, `loss`, `learning_rate` and, with a validation period,
        `validation_nse`.
    epochs : list of dict of str to Tensor
        The weights after each epoch, by name; empty unless they are kept.
    """

    model: nn.Module
    losses: list[dict]
    epochs: list[dict[str, Tensor]]


def train_members(
    *,
    cube: Cube,
    scaler: Scaler,
    vectors: Sequence[pd.DataFrame | None],
    architecture: str,
    settings: dict,
    period: Sequence[str],
    seeds: Sequence[int],
    device: str,
    validation: Sequence[str] | None = None,
    checkpoint: Path | None = None,
    key: str = "",
    keep_epochs: bool = False,
) -> list[Trained]:
    """Train members of an ensemble in one batch, each as it would train alone.

    Parameters
    ----------
    cube : randvec.data.series.Cube
        Forcing and discharge [mm/day] of the basins.
    scaler : randvec.data.scaler.Scaler
        Of the training period.
    vectors : sequence of DataFrame or None
        Per member: column `basin` and the static vector exactly as the network sees it.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    settings : dict
        The config's `training` section: hidden, sequence_length [days], predicted_days,
        batch_size, epochs, learning_rate, dropout, gradient_clip, forget_bias, loss (nse or mse),
        fm_forget_bias_gate, precision (float32, tf32 or bf16).
    period : sequence of str
        First and last day to train on, both included.
    seeds : sequence of int
        Per member: sets initial weights, dropout and the order of the samples.
    device : str
        As `randvec.training.torch_setup.choose_device` returns it.
    validation : sequence of str, optional
        First and last day of a period whose median NSE is computed after every epoch.
    checkpoint : Path, optional
        Where the state after each epoch is kept, and picked up again.
    key : str
        Digest of all that the members depend on; a checkpoint with another one is not used.
    keep_epochs : bool
        Whether the weights after every epoch are kept.

    Returns
    -------
    list of Trained

    Raises
    ------
    InputError
        If a basin has no vector or no day to train on, the validation period lacks forcing or
        discharge, a loss stops being finite, or the device runs out of memory.
    """
    try:
        models, loop = begin(
            cube=cube,
            scaler=scaler,
            vectors=vectors,
            architecture=architecture,
            settings=settings,
            period=period,
            seeds=seeds,
            device=device,
            validation=validation,
            keep_epochs=keep_epochs,
        )
        if checkpoint is not None:
            loop.resume(load_checkpoint(checkpoint, key))
        while loop.epoch < settings["epochs"]:
            loop.train_epoch()
            if checkpoint is not None:
                save_checkpoint(checkpoint, key, *loop.state())
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        alone = "turn members_together off, then " if len(seeds) > 1 else ""
        raise InputError(
            f"the device ran out of memory with training.batch_size {settings['batch_size']} and "
            f"training.hidden {settings['hidden']}; {alone}lower batch_size, then hidden ({error})"
        ) from error
    return [_take(loop, member, model) for member, model in enumerate(models)]


def begin(
    *,
    cube: Cube,
    scaler: Scaler,
    vectors: Sequence[pd.DataFrame | None],
    architecture: str,
    settings: dict,
    period: Sequence[str],
    seeds: Sequence[int],
    device: str,
    validation: Sequence[str] | None = None,
    keep_epochs: bool = False,
) -> tuple[list[nn.Module], TrainingLoop]:
    """Members before their first epoch: their networks, and the loop that trains them.

    Parameters and errors as in `train_members`.

    Returns
    -------
    models : list of torch.nn.Module
        The networks with their initial weights.
    loop : randvec.training.loop.TrainingLoop
    """
    make_repeatable()
    statics = [by_basin(table, cube.basins, device) for table in vectors]
    static_size = 0 if statics[0] is None else statics[0].shape[1]
    sizes = static_size, len(cube.forcings)
    models = [_initial_network(architecture, sizes, settings, seed) for seed in seeds]
    windows = Windows(cube, scaler, settings["sequence_length"], device)
    watched = None
    if validation is not None:
        watched = Validation(models[0], windows, scaler, validation, settings["predicted_days"])
    return models, TrainingLoop(
        models=models,
        seeds=seeds,
        windows=windows,
        statics=torch.stack(statics) if static_size else None,
        samples=training_samples(cube, period, settings),
        loss_weights=loss_weights(settings["loss"], cube.basins, scaler.basin_std).to(device),
        settings=settings,
        validation=watched,
        keep_epochs=keep_epochs,
    )


def _initial_network(
    architecture: str, sizes: tuple[int, int], settings: dict, seed: int
) -> nn.Module:
    """A network with the initial weights of a seed; sizes of static vector and forcing."""
    static_size, dynamic_size = sizes
    torch.manual_seed(seed)
    return from_settings(architecture, static_size, settings, dynamic_size)


def _take(loop: TrainingLoop, member: int, model: nn.Module) -> Trained:
    """One member when the loop is done, its weights put into its own network."""
    model.load_state_dict(weights_of(loop.model.state_dict(), member))
    epochs = [weights_of(weights, member) for weights in loop.epochs]
    return Trained(model, loop.losses[member], epochs)
