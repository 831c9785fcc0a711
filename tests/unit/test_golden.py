"""Published means and standard deviations of the 531 basins (Kratzert et al. 2019).

Population moments from 1999-10-01 to 2008-09-30, with every digit that is printed there. A reader
that gets them reads forcing, areas, units and dates right.
"""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from randvec.data.camels_us import find_series, read_basin_list
from randvec.data.camels_us_series import read_forcing, read_streamflow, to_millimetres
from randvec.data.prepare import prepare, write
from randvec.data.scaler import fit_scaler
from randvec.data.series import FORCING, load_cube

pytestmark = pytest.mark.camels

LIST = Path(__file__).resolve().parents[2] / "config" / "basins" / "531.txt"
TRAIN, TEST = ("1999-10-01", "2008-09-30"), ("1989-10-01", "1999-09-30")
ROWS = 1_745_928
COLUMNS = (*FORCING, "discharge")
MEAN = ["3.17563234", "372.01003929", "17.31934062", "3.97393362", "924.98004197", "1.49996196"]
STD = ["6.94344737", "131.63560881", "10.86689718", "10.39400320", "629.44576432", "3.62443672"]


def training_days(task):
    """The six columns of one basin's training days, float64, straight from the text files."""
    basin, forcing_file, streamflow_file = task
    days, area = read_forcing(forcing_file)
    flow = read_streamflow(streamflow_file, basin)
    flow["discharge"] = to_millimetres(flow["discharge"], area)
    joined = days.merge(flow, on="date").set_index("date").loc[slice(*TRAIN)]
    return joined[list(COLUMNS)].to_numpy()


def test_text_files_give_every_published_digit(camels_folder):
    forcing, streamflow = find_series(camels_folder, "maurer_extended")
    tasks = [(basin, forcing[basin], streamflow[basin]) for basin in read_basin_list(LIST)]
    with ProcessPoolExecutor(2) as pool:
        days = np.concatenate(list(pool.map(training_days, tasks, chunksize=8)))
    assert days.shape == (ROWS, 6) and not np.isnan(days).any()
    assert [f"{value:.8f}" for value in days.mean(axis=0)] == MEAN
    assert [f"{value:.8f}" for value in days.std(axis=0)] == STD


def test_parquet_and_scaler_of_531_basins(camels_folder, tmp_path):
    """Single precision keeps seven digits of a value and, of a mean of millions, some more."""
    paths = {name: str(tmp_path / name) for name in ("series", "descriptors", "basins")}
    periods = {"train": list(TRAIN), "test": list(TEST)}
    prepared = prepare(str(camels_folder), "maurer_extended", str(LIST), periods, 270, "stop", 2)
    write(prepared, **paths)
    assert (tmp_path / "series").stat().st_size < 60e6  # MB for 1980 to 2008
    basins = pd.read_csv(paths["basins"], dtype={"basin": str})
    assert len(basins) == 531 and basins["used"].all()
    assert (basins[["missing_days_train", "missing_days_test"]] == 0).all(axis=None)
    descriptors = pd.read_parquet(paths["descriptors"])
    assert descriptors.shape == (531, 30) and not descriptors.isna().any(axis=None)

    cube = load_cube(paths["series"])
    assert np.isfinite(cube.discharge[:, cube.days(*TRAIN)]).sum() == ROWS
    scaler = fit_scaler(cube, *TRAIN)
    found = [*scaler.forcing_mean, scaler.discharge_mean, *scaler.forcing_std, scaler.discharge_std]
    np.testing.assert_allclose(found, np.array(MEAN + STD, dtype=float), rtol=1e-8)
