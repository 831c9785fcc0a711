"""SR-LSTM_EA: an EA-LSTM whose input gate sees a learned embedding of the static vector.

Li et al. (2022), doi:10.1029/2021WR031794: x_s -> Linear(512) -> ReLU -> input gate. As in their
code the embedding starts orthogonal and without bias.
"""

from torch import Tensor, nn

from randvec.models.ea_lstm import EALSTM
from randvec.models.layers import Linear


class SRLSTMEA(nn.Module):
    """EA-LSTM on an embedding of the statics; arguments as in `randvec.models.build.build`.

    Parameters
    ----------
    embedding : int
        Width of the embedding.
    """

    def __init__(
        self,
        dynamic_size: int,
        static_size: int,
        hidden: int,
        dropout: float,
        forget_bias: float,
        embedding: int = 512,
    ) -> None:
        super().__init__()
        if not static_size:
            raise ValueError("sr_lstm_ea needs a static vector to embed")
        self.embedding = Linear(static_size, embedding)
        nn.init.orthogonal_(self.embedding.weight)
        nn.init.zeros_(self.embedding.bias)
        self.ea_lstm = EALSTM(dynamic_size, embedding, hidden, dropout, forget_bias)

    def forward(
        self, forcing: Tensor, statics: Tensor, basins: Tensor | None = None, days: int = 1
    ) -> Tensor:
        """Arguments and result as in `randvec.models.build.build`."""
        return self.ea_lstm(forcing, self.embedding(statics).relu(), basins, days)
