"""The contender that is measured: this pipeline's own training loop and its own prediction."""

from benchmarks.cases import Case
from benchmarks.data import EVALUATED, Data, settings
from randvec.evaluation.predict import predict
from randvec.models.build import from_settings
from randvec.training.loop import _loss_weights, _make_repeatable, _Run, static_table
from randvec.training.windows import Windows


class Ours:
    """A member on the samples of a round, as `randvec.training.loop.train_member` has it."""

    def __init__(self, case: Case, data: Data):
        _make_repeatable(1, data.device)
        self.case = case
        self.data = data
        model = from_settings(case.architecture, case.static_size, settings(case))
        self.run = _Run(
            model=model.to(data.device),
            windows=Windows(data.cube, data.scaler, case.days, data.device),
            statics=static_table(data.vectors, data.cube.basins, data.device),
            positions=data.samples[data.chosen].to(data.device),
            weights=_loss_weights("nse", data.scaler, data.cube.basins).to(data.device),
            settings=settings(case),
            seed=1,
        )

    def train(self) -> int:
        """An epoch of the samples of a round; returns their number."""
        self.run.train_epoch()
        return len(self.run.positions)

    def evaluate(self) -> int:
        """Predict the basins of a round, up to the finished table; returns the number of days."""
        data = self.data
        arguments = (data.vectors, EVALUATED, self.case.days, data.device)
        return len(predict(self.run.model, data.evaluated, data.scaler, *arguments))
