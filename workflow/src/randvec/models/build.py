"""Building a network by its name."""

from importlib import import_module

from torch import nn

from randvec.errors import InputError
from randvec.models import ARCHITECTURES


def build(
    name: str,
    *,
    dynamic_size: int = 5,
    static_size: int,
    hidden: int,
    dropout: float = 0.0,
    forget_bias: float = 5.0,
    **options: str | int,
) -> nn.Module:
    """Build a network with fresh weights from torch's global generator.

    Parameters
    ----------
    name : str
        A key of `ARCHITECTURES`.
    dynamic_size : int
        Number of forcings per day.
    static_size : int
        Length of a basin's static vector; 0 for none.
    hidden : int
        Number of hidden units.
    dropout : float
        Share of the last hidden state that is dropped before the head.
    forget_bias : float
        Initial bias of the forget gate.
    **options
        What one architecture alone takes (`forget_bias_gate`, `embedding`).

    Returns
    -------
    torch.nn.Module
        Called with forcing [days, batch, forcings] and statics [batch, static_size] (or None), it
        returns the normalised discharge of the last day, [1, batch], or of as many last days as the
        argument `days` says, [days, batch]. The statics may be those of all basins,
        [basin, static_size], with a third argument that says each sample's, [batch]. After
        `randvec.models.layers.stack` each of them has a member axis in front of batch or basin.

    Raises
    ------
    ValueError
        If the name is unknown, or the architecture cannot do with this static size.
    """
    return _network(name)(
        dynamic_size=dynamic_size,
        static_size=static_size,
        hidden=hidden,
        dropout=dropout,
        forget_bias=forget_bias,
        **options,
    )


def from_settings(name: str, static_size: int, settings: dict, dynamic_size: int = 5) -> nn.Module:
    """Build a network from the config's `training` section, or from a member's settings.

    Parameters
    ----------
    name : str
        A key of `ARCHITECTURES`.
    static_size : int
        Length of a basin's static vector; 0 for none.
    settings : dict
        Holds `hidden`, `dropout`, `forget_bias` and the `OPTIONS` of the architecture.
    dynamic_size : int
        Number of forcings per day.

    Raises
    ------
    InputError
        If one of these options has no value.
    """
    own = getattr(_network(name), "OPTIONS", {})
    for key in own:
        if key not in settings:
            raise InputError(
                f"{name} takes training.{key}, which has no value; give it a default in the "
                "section training of workflow/schemas/config.schema.yaml"
            )
    return build(
        name,
        dynamic_size=dynamic_size,
        static_size=static_size,
        hidden=settings["hidden"],
        dropout=settings["dropout"],
        forget_bias=settings["forget_bias"],
        **{argument: settings[key] for key, argument in own.items()},
    )


def _network(name: str) -> type[nn.Module]:
    """The class of an architecture."""
    if name not in ARCHITECTURES:
        raise ValueError(f"unknown architecture {name!r}; known: {', '.join(ARCHITECTURES)}")
    module, attribute = ARCHITECTURES[name].network.split(":")
    return getattr(import_module(module), attribute)
