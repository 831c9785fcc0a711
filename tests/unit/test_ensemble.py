"""The ensemble mean, and the members it refuses."""

import numpy as np
import pandas as pd
import pytest

from randvec.errors import InputError
from randvec.evaluation.ensemble import average, read_members
from randvec.evaluation.predictions import read_predictions, write_predictions


def member(seed: int, basins=("01013500", "02000000"), days: int = 30) -> pd.DataFrame:
    dates = pd.date_range("1989-10-01", periods=days).astype("datetime64[ms]")
    observed = np.linspace(0, 2, days * len(basins), dtype=np.float32)
    observed[3] = np.nan
    simulated = np.random.default_rng(seed).gamma(1, 1, observed.size).astype(np.float32)
    return pd.DataFrame(
        {
            "basin": np.repeat(basins, days),
            "date": np.tile(dates, len(basins)),
            "observed": observed,
            "simulated": simulated,
        }
    )


def write(folder, **members):
    paths = {}
    for name, frame in members.items():
        paths[int(name[4:])] = folder / f"{name}.parquet"
        write_predictions(frame, paths[int(name[4:])])
    return paths


def test_mean_in_float64_rounded_once():
    members = {f"seed{k}": member(k) for k in range(1, 6)}
    expected = np.mean([m["simulated"].to_numpy(np.float64) for m in members.values()], axis=0)
    ensemble = average(members)
    assert ensemble["simulated"].dtype == np.float32
    np.testing.assert_array_equal(ensemble["simulated"], expected.astype(np.float32))
    pd.testing.assert_frame_equal(
        ensemble[["basin", "date", "observed"]], member(1)[["basin", "date", "observed"]]
    )


def test_files_in_any_order_give_the_same_bytes(tmp_path):
    paths = write(tmp_path, **{f"seed{k}": member(k) for k in (1, 2, 10)})
    write_predictions(average(read_members(paths)), tmp_path / "a")
    write_predictions(average(read_members(dict(reversed(paths.items())))), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    back = read_predictions(tmp_path / "a")
    pd.testing.assert_frame_equal(
        back, average(read_members(paths)), check_dtype=False, check_exact=True
    )


def test_reads_some_basins(tmp_path):
    path = write(tmp_path, seed1=member(1))[1]
    assert set(read_predictions(path, ["02000000"])["basin"]) == {"02000000"}


def test_missing_file_is_named(tmp_path):
    paths = write(tmp_path, seed1=member(1), seed2=member(2))
    paths[3] = tmp_path / "seed3.parquet"
    with pytest.raises(InputError, match=r"seed3\.parquet: no such file"):
        average(read_members(paths))


def test_missing_column_is_named(tmp_path):
    member(1).drop(columns="simulated").to_parquet(tmp_path / "seed1.parquet")
    with pytest.raises(InputError, match=r"seed1\.parquet: columns .* expected also simulated"):
        average(read_members({1: tmp_path / "seed1.parquet"}))


def test_no_member():
    with pytest.raises(InputError, match="no members"):
        average({})


def change(column, row, value):
    frame = member(2)
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (member(2, basins=("01013500", "03000000")), "lacking: 02000000; not expected: 03000000"),
        (member(2, days=29), "58 rows whose basins and days are not those of"),
        (member(2).iloc[::-1], "in the same order"),
        (change("date", 4, pd.Timestamp("1980-01-01")), "basins and days"),
        (change("observed", 5, 9), "01013500 on 1989-10-06 is 9.0"),
        (change("observed", 3, 1), "01013500 on 1989-10-04 is 1.0"),
        (change("observed", 31, np.nan), "02000000 on 1989-10-02 is nan"),
        (change("simulated", 31, np.nan), "02000000 on 1989-10-02 is nan"),
        (change("simulated", 0, np.inf), "01013500 on 1989-10-01 is inf"),
    ],
)
def test_refused_member_is_named(tmp_path, bad, message):
    paths = write(tmp_path, seed1=member(1), seed2=bad)
    with pytest.raises(InputError, match=message) as error:
        average(read_members(paths))
    assert str(error.value).startswith(str(paths[2]))
