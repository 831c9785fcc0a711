"""`python -m benchmarks [folder]` measures all cases; writes speed.csv, speed.md and speed.png."""

import argparse
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.cases import cases
from benchmarks.data import make
from benchmarks.measure import measure
from benchmarks.plot import plot
from benchmarks.report import describe_machine, write_report
from randvec.training.torch_setup import choose_device

ROUNDS = 5


def main(chosen: list, rounds: int, output: Path) -> None:
    """Measure the chosen cases and write the three files to `output`."""
    started = time.monotonic()
    machine = describe_machine()
    tables = []
    with tempfile.TemporaryDirectory() as temporary:
        make(Path(temporary))
        for case in chosen:
            name = f"{case.size}, {case.architecture}, d = {case.static_size}"
            print(f"{time.monotonic() - started:5.0f} s  {name}", flush=True)
            tables.append(measure(case, Path(temporary), rounds))
    table = pd.concat(tables, ignore_index=True)
    output.mkdir(parents=True, exist_ok=True)
    table.to_csv(output / "speed.csv", index=False, float_format="%.4g", lineterminator="\n")
    minutes = (time.monotonic() - started) / 60
    write_report(table, machine | {"rounds": rounds, "minutes": minutes}, output / "speed.md")
    plot(table, output / "speed.png")
    print(f"wrote {output}/speed.csv, speed.md and speed.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/results"))
    main(cases(on_gpu=choose_device() == "cuda"), ROUNDS, parser.parse_args().folder)
