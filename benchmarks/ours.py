"""The contender that is measured: this pipeline's own training epoch and its own prediction."""

import pandas as pd
import torch

from benchmarks.cases import Case
from benchmarks.data import TRAINED, Data, settings
from randvec.evaluation.predict import predict
from randvec.models.layers import weights_of
from randvec.training.samples import Batch
from randvec.training.train import begin


class Ours:
    """A member on the windows of a round, as `randvec.training.train.train_members` has it."""

    def __init__(self, case: Case, data: Data):
        self.case = case
        self.data = data
        (self._network,), self.loop = begin(
            cube=data.cube,
            scaler=data.scaler,
            vectors=[data.vectors],
            architecture=case.architecture,
            settings=settings(case),
            period=TRAINED,
            seeds=[1],
            device=data.device,
        )
        self.loop.samples = ChosenWindows(self.loop.windows, data.samples[data.chosen], case)

    @property
    def network(self):
        """The member's network with its present weights."""
        self._network.load_state_dict(weights_of(self.loop.model.state_dict(), 0))
        return self._network

    def train(self) -> int:
        """An epoch of the windows of a round; returns their number."""
        self.loop.train_epoch()
        return len(self.data.chosen)

    def evaluate(self) -> int:
        """Predict the basins of a round, up to the finished table; returns how many windows."""
        return len(self.predict()) // self.case.predicted_days

    def predict(self) -> pd.DataFrame:
        """The table that the pipeline has of the basins of a round."""
        case, data = self.case, self.data
        arguments = (data.vectors, data.period, case.days, data.device, case.predicted_days)
        return predict(self.network, data.evaluated, data.scaler, *arguments)


class ChosenWindows:
    """Stands in for `randvec.training.samples.Samples`, which draws windows of its own.

    Every contender gets the same windows, and each of them predicts all its days; only their order
    is drawn.
    """

    def __init__(self, windows, positions, case):
        n = case.predicted_days
        targets = windows.observed(positions.to(windows.discharge.device), n, n)
        known = targets.isfinite().sum(dim=0).cpu()
        self.rows = torch.stack([positions, torch.full_like(positions, n), known])
        self.batch = case.batch
        self.days = int(known.sum())
        self.updates = -(-len(positions) // case.batch)

    def batches(self, generators, device):
        """As `Samples.batches`, of one member."""
        order = torch.randperm(self.rows.shape[1], generator=generators[0])
        days = [int(part.sum()) for part in self.rows[2, order].split(self.batch)]
        parts = self.rows[:2, order].to(device).split(self.batch, dim=1)
        for (positions, shown), own in zip(parts, days, strict=True):
            yield Batch(positions[None], shown[None], [len(positions)], [own])
