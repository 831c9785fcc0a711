"""Seconds of an epoch, peak memory, and the share of the device's rate of matrix products."""

import gc
import time
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import numpy as np
import pandas as pd
import torch

from benchmarks.arithmetic import operations
from benchmarks.cases import Case
from benchmarks.data import settings
from benchmarks.gpu_check.agreement import in_form
from benchmarks.gpu_check.sizes import Size
from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.data.scaler import fit_scaler
from randvec.data.series import Cube
from randvec.models import recurrence_fast
from randvec.training.loop import LOOK_EVERY, TrainingLoop
from randvec.training.samples import Batch, Samples
from randvec.training.torch_setup import tf32
from randvec.training.train import begin
from randvec.training.windows import Windows
from randvec.vectors import gaussian

#: In an epoch whose losses are looked at once: for them, and for the weights at its end.
WAITS = 2

#: Batches that are trained twice.
REPEATED = 16


class FewBatches:
    """The first batches of an epoch, so many at a time, in place of all of them.

    Attributes
    ----------
    count : int
        How many come next.
    drawing : float
        Time that it took to draw the epoch and bring it to the device [s].
    """

    def __init__(self, loop: TrainingLoop) -> None:
        samples: Samples = loop.samples
        self.days, self.updates = samples.days, samples.updates
        self.count = 1
        started = time.perf_counter()
        batches = samples.batches(loop.order, loop.device)
        self.rest = chain([next(batches)], batches)
        self.drawing = time.perf_counter() - started

    def batches(self, *_) -> Iterator[Batch]:
        """As `Samples.batches`; the generators have been used already."""
        return islice(self.rest, self.count)


class Speed:
    """Measures trainings on made-up series, which are as good as any for it.

    Parameters
    ----------
    size : Size
    device : str
    """

    def __init__(self, size: Size, device: str) -> None:
        self.size = size
        self.device = device
        self.cube = made_up_series(size)
        self.scaler = fit_scaler(self.cube, *size.period)
        self.rates = {}
        self.held = 0  # GPU memory that is not of what is measured [bytes]

    def product(self, *, precision: str) -> dict:
        """The rate at which the device multiplies large matrices [floating-point operations/s]."""
        kind = torch.bfloat16 if precision == "bf16" else torch.float32
        n = self.size.product
        left, right, out = torch.randn(3, n, n, device=self.device).to(kind)

        def seconds(count: int) -> float:
            work = self._seconds(lambda: [torch.mm(left, right, out=out) for _ in range(count)])
            return work / count

        with tf32(precision != "float32"):
            seconds(2)  # not counted
            self.rates[precision] = 2 * n**3 / seconds(max(8, int(self.size.seconds / seconds(8))))
        return {"matrix products, 10^12 operations/s": (self.rates[precision] / 1e12, None)}

    def epoch(
        self,
        *,
        architecture: str,
        static_size: int,
        predicted_days: int,
        members: int,
        form: str,
        precision: str,
        batch_size: int,
    ) -> dict:
        """Seconds of an epoch from some of its batches, GPU memory and share of the rate."""
        case = self.size.case(
            architecture, predicted_days, static_size=static_size, batch=batch_size
        )
        loop, few = self._loop(case, members, precision)
        with in_form(form, self.device):
            few.count = 2
            self._seconds(loop.train_epoch)  # not counted: the first batches make buffers
            few.count = 1
            one = self._seconds(loop.train_epoch)
            few.count = max(1, min(int(self.size.seconds / one), few.updates - 3, 64))
            seconds = self._seconds(loop.train_epoch) / few.count
        rate = members * batch_size * operations(case)["train"] / seconds
        found = {
            "seconds an epoch": (few.drawing + few.updates * seconds, None),
            "batches measured": (few.count, None),
            "share of the rate of matrix products": (rate / self.rates[precision], None),
        }
        if self.device == "cuda":
            # Reserved, as memory that a stream still reads is counted as free otherwise.
            own = torch.cuda.max_memory_reserved() - self.held
            found["peak memory, GB"] = (own / 1e9, None)
        return found

    def waits(
        self, *, architecture: str, static_size: int, predicted_days: int, members: int
    ) -> dict:
        """How often the host waits for the GPU in batches that are looked at once."""
        case = self.size.case(architecture, predicted_days, static_size=static_size)
        loop, few = self._loop(case, members, "float32")
        loop.train_epoch()
        few.count = min(16, LOOK_EVERY["cuda"])
        torch.cuda.set_sync_debug_mode("warn")
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                loop.train_epoch()
        finally:
            torch.cuda.set_sync_debug_mode("default")
        found = sum("a synchronizing" in str(warning.message) for warning in caught)
        return {
            "waits in 16 batches": (found, WAITS),
            "waits that were expected and not seen": (max(0, WAITS - found), 0),
        }

    def repeat(
        self, *, architecture: str, static_size: int, predicted_days: int, members: int
    ) -> dict:
        """Train the same batches twice, and cut their windows on the CPU as well."""
        case = self.size.case(architecture, predicted_days, static_size=static_size)
        weights = []
        for _ in range(2):
            loop, few = self._loop(case, members, "float32")
            few.count = min(REPEATED, few.updates - 1)
            loop.train_epoch()
            weights.append({name: w.clone() for name, w in loop.model.state_dict().items()})
        differ = sum(not torch.equal(weights[1][name], w) for name, w in weights[0].items())
        few.count = 1
        (batch,) = few.batches()
        elsewhere = Windows(self.cube, self.scaler, loop.windows.sequence_length, "cpu")
        cut = loop.windows.forcing_before(batch.positions).cpu()
        same = torch.equal(cut, elsewhere.forcing_before(batch.positions.cpu()))
        return {
            f"weights that differ after {REPEATED} batches": (differ, 0),
            "windows that are not those of the CPU": (int(not same), 0),
        }

    def _loop(self, case: Case, members: int, precision: str) -> tuple[TrainingLoop, FewBatches]:
        """Members before their first update, whose epochs are some batches."""
        recurrence_fast._spare.clear()
        gc.collect()
        if self.device == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
            self.held = torch.cuda.memory_reserved()
        seeds = list(range(1, members + 1))
        _, loop = begin(
            cube=self.cube,
            scaler=self.scaler,
            vectors=[_vectors(self.cube.basins, case.static_size, seed) for seed in seeds],
            architecture=case.architecture,
            settings=settings(case) | {"precision": precision},
            period=self.size.period,
            seeds=seeds,
            device=self.device,
        )
        loop.samples = few = FewBatches(loop)
        return loop, few

    def _seconds(self, work) -> float:
        synchronize = torch.cuda.synchronize if self.device == "cuda" else lambda: None
        synchronize()
        started = time.perf_counter()
        work()
        synchronize()
        return time.perf_counter() - started


def made_up_series(size: Size) -> Cube:
    """Series of as many basins and days as in the experiment, without a meaning."""
    random = np.random.default_rng(0)
    first, last = np.array(size.record, "datetime64[D]")
    dates = np.arange(first, last + 1)
    shape = size.basins, len(dates)
    forcing = random.standard_normal((*shape, len(FORCING)), np.float32)
    discharge = random.gamma(0.5, 2.0, shape).astype(np.float32)
    basins = tuple(f"{number:08d}" for number in range(size.basins))
    return Cube(basins, dates, FORCING, forcing, discharge)


def _vectors(basins: Sequence[str], width: int, seed: int) -> pd.DataFrame:
    return gaussian.make(pd.DataFrame({"basin": basins}), width, seed)
