"""The contender that is measured: this pipeline's own training loop and its own prediction."""

import torch

from benchmarks.cases import Case
from benchmarks.data import EVALUATED, Data, settings
from randvec.evaluation.predict import predict
from randvec.training.loop import _make_repeatable, initial_network, static_table
from randvec.training.loss import nse_weights
from randvec.training.run import Run
from randvec.training.windows import Windows


class Ours:
    """A member on the samples of a round, as `randvec.training.loop.train_member` has it."""

    def __init__(self, case: Case, data: Data):
        _make_repeatable(data.device)
        self.case = case
        self.data = data
        basins = data.cube.basins
        std = torch.tensor([data.scaler.basin_std[basin] for basin in basins])
        self.network = initial_network(case.architecture, case.static_size, settings(case), 1)
        self.run = Run(
            models=[self.network],
            seeds=[1],
            windows=Windows(data.cube, data.scaler, case.days, data.device),
            statics=static_table(data.vectors, basins, data.device)[None],
            positions=data.samples[data.chosen].to(data.device),
            loss_weights=nse_weights(std).to(data.device),
            settings=settings(case),
            keep_epochs=False,
        )

    def train(self) -> int:
        """An epoch of the samples of a round; returns their number."""
        self.run.train_epoch()
        return len(self.run.positions)

    def evaluate(self) -> int:
        """Predict the basins of a round, up to the finished table; returns the number of days."""
        data = self.data
        arguments = (data.vectors, EVALUATED, self.case.days, data.device)
        return len(predict(self.network, data.evaluated, data.scaler, *arguments))
