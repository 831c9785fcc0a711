"""EA-LSTM: the static vector sets the input gate, once per sample.

Kratzert et al. (2019), doi:10.5194/hess-23-5089-2019.
"""

from torch import Tensor, nn

from randvec.models.layers import Dropout, Linear
from randvec.models.recurrence import initial_bias, orthogonal, recurrence, repeated_identity


class EALSTM(nn.Module):
    """Entity-aware LSTM; arguments as in `randvec.models.build.build`."""

    def __init__(
        self,
        dynamic_size: int,
        static_size: int,
        hidden: int,
        dropout: float,
        forget_bias: float,
    ) -> None:
        super().__init__()
        if not static_size:
            raise ValueError("ea_lstm needs a static vector: its input gate sees nothing else")
        self.input_weight = nn.Parameter(orthogonal(3 * hidden, dynamic_size))
        self.static_weight = nn.Parameter(orthogonal(hidden, static_size))
        self.recurrent_weight = nn.Parameter(repeated_identity(3, hidden))
        self.bias = nn.Parameter(initial_bias(hidden, forget_bias))
        self.dropout = Dropout(dropout)
        self.head = Linear(hidden, 1)

    def forward(
        self, forcing: Tensor, statics: Tensor, basins: Tensor | None = None, days: int = 1
    ) -> Tensor:
        """Arguments and result as in `randvec.models.build.build`."""
        state = recurrence(
            forcing,
            self.input_weight,
            self.recurrent_weight,
            self.bias,
            statics,
            self.static_weight,
            basins,
            days,
        )
        return self.head(self.dropout(state)).squeeze(-1)
