"""How much is checked: on a GPU at the paper's size, on a CPU reduced."""

from dataclasses import dataclass

from benchmarks.cases import PHYSICAL, Case


@dataclass(frozen=True)
class Size:
    """A size of the check.

    Attributes
    ----------
    basins : int
    record, period : tuple of str
        First and last day of the series, and of those that are trained on.
    hidden, middle, small : int
        Hidden units, and those of networks that cuDNN computes otherwise: both ways if they are
        small, and forwards alone if they are of a size between.
    to_one, to_many : tuple of int
        Days of a window and predicted days, of sequence to one and sequence to sequence.
    batch_to_one : int
        Windows of an update.
    batches_to_many : tuple of int
        The same, powers of two; the first is that of all comparisons.
    compared : int
        Windows that are compared with the reference.
    product : int
        Rows and columns of the matrices whose product gives the rate of the device.
    seconds : float
        Time of a measurement.
    start_until, measure_until : float
        No run and no comparison is started later, and no measurement of speed [s].
    timeout : float
        Longest time of the run of the workflow, and twice that of a job of it [s].
    """

    basins: int
    record: tuple[str, str]
    period: tuple[str, str]
    hidden: int
    middle: int
    small: int
    to_one: tuple[int, int]
    to_many: tuple[int, int]
    batch_to_one: int
    batches_to_many: tuple[int, ...]
    compared: int
    product: int
    seconds: float
    start_until: float
    measure_until: float
    timeout: float

    def case(
        self,
        architecture: str,
        predicted_days: int,
        *,
        static_size: int = PHYSICAL,
        hidden: int | None = None,
        batch: int | None = None,
    ) -> Case:
        """A network of this size; with its hidden units and windows unless others are given."""
        to_one = predicted_days == self.to_one[1]
        days, _ = self.to_one if to_one else self.to_many
        batch = batch or (self.batch_to_one if to_one else self.batches_to_many[0])
        given = static_size, days, predicted_days, hidden or self.hidden, batch
        return Case("gpu-check", architecture, *given, updates=0, basins=0)


#: The paper's networks and days; sequence to sequence as in paper_sequence_to_sequence.yaml.
FULL = Size(
    basins=531,
    record=("1998-10-01", "2008-09-30"),
    period=("1999-10-01", "2008-09-30"),
    hidden=256,
    middle=160,
    small=64,
    to_one=(270, 1),
    to_many=(365, 180),
    batch_to_one=256,
    batches_to_many=(32, 64, 128, 256),
    compared=32,
    product=8192,
    seconds=1.0,
    start_until=330,
    measure_until=440,
    timeout=150,
)
REDUCED = Size(
    basins=8,
    record=("1998-10-01", "2001-09-30"),
    period=("1999-10-01", "2001-09-30"),
    hidden=16,
    middle=8,
    small=4,
    to_one=(30, 1),
    to_many=(40, 20),
    batch_to_one=64,
    batches_to_many=(4, 8),
    compared=8,
    product=256,
    seconds=0.02,
    start_until=900,
    measure_until=900,
    timeout=400,
)
