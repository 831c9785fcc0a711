"""Every text file of the archive, and the published moments of its 531 basins.

Means and population standard deviations from 1999-10-01 to 2008-09-30, with every digit that
Kratzert et al. (2019) print. A reader that gets them reads forcing, areas, units and dates right.
"""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from randvec.data.camels_us import find_root, find_series, read_basin_list
from randvec.data.camels_us_attributes import MISSING_WORDS, _read_file
from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.data.camels_us_series import read_forcing, read_streamflow, to_millimetres
from randvec.data.prepare import prepare, write
from randvec.data.scaler import fit_scaler
from randvec.data.series import SeriesWriter, load_cube
from randvec.data.sources import reader, with_defaults

pytestmark = pytest.mark.camels

LIST = Path(__file__).resolve().parents[2] / "config" / "basins" / "531.txt"
TRAIN, TEST = ("1999-10-01", "2008-09-30"), ("1989-10-01", "1999-09-30")
ROWS = 1_745_928
COLUMNS = (*FORCING, "discharge")
MEAN = ["3.17563234", "372.01003929", "17.31934062", "3.97393362", "924.98004197", "1.49996196"]
STD = ["6.94344737", "131.63560881", "10.86689718", "10.39400320", "629.44576432", "3.62443672"]


#: Columns of the attribute files that hold words; all others hold numbers.
WORDS = {"high_prec_timing", "low_prec_timing", "geol_1st_class", "geol_2nd_class", "gauge_name",
         "dom_land_cover"}  # fmt: skip


def read_basin(task):
    """Read both files of one basin whole.

    Returns the six columns of its training days, float64, and the files with their numbers of
    lines that were not read as a day.
    """
    basin, forcing_file, streamflow_file = task
    days, area = read_forcing(forcing_file)
    flow = read_streamflow(streamflow_file, basin)
    unread = {
        path: path.read_bytes().count(b"\n") - len(table)
        for path, table in ((forcing_file, days), (streamflow_file, flow))
    }
    flow["discharge"] = to_millimetres(flow["discharge"], area)
    joined = days.merge(flow, on="date").set_index("date").loc[slice(*TRAIN)]
    return joined[list(COLUMNS)].to_numpy(), unread


@pytest.fixture(scope="module")
def everything(camels_folder):
    """What `read_basin` gives for every basin of the folder; each file has to be in order."""
    forcing, streamflow = find_series(camels_folder, "maurer_extended")
    assert set(forcing) == set(streamflow)
    tasks = [(basin, forcing[basin], streamflow[basin]) for basin in forcing]
    with ProcessPoolExecutor(2) as pool:
        return dict(zip(forcing, pool.map(read_basin, tasks, chunksize=8), strict=True))


def test_every_line_of_every_series_file_is_read(camels_folder, everything):
    root = find_root(camels_folder)
    unread = {path: lines for _, files in everything.values() for path, lines in files.items()}
    forcing = set((root / "basin_mean_forcing" / "maurer_extended").rglob("*.txt"))
    streamflow = set((root / "usgs_streamflow").rglob("*.txt"))
    assert set(unread) == forcing | streamflow
    assert {unread[path] for path in forcing} == {4}  # the header
    assert {unread[path] for path in streamflow} == {0}


def test_every_number_of_every_attribute_file_is_read(camels_folder):
    """The columns that no descriptor is taken from as well, so that a damaged file is noticed."""
    (topo,) = camels_folder.rglob("camels_topo.txt")
    files = sorted(topo.parent.glob("camels_*.txt"))
    kinds = [path.stem.removeprefix("camels_") for path in files]
    assert kinds == ["clim", "geol", "hydro", "name", "soil", "topo", "vege"]
    ids = []
    for path in files:
        names, *lines = [line.split(";") for line in path.read_text().splitlines()]
        numbers = tuple(name for name in names[1:] if name not in WORDS)
        table = _read_file(path, numbers)
        assert len(table) == len(lines) and list(table.columns) == list(numbers)
        empty = [[word.strip() in MISSING_WORDS for word in line] for line in lines]
        empty = pd.DataFrame(empty, columns=names)[list(numbers)].to_numpy()
        np.testing.assert_array_equal(table.isna(), empty)
        ids.append(list(table.index))
    assert all(other == ids[0] for other in ids)
    assert set(read_basin_list(LIST)) <= set(ids[0])


def test_text_files_give_every_published_digit(everything):
    days = np.concatenate([everything[basin][0] for basin in read_basin_list(LIST)])
    assert days.shape == (ROWS, 6) and not np.isnan(days).any()
    assert [f"{value:.8f}" for value in days.mean(axis=0)] == MEAN
    assert [f"{value:.8f}" for value in days.std(axis=0)] == STD


def test_parquet_and_scaler_of_531_basins(camels_folder, tmp_path):
    """Single precision keeps seven digits of a value and, of a mean of millions, some more."""
    paths = {name: str(tmp_path / name) for name in ("series", "descriptors", "basins")}
    periods = {"train": list(TRAIN), "test": list(TEST)}
    dataset = {
        "name": "golden",
        "source": "camels_us",
        "folder": str(camels_folder),
        "forcing": "maurer_extended",
        "basins": str(LIST),
    }
    dataset = with_defaults(dataset)
    with SeriesWriter(paths.pop("series")) as series:
        given = (dataset["descriptors"], periods, 270, "stop", 2)
        write(prepare(reader(dataset), series.add, *given), **paths)
    assert (tmp_path / "series").stat().st_size < 60e6  # MB for 1980 to 2008
    basins = pd.read_csv(paths["basins"], dtype={"basin": str})
    assert len(basins) == 531 and basins["used"].all()
    assert (basins[["missing_days_train", "missing_days_test"]] == 0).all(axis=None)
    descriptors = pd.read_parquet(paths["descriptors"])
    assert descriptors.shape == (531, 30) and not descriptors.isna().any(axis=None)

    cube = load_cube(tmp_path / "series")
    assert np.isfinite(cube.discharge[:, cube.days(*TRAIN)]).sum() == ROWS
    scaler = fit_scaler(cube, *TRAIN)
    found = [*scaler.forcing_mean, scaler.discharge_mean, *scaler.forcing_std, scaler.discharge_std]
    np.testing.assert_allclose(found, np.array(MEAN + STD, dtype=float), rtol=1e-8)
