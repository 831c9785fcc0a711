"""Trained members, read back from their weights and settings."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from safetensors import SafetensorError
from torch import nn

from randvec.data.scaler import Scaler
from randvec.errors import InputError
from randvec.models.build import from_settings
from randvec.training.checkpoint import load_weights
from randvec.training.settings import read_settings
from randvec.vectors.restored import restore


@dataclass(frozen=True)
class Member:
    """A trained member.

    Attributes
    ----------
    name : str
        Its settings file, for messages.
    settings : dict
        What that file says.
    network : torch.nn.Module
        As `randvec.models.build.build` makes it, with its weights.
    scaler : Scaler
        The one that it was trained with.
    vectors : DataFrame or None
        ``basin`` and the static vector of each basin of its data set; None for a model without.
    """

    name: str
    settings: dict
    network: nn.Module
    scaler: Scaler
    vectors: pd.DataFrame | None


def load_member(weights: str | Path, settings: str | Path) -> Member:
    """Read a member back. Nothing that is read can run code.

    Parameters
    ----------
    weights, settings : path
        Its weights.safetensors and settings.json.

    Raises
    ------
    InputError
        Naming the file, if one can't be read, is cut or damaged, or was made by another version, or
        if the weights are not those of the network that the settings describe.
    """
    about = read_settings(settings)
    name, stored = about["vectors"], about["static_vector"]
    try:
        vectors = restore(name, stored) if name else None
    except InputError as error:
        raise InputError(f"{settings}: {error}") from None
    size = 0 if vectors is None else vectors.shape[1] - 1
    network = _network(about, size, weights, settings)
    return Member(str(settings), about, network, Scaler.from_dict(about["scaler"]), vectors)


def _network(about: dict, static_size: int, weights: str | Path, settings: str | Path) -> nn.Module:
    network = from_settings(
        about["architecture"], static_size, about["training"], len(about["forcings"])
    )
    try:
        network.load_state_dict(load_weights(weights))
    except OSError as error:
        raise InputError(
            f"{weights}: can't be read ({error.strerror or error}); expected the weights of a "
            "member"
        ) from None
    except SafetensorError as error:
        raise InputError(
            f"{weights}: cut short, damaged or no weights ({error}); train this member again"
        ) from None
    except RuntimeError:
        raise InputError(
            f"{weights}: not the weights of the network of {settings}: {about['architecture']} of "
            f"{about['training']['hidden']} hidden units, {len(about['forcings'])} forcings and "
            f"{static_size} static numbers; put the files of one member together"
        ) from None
    return network.eval()
