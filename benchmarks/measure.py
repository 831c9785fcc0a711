"""All contenders of a case in turn, round by round."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.arithmetic import operations
from benchmarks.cases import PAPER_DAYS, Case
from benchmarks.worker import CONTENDERS, Worker

ORDERS = {"train": "training", "evaluate": "evaluation"}


def measure(case: Case, folder: Path, rounds: int) -> pd.DataFrame:
    """Measure a case.

    In every round each contender works once, and each round starts with another one: the speed of
    a machine swings, and so all of them meet the same swings. A first round is not counted.

    Parameters
    ----------
    case : Case
    folder : Path
        Where `benchmarks.data.make` wrote the data.
    rounds : int

    Returns
    -------
    DataFrame
        One row per kind of work and contender; columns as in benchmarks/README.md.
    """
    workers = {name: Worker(name, case, folder) for name in CONTENDERS}
    for worker in workers.values():
        worker.wait()
    rates = {order: {name: [] for name in workers} for order in ORDERS}
    names = list(workers)
    for turn in range(rounds + 1):
        for order in ORDERS:
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                rate = workers[name].do(order)
                if turn:
                    rates[order][name].append(rate)
    memory = {name: worker.stop() for name, worker in workers.items()}
    needed = operations(case)
    return pd.DataFrame(
        _row(case, order, name, rates[order], memory[name], needed[order])
        for order in ORDERS
        for name in workers
        if name != "matrix product"
    )


def _row(case, order, name, rates, memory, operations):
    rate = np.array(rates[name])
    ratio = np.array(rates["randvec"]) / rate
    share = rate * operations / np.array(rates["matrix product"])
    row = {
        "size": case.size,
        "architecture": case.architecture,
        "static_size": case.static_size,
        "work": ORDERS[order],
        "contender": name,
        "windows_per_second": np.median(rate),
        "slowest": rate.min(),
        "fastest": rate.max(),
        "days_per_second": np.median(rate) * case.predicted_days,
        "ratio": np.median(ratio),
        "ratio_lowest": ratio.min(),
        "ratio_highest": ratio.max(),
        "product_share": np.median(share),
        "peak_memory_mb": memory.process / 1e6,
    }
    if memory.gpu is not None:
        row["gpu_memory_mb"] = memory.gpu / 1e6
        row["seconds_per_epoch"] = PAPER_DAYS / row["days_per_second"]
    return row
