"""The networks with torch's own layers, for use without this package."""

import torch
from torch import Tensor, nn

from randvec.errors import InputError
from randvec.models.recurrence_cudnn import standard_weights


class PlainLSTM(nn.Module):
    """A standard LSTM, its static vector among its inputs or modulating its output.

    The static input gate of EA-LSTM is one of a standard LSTM that sees nothing but the statics.

    Parameters
    ----------
    input_size, hidden : int
        Forcings and static numbers that the LSTM sees each day, and hidden units.
    embedding, modulation : torch.nn.Linear, optional
        Of SR-LSTM_EA and of FM-LSTM.
    """

    def __init__(
        self,
        input_size: int,
        hidden: int,
        embedding: nn.Linear | None = None,
        modulation: nn.Linear | None = None,
    ) -> None:
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden)
        self.head = nn.Linear(hidden, 1)
        self.embedding = embedding
        self.modulation = modulation

    def forward(self, forcing: Tensor, statics: Tensor | None = None) -> Tensor:
        """Normalised discharge of every day [days, batch].

        Parameters
        ----------
        forcing : Tensor [days, batch, forcings]
            Normalised.
        statics : Tensor [batch, d] or None
        """
        if self.embedding is not None:
            statics = self.embedding(statics).relu()
        if statics is not None and self.modulation is None:
            every_day = statics.expand(len(forcing), *statics.shape)
            forcing = torch.cat([forcing, every_day], dim=2)
        states, _ = self.lstm(forcing)
        if self.modulation is not None:
            states = states * torch.sigmoid(self.modulation(statics))
        return self.head(states).squeeze(-1)


def plain_torch(network: nn.Module) -> PlainLSTM:
    """The same network, of torch's own layers alone and ready to predict.

    Parameters
    ----------
    network : torch.nn.Module
        As `randvec.models.build.build` makes it.

    Raises
    ------
    InputError
        If it has other weights than the architectures of the paper.
    """
    weights = {name.removeprefix("ea_lstm."): of for name, of in network.state_dict().items()}
    layers = {name: _layer(weights, name) for name in ("head", "embedding", "modulation")}
    lstm = {
        name: weights.pop(name, None)
        for name in ("input_weight", "recurrent_weight", "bias", "static_weight")
    }
    if weights or any(lstm[name] is None for name in list(lstm)[:3]) or layers["head"] is None:
        raise InputError(
            f"{type(network).__name__} is no LSTM of the paper and has no plain form; use it as it "
            "is: members[0].network of the ensemble"
        )
    inputs, recurrent, bias = standard_weights(*lstm.values())
    plain = PlainLSTM(
        inputs.shape[1], recurrent.shape[1], layers["embedding"], layers["modulation"]
    )
    plain.head = layers["head"]
    own = {"weight_ih_l0": inputs, "weight_hh_l0": recurrent, "bias_ih_l0": bias}
    plain.lstm.load_state_dict({**own, "bias_hh_l0": torch.zeros_like(bias)})
    return plain.eval()


def _layer(weights: dict[str, Tensor], name: str) -> nn.Linear | None:
    """Take a linear layer out of weights by name, if it is there."""
    weight, bias = weights.pop(f"{name}.weight", None), weights.pop(f"{name}.bias", None)
    if weight is None:
        return None
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer
