"""`python -m benchmarks.gpu_check [folder]` checks and measures; writes gpu_check.csv and .md."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.gpu_check import plan, runs
from benchmarks.gpu_check.agreement import Agreement
from benchmarks.gpu_check.record import Record, driver
from benchmarks.gpu_check.sizes import FULL, REDUCED, Size
from benchmarks.gpu_check.speed import Speed
from benchmarks.report import describe_machine
from randvec.training.torch_setup import choose_device, make_repeatable

SAID = {
    "cuda": "At the paper's size, on made-up series.",
    "cpu": "No GPU is at hand: this is the CPU at a reduced size, and says nothing of a GPU.",
}
ABOUT = ("device", "driver", "torch", "commit", "date")


def main(folder: Path) -> int:
    """Check and measure on the device at hand; returns how many rows failed."""
    device = choose_device()
    make_repeatable()  # before the first product, as cuBLAS is set up then
    size = FULL if device == "cuda" else REDUCED
    print(SAID[device], flush=True)
    about = describe_machine() | {"driver": driver()}
    about = {key: about[key] for key in ABOUT}
    record = Record(folder, about, SAID[device], size.start_until)
    try:
        run(record, size, device)  # first, as some cards are set to take one process at a time
        compare(record, size, device)
        record.start_until = size.measure_until
        measure(record, size, device)
    except BaseException:
        record.write()
        raise
    record.write(finished=True)
    print(f"Wrote {folder}/gpu_check.csv and gpu_check.md in {record.seconds:.0f} s.")
    for row in record.failed:
        print("failed:", *(str(value) for value in row.values()), file=sys.stderr)
    return len(record.failed)


def compare(record: Record, size: Size, device: str) -> None:
    """Every architecture, number of predicted days and form against the reference."""
    for network in plan.compared(size):
        agreement = Agreement(size.case(**network), size.compared, plan.MEMBERS)
        for how in plan.comparisons(device):
            record.attempt("agreement", agreement.errors, device, **network, **how)


def run(record: Record, size: Size, device: str) -> None:
    """A run of the workflow, its members trained again, and one of them killed and resumed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        record.attempt("workflow", runs.run_workflow, folder, device, size)
        record.attempt("trained twice", runs.train_again, folder, size.timeout)
        record.attempt("killed and resumed", runs.kill_and_resume, folder, size.timeout)


def measure(record: Record, size: Size, device: str) -> None:
    """Rates, speed, waits, and whether many streams repeat."""
    speed = Speed(size, device)
    for precision in plan.PRECISIONS[device]:
        record.attempt("matrix products", speed.product, precision=precision)
    for case in plan.repeated(size):
        record.attempt("batches repeated", speed.repeat, **case)
    if device == "cuda":
        for case in plan.trainings(size):
            record.attempt("waits for the GPU", speed.waits, **case)
    for case in plan.speeds(size, device):
        record.attempt("speed", speed.epoch, **case)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu_check", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("results/gpu_check"))
    sys.exit(main(parser.parse_args().folder) > 0)
