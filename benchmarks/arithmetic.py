"""The arithmetic of a network, and how fast this machine does matrix products of its shape."""

import timeit
from functools import partial

import torch

from benchmarks.cases import Case
from benchmarks.data import Data
from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.training.forward import BATCH

EMBEDDING = 512
GATES = {"ea_lstm": 3, "ct_lstm": 4, "sr_lstm_ea": 3, "fm_lstm": 4}


def operations(case: Case) -> dict[str, float]:
    """Floating-point operations that a window needs at least, for `train` and for `evaluate`.

    A product of m x k and k x n counts 2 m k n; everything but products is left out, and so is the
    head, a few thousandths at most. On each day the gates come from the hidden state and the
    forcing; the statics are projected once. The way back costs the same for the gradients of all
    weights, and the part of the hidden state again for its own gradient. Evaluation has the statics
    once a basin, which counts nothing.
    """
    rows = GATES[case.architecture] * case.hidden
    hidden = 2 * rows * case.hidden
    forcing = 2 * rows * len(FORCING)
    width = case.static_size
    statics = 0
    if case.architecture == "sr_lstm_ea":
        statics += 2 * 2 * width * EMBEDDING  # the statics themselves need no gradient
        statics += 3 * 2 * EMBEDDING * case.hidden
    else:
        statics += 2 * 2 * width * (rows if case.architecture == "ct_lstm" else case.hidden)
    return {
        "train": case.days * (3 * hidden + 2 * forcing) + statics,
        "evaluate": case.days * (hidden + forcing),
    }


class MatrixProduct:
    """The products of all days of a round, always of the same numbers.

    They are torch's own or oneDNN's, whichever is faster here: on some processors, one is twice as
    fast as the other, and it depends on the shape which.
    """

    def __init__(self, case: Case, data: Data):
        self.case = case
        rows = GATES[case.architecture] * case.hidden
        self.weight = torch.randn(rows, case.hidden + len(FORCING), device=data.device)
        days = data.evaluated.days(*data.period)
        self.fastest = {}
        self.windows = case.basins * (days.stop - days.start) // case.predicted_days

    def train(self) -> float:
        """Three products a day, as there and back; returns the floating-point operations."""
        return self._multiply(self.case.batch, 3 * self.case.updates * self.case.days)

    def evaluate(self) -> float:
        """A product a day; returns as `train`."""
        columns = min(BATCH, self.windows)
        return self._multiply(columns, self.windows * self.case.days // columns)

    def _multiply(self, columns, times):
        inputs = torch.randn(self.weight.shape[1], columns, device=self.weight.device)
        gates = torch.empty(len(self.weight), columns, device=self.weight.device)
        if columns not in self.fastest:  # in the first round, which is not counted
            self.fastest[columns] = _fastest(self.weight, inputs, gates)
        product = self.fastest[columns]
        for _ in range(times):
            product(self.weight, inputs, gates)
        return times * 2.0 * self.weight.numel() * columns


def _fastest(*matrices):
    """The faster of the products, by the best of some tries."""
    products = [_torch]
    if matrices[0].device.type == "cpu" and torch.backends.mkldnn.is_available():
        products.append(_onednn)
    return min(products, key=lambda product: min(_times(product, *matrices)))


def _times(product, *matrices):
    return timeit.repeat(partial(product, *matrices), number=20, repeat=5)


def _torch(left, right, out):
    torch.mm(left, right, out=out)


def _onednn(left, right, _):
    torch.ops.mkldnn._linear_pointwise(left, right.mT, None, "none", [], "")
