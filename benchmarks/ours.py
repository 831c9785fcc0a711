"""The contender that is measured: this pipeline's own training epoch and its own prediction."""

from benchmarks.cases import Case
from benchmarks.data import EVALUATED, TRAINED, Data, settings
from randvec.evaluation.predict import predict
from randvec.models.layers import weights_of
from randvec.training.loop import begin
from randvec.training.samples import Samples
from randvec.training.windows import reached_days


class Ours:
    """A member on the samples of a round, as `randvec.training.loop.train_member` has it."""

    def __init__(self, case: Case, data: Data):
        self.case = case
        self.data = data
        (self._network,), self.run = begin(
            cube=data.cube,
            scaler=data.scaler,
            vectors=[data.vectors],
            architecture=case.architecture,
            settings=settings(case),
            period=TRAINED,
            seeds=[1],
            device=data.device,
        )
        days = reached_days(data.cube, TRAINED, case.days)
        self.run.samples = Samples(days, data.samples[data.chosen], 1, case.batch)

    @property
    def network(self):
        """The member's network with its present weights."""
        self._network.load_state_dict(weights_of(self.run.model.state_dict(), 0))
        return self._network

    def train(self) -> int:
        """An epoch of the samples of a round; returns their number."""
        self.run.train_epoch()
        return self.run.samples.days

    def evaluate(self) -> int:
        """Predict the basins of a round, up to the finished table; returns the number of days."""
        data = self.data
        arguments = (data.vectors, EVALUATED, self.case.days, data.device)
        return len(predict(self.network, data.evaluated, data.scaler, *arguments))
