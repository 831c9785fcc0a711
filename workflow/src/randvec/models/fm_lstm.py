"""FM-LSTM: the static vector modulates the hidden state that a standard LSTM emits.

Li et al. (2022), doi:10.1029/2021WR031794. The recurrence carries the unmodulated state, so
only the days that are predicted are modulated.
"""

from typing import ClassVar

import torch
from torch import Tensor, nn

from randvec.models.layers import Dropout, Linear, of_samples
from randvec.models.recurrence import initial_bias, orthogonal, recurrence, repeated_identity


class FMLSTM(nn.Module):
    """LSTM with feature-wise modulation; arguments as in `randvec.models.build.build`.

    Parameters
    ----------
    forget_bias_gate : {"forget", "input"}
        The gate that starts with `forget_bias`. "input" is where the code behind the published
        results put it by mistake.
    """

    #: Keys of the section `training` that it alone takes, and its arguments for them.
    OPTIONS: ClassVar[dict[str, str]] = {"fm_forget_bias_gate": "forget_bias_gate"}

    def __init__(
        self,
        dynamic_size: int,
        static_size: int,
        hidden: int,
        dropout: float,
        forget_bias: float,
        forget_bias_gate: str = "forget",
    ) -> None:
        super().__init__()
        if not static_size:
            raise ValueError("fm_lstm needs a static vector to modulate with")
        if forget_bias_gate not in ("forget", "input"):
            raise ValueError(
                f"fm_lstm: forget_bias_gate is {forget_bias_gate!r}, expected 'forget' or 'input'"
            )
        self.input_weight = nn.Parameter(orthogonal(4 * hidden, dynamic_size))
        self.recurrent_weight = nn.Parameter(repeated_identity(4, hidden))
        self.bias = nn.Parameter(initial_bias(hidden, forget_bias, forget_bias_gate))
        self.modulation = Linear(static_size, hidden)
        nn.init.orthogonal_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        self.dropout = Dropout(dropout)
        self.head = Linear(hidden, 1)

    def forward(
        self, forcing: Tensor, statics: Tensor, basins: Tensor | None = None, days: int = 1
    ) -> Tensor:
        """Arguments and result as in `randvec.models.build.build`."""
        weights = (self.input_weight, self.recurrent_weight, self.bias)
        state = recurrence(forcing, *weights, days=days)
        modulation = of_samples(torch.sigmoid(self.modulation(statics)), basins)
        return self.head(self.dropout(modulation * state)).squeeze(-1)
