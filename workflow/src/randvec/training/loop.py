"""Training of members, in a way that can be killed and resumed."""

import os
from dataclasses import dataclass

import numpy as np
import torch

from randvec.errors import InputError
from randvec.models.build import from_settings
from randvec.models.layers import weights_of
from randvec.training.checkpoint import load_checkpoint, save_checkpoint
from randvec.training.loss import nse_weights
from randvec.training.run import Run
from randvec.training.samples import training_samples
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

    model: torch.nn.Module
    losses: list
    epochs: list


def choose_device(name="auto"):
    """The device to compute on: "auto" is a GPU if there is one, else the CPU."""
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name


def train_member(*, vectors, seed, **others):
    """Train one member: `train_members` with one static vector table and one seed."""
    return train_members(vectors=[vectors], seeds=[seed], **others)[0]


def train_members(
    *,
    cube,
    scaler,
    vectors,
    architecture,
    settings,
    period,
    seeds,
    device,
    validation=None,
    checkpoint=None,
    key="",
    keep_epochs=False,
):
    """Train members of one cell side by side, each as it would train alone.

    Parameters
    ----------
    cube : randvec.data.series.Cube
        Forcing and discharge [mm/day] of the basins.
    scaler : randvec.data.scaler.Scaler
        Of the training period.
    vectors : list of DataFrame or None
        Per member: column `basin` and the static vector exactly as the network sees it.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    settings : dict
        The config's `training` section: hidden, sequence_length [days], predicted_days,
        batch_size, epochs, learning_rate, dropout, gradient_clip, forget_bias, loss (nse or mse),
        fm_forget_bias_gate.
    period : tuple of str
        First and last day to train on, both included.
    seeds : list of int
        Per member: sets initial weights, dropout and the order of the samples.
    device : str
        As `choose_device` returns it.
    validation : tuple of str, optional
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
        models, run = begin(
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
            run.resume(load_checkpoint(checkpoint, key))
        while run.epoch < settings["epochs"]:
            run.train_epoch()
            if checkpoint is not None:
                save_checkpoint(checkpoint, key, *run.state())
    except RuntimeError as error:
        if not _is_out_of_memory(error):
            raise
        alone = "turn members_together off, then " if len(seeds) > 1 else ""
        raise InputError(
            f"the device ran out of memory with training.batch_size {settings['batch_size']} and "
            f"training.hidden {settings['hidden']}; {alone}lower batch_size, then hidden ({error})"
        ) from error
    return [_take(run, member, model) for member, model in enumerate(models)]


def begin(
    *,
    cube,
    scaler,
    vectors,
    architecture,
    settings,
    period,
    seeds,
    device,
    validation=None,
    keep_epochs=False,
):
    """Members before their first epoch: their networks, and the run that trains them.

    Parameters and errors as in `train_members`.

    Returns
    -------
    models : list of torch.nn.Module
        The networks with their initial weights.
    run : randvec.training.run.Run
    """
    _make_repeatable(device)
    tables = [static_table(table, cube.basins, device) for table in vectors]
    static_size = 0 if tables[0] is None else tables[0].shape[1]
    models = [initial_network(architecture, static_size, settings, seed) for seed in seeds]
    windows = Windows(cube, scaler, settings["sequence_length"], device)
    if validation is not None:
        days = settings["predicted_days"]
        validation = Validation(models[0], windows, scaler, validation, days)
    return models, Run(
        models=models,
        seeds=seeds,
        windows=windows,
        statics=torch.stack(tables) if static_size else None,
        samples=training_samples(cube, period, settings),
        loss_weights=_loss_weights(settings["loss"], scaler, cube.basins).to(device),
        settings=settings,
        validation=validation,
        keep_epochs=keep_epochs,
    )


def initial_network(architecture, static_size, settings, seed):
    """A network with the initial weights of a seed."""
    torch.manual_seed(seed)
    return from_settings(architecture, static_size, settings)


def _take(run, member, model):
    """One member of a finished run, its weights put into its own network."""
    model.load_state_dict(weights_of(run.model.state_dict(), member))
    epochs = [weights_of(weights, member) for weights in run.epochs]
    return Trained(model, run.losses[member], epochs)


def tables_of(vectors, members):
    """Path of the static vector table of each member, None for one without static vectors.

    Parameters
    ----------
    vectors : list of str
        Paths: one for each member, or one for all, or none.
    members : int
        Their number.
    """
    return list(vectors) if len(vectors) == members else [*(vectors or [None])] * members


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


def _make_repeatable(device):
    """Same seeds, same bytes; and numbers too small to matter don't slow the CPU down."""
    torch.set_flush_denormal(True)
    if device.startswith("cuda"):
        # cuBLAS and cuDNN's LSTM are repeatable only with a fixed workspace.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    # The same as use_deterministic_algorithms(True), which loads torch's compiler for a second.
    torch.set_deterministic_debug_mode("error")
    # Else every new buffer would be filled with NaN first; all of ours are written before use.
    torch.utils.deterministic.fill_uninitialized_memory = False


def _is_out_of_memory(error):
    """Whether the device is out of memory; the CPU has no error type of its own for it."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _loss_weights(loss, scaler, basins):
    if loss == "mse":
        return torch.ones(len(basins))
    std = torch.tensor([scaler.basin_std[basin] for basin in basins], dtype=torch.float32)
    return nse_weights(std)
