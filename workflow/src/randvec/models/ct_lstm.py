"""CT-LSTM: the static vector is concatenated to the forcing of every day.

Kratzert et al. (2019), doi:10.5194/hess-23-5089-2019. Without a static vector it is the plain LSTM.
"""

from torch import Tensor, nn

from randvec.models.layers import Dropout, Linear
from randvec.models.recurrence import initial_bias, orthogonal, recurrence, repeated_identity


class CTLSTM(nn.Module):
    """LSTM on [forcing, statics]; arguments as in `randvec.models.build.build`."""

    def __init__(
        self,
        dynamic_size: int,
        static_size: int,
        hidden: int,
        dropout: float,
        forget_bias: float,
    ) -> None:
        super().__init__()
        # Drawn as the one matrix it is; kept in two parts so that the statics are projected once.
        weight = orthogonal(4 * hidden, dynamic_size + static_size)
        self.input_weight = nn.Parameter(weight[:, :dynamic_size].clone())
        self.static_weight = nn.Parameter(weight[:, dynamic_size:].clone()) if static_size else None
        self.recurrent_weight = nn.Parameter(repeated_identity(4, hidden))
        self.bias = nn.Parameter(initial_bias(hidden, forget_bias))
        self.dropout = Dropout(dropout)
        self.head = Linear(hidden, 1)

    def forward(
        self,
        forcing: Tensor,
        statics: Tensor | None = None,
        basins: Tensor | None = None,
        days: int = 1,
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
