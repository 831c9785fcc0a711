"""The performance table: medians, failures, and basins without NSE."""

import numpy as np
import pandas as pd

from randvec.evaluation import performance
from randvec.evaluation.metrics import METRICS
from randvec.evaluation.tables import read_performance

CONTRACT = (
    "scenario model architecture vector dimension member basins nse_median nse_mean nse_failures "
    "kge_median alpha_nse_median beta_nse_median fhv_median flv_median fms_median basins_undefined "
    "basins_dropped"
)


def scores(nse) -> pd.DataFrame:
    nse = np.asarray(nse, float)
    table = pd.DataFrame({"basin": [f"{k:08d}" for k in range(nse.size)], "nse": nse})
    for place, name in enumerate(list(METRICS)[1:], 1):
        table[name] = np.arange(nse.size) + place * 10.0
    return table.assign(days=100)


def full(member, metrics):
    return performance.row("full", "CN", "ct_lstm", "none", 0, member, metrics, dropped=3)


def test_counts_and_medians():
    row = full("ensemble", scores([0.5, 0.0, -1.0, 0.9, 0.7]))
    assert row["basins"] == 5
    assert row["nse_median"] == 0.5
    assert np.isclose(row["nse_mean"], 1.1 / 5)
    assert row["nse_failures"] == 2  # zero is a failure
    assert row["kge_median"] == 12
    assert row["fms_median"] == 62
    assert row["basins_undefined"] == 0
    assert row["basins_dropped"] == 3


def test_undefined_basins_are_counted_and_left_out():
    row = full(1, scores([0.5, np.nan, 0.7, np.nan]))
    assert (row["basins"], row["basins_undefined"], row["nse_failures"]) == (4, 2, 0)
    assert np.isclose(row["nse_median"], 0.6)
    assert np.isclose(row["nse_mean"], 0.6)
    assert row["kge_median"] == 11  # of basins 0 and 2


def test_a_metric_undefined_in_a_basin_with_nse_is_left_out_of_that_metric_alone():
    table = scores([0.5, 0.6, 0.7])
    table.loc[2, "flv"] = np.nan
    row = full(1, table)
    assert row["flv_median"] == 50.5
    assert row["kge_median"] == 11


def test_nothing_defined():
    row = full(1, scores([np.nan]))
    assert np.isnan(row["nse_median"])
    assert np.isnan(row["nse_mean"])
    assert (row["nse_failures"], row["basins_undefined"]) == (0, 1)


def test_table_and_csv(tmp_path):
    rows = [full("ensemble", scores([0.1, 1 / 3])), full(12, scores([np.nan]))]
    table = performance.table(rows)
    assert list(table.columns) == CONTRACT.split()
    performance.write_performance(table, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text().splitlines()
    assert text[0] == CONTRACT.replace(" ", ",")
    assert text[2] == "full,CN,ct_lstm,none,0,12,1,,,0,,,,,,,1,3"
    back = read_performance(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(back, table, check_exact=True, check_dtype=False)
    assert back["vector"].tolist() == ["none", "none"]
    assert back["member"].tolist() == ["ensemble", "12"]
