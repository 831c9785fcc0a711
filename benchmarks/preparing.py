"""`python -m benchmarks.preparing [basins]`: time and memory of many basins, files to training."""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import torch

from benchmarks.worker import peak_memory
from randvec.data.caravan import DESCRIPTORS, FORCINGS, Caravan
from randvec.data.prepare import prepare
from randvec.data.scaler import fit_scaler
from randvec.data.series import SeriesWriter, load_cube
from randvec.series_check import check_series
from randvec.training.samples import training_samples
from randvec.training.windows import Windows

BASINS, DAYS = 6830, 14_975
PERIODS = {"train": ["1999-10-01", "2008-09-30"], "test": ["1989-10-01", "1999-09-30"]}
#: What is to be trained.
PARTS = {"main": [("full", "EP")], "data_length": [("years-1", "EP"), ("years-2", "EP")]}
#: Series that differ; more basins than that are links to the same files.
DIFFERENT = 96


def main(basins: int) -> pd.DataFrame:
    """Measure so many basins and a tenth of them, each step in a process of its own.

    Returns
    -------
    DataFrame
        A row a step and number of basins; the last column is the ratio to the tenth.
    """
    rows = []
    for count in (basins // 10, basins):
        with tempfile.TemporaryDirectory() as temporary:
            write_caravan(Path(temporary), count)
            for step in (_prepare, _member):
                row = {"step": step.__name__.strip("_"), "basins": count}
                rows.append(row | _afresh(step, Path(temporary)))
    table = pd.DataFrame(rows)
    first = table.groupby("step")["peak_memory_mb"].transform("first")
    return table.assign(memory_ratio=table["peak_memory_mb"] / first)


def write_caravan(folder: Path, basins: int) -> None:
    """Write Caravan as netCDF, with numbers of two decimals and discharge of many."""
    names = [f"made_{number:05d}" for number in range(basins)]
    series, attributes = folder / "timeseries/netcdf/made", folder / "attributes/made"
    series.mkdir(parents=True)
    attributes.mkdir(parents=True)
    random = np.random.default_rng(1)
    for number, name in enumerate(names):
        if number >= DIFFERENT:
            os.link(series / f"{names[number % DIFFERENT]}.nc", series / f"{name}.nc")
            continue
        with h5py.File(series / f"{name}.nc", "w") as file:
            file["date"] = np.arange(DAYS)
            file["date"].attrs["units"] = np.bytes_("days since 1981-01-01 00:00:00")
            for forcing in FORCINGS:
                file[forcing] = random.normal(15, 5, DAYS).clip(0).round(2).astype(np.float32)
            file["streamflow"] = random.gamma(0.5, 2, DAYS).astype(np.float32)
    columns = [name for group in DESCRIPTORS.values() for name in group]
    table = pd.DataFrame({"gauge_id": names})
    for column in (*columns, "gauge_lat", "gauge_lon"):
        table[column] = random.uniform(1, 60, basins)
    table.to_csv(attributes / "attributes_other_made.csv", index=False)


def _afresh(step: Callable[[Path], dict], folder: Path) -> dict:
    # Started afresh, so that the memory is the step's own.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, step, folder).result()


def _measure(step: Callable[[Path], dict], folder: Path) -> dict:
    started = time.perf_counter()
    about = step(folder)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_memory_mb": peak_memory() / 1e6, **about}


def _prepare(folder: Path) -> dict:
    with SeriesWriter(folder / "series.parquet") as series:
        given = (DESCRIPTORS, PERIODS, 270, "stop", 2)
        prepare(Caravan({"folder": str(folder)}), series.add, *given)
    check_series(PARTS, PERIODS, folder / "series.parquet")
    unit = 1 if sys.platform == "darwin" else 1024
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    size = (folder / "series.parquet").stat().st_size
    return {"one_reading_process_mb": reader / 1e6, "result_mb": size / 1e6}


def _member(folder: Path) -> dict:
    """What a member does before its first update, but for its network."""
    settings = {"sequence_length": 270, "predicted_days": 180, "batch_size": 32}
    period, length = PERIODS["train"], settings["sequence_length"]
    check_series(PARTS, PERIODS, folder / "series.parquet")
    cube = load_cube(folder / "series.parquet", periods=[period], warm_up=length - 1)
    windows = Windows(cube, fit_scaler(cube, *period), length, "cpu")
    samples = training_samples(cube, period, settings)
    batch = next(samples.batches([torch.Generator().manual_seed(1)]))
    windows.forcing_before(batch.positions)
    return {"result_mb": len(cube.basins) * DAYS * 6 * 4 / 1e6}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.preparing", description=__doc__)
    parser.add_argument("basins", nargs="?", type=int, default=BASINS)
    print(main(parser.parse_args().basins).round(1).to_string(index=False))
