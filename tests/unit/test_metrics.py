"""Metrics against independent packages, and where they are undefined."""

import HydroErr
import hydroeval
import numpy as np
import pandas as pd
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from neuralhydrology.evaluation import metrics as peer

from randvec.evaluation import metrics
from randvec.evaluation.tables import read_metrics

PEERS = {
    "nse": peer.nse,
    "kge": peer.kge,
    "alpha_nse": peer.alpha_nse,
    "beta_nse": peer.beta_nse,
    "fhv": peer.fdc_fhv,
    "flv": peer.fdc_flv,
    "fms": peer.fdc_fms,
}
# Both sides sum float64 in another order; a percentage near 1000 then differs by about 1e-11.
CLOSE = dict(rtol=1e-10, atol=1e-10)


def discharge(seed: int, days: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    """Skewed discharge with missing days, dry days and ties, and an imperfect simulation."""
    rng = np.random.default_rng(seed)
    observed = rng.gamma(0.7, 2.0, days).round(2)
    simulated = observed * rng.lognormal(0.05, 0.4, days) + rng.gamma(0.5, 0.1, days)
    observed[rng.random(days) < 0.05] = 0
    simulated[rng.random(days) < 0.05] = 0
    observed[rng.random(days) < 0.1] = np.nan
    return observed.astype(np.float32), simulated.astype(np.float32)


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("days", [40, 365, 1500])
def test_equals_neuralhydrology(name, seed, days):
    observed, simulated = (x.astype(np.float64) for x in discharge(seed, days))
    time = {"date": pd.date_range("2000-01-01", periods=days)}
    expected = PEERS[name](
        xarray.DataArray(observed, dims="date", coords=time),
        xarray.DataArray(simulated, dims="date", coords=time),
    )
    assert np.isfinite(expected)
    np.testing.assert_allclose(metrics.METRICS[name](observed, simulated), expected, **CLOSE)


@pytest.mark.parametrize("seed", range(5))
def test_nse_and_kge_equal_hydroeval_and_hydroerr(seed):
    observed, simulated = (x.astype(np.float64) for x in discharge(seed))
    valid = ~np.isnan(observed)
    kept = simulated[valid], observed[valid]
    nse, kge = metrics.nse(observed, simulated), metrics.kge(observed, simulated)
    np.testing.assert_allclose(nse, HydroErr.nse(*kept), **CLOSE)
    np.testing.assert_allclose(kge, HydroErr.kge_2009(*kept), **CLOSE)
    np.testing.assert_allclose(nse, hydroeval.evaluator(hydroeval.nse, *kept)[0], **CLOSE)
    np.testing.assert_allclose(kge, hydroeval.evaluator(hydroeval.kge, *kept)[0, 0], **CLOSE)


def test_values_worked_by_hand():
    observed, simulated = np.array([1.0, 2.0, np.nan, 3.0]), np.array([1.0, 2.0, 99.0, 5.0])
    # Errors 0, 0, 2; anomalies -1, 0, 1: NSE = 1 - 4/2. Means 8/3 and 2; std sqrt(2/3).
    assert metrics.nse(observed, simulated) == pytest.approx(-1)
    assert metrics.beta_nse(observed, simulated) == pytest.approx((2 / 3) / np.sqrt(2 / 3))
    # Simulated anomalies -5/3, -2/3, 7/3: variance (25 + 4 + 49) / 27.
    assert metrics.alpha_nse(observed, simulated) == pytest.approx(np.sqrt(78 / 27 / (2 / 3)))


def test_perfect_simulation():
    observed, _ = discharge(0)
    scores = {name: m(observed, np.nan_to_num(observed)) for name, m in metrics.METRICS.items()}
    assert scores == pytest.approx(
        dict(nse=1, kge=1, alpha_nse=1, beta_nse=0, fhv=0, flv=0, fms=0), abs=1e-12
    )


def test_missing_days_do_not_count():
    observed, simulated = discharge(3)
    valid = ~np.isnan(observed)
    for metric in metrics.METRICS.values():
        assert metric(observed, simulated) == metric(observed[valid], simulated[valid])


@pytest.mark.parametrize("name", PEERS)
def test_undefined_without_valid_days(name):
    metric = metrics.METRICS[name]
    assert np.isnan(metric(np.array([]), np.array([])))
    assert np.isnan(metric(np.full(50, np.nan), np.ones(50)))


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3])
def test_constant_discharge_is_undefined(value):
    # 0.1 summed and divided again is not 0.1: the variance alone would not tell.
    observed, simulated = np.full(1000, value), discharge(0, 1000)[1]
    for name in ("nse", "kge", "alpha_nse", "beta_nse", "flv", "fms"):
        assert np.isnan(metrics.METRICS[name](observed, simulated)), name


def test_a_constant_simulation_has_a_correlation_of_zero():
    """1 - sqrt(2) is what Knoben et al. (2019) give for the mean as a simulation."""
    observed, _ = discharge(0)
    always_mean = np.full(observed.size, np.nanmean(observed))
    assert metrics.nse(observed, always_mean) == pytest.approx(0)
    assert metrics.kge(observed, always_mean) == pytest.approx(1 - np.sqrt(2))
    assert metrics.kge(observed, np.zeros(observed.size)) == pytest.approx(1 - np.sqrt(3))


def test_a_river_dry_for_a_third_of_the_year_has_no_low_flow_bias():
    observed, simulated = discharge(0)
    observed[:600] = 0
    assert np.isnan(metrics.flv(observed, simulated))
    assert np.isfinite(metrics.nse(observed, simulated))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_simulation_that_is_not_finite_is_undefined(bad):
    observed, simulated = discharge(0)
    simulated[np.flatnonzero(~np.isnan(observed))[5]] = bad
    assert all(np.isnan(metric(observed, simulated)) for metric in metrics.METRICS.values())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 60).flatmap(lambda n: st.tuples(*[arrays(np.float32, n)] * 2)))
@pytest.mark.filterwarnings("error")
def test_never_an_exception_nor_an_infinity(series):
    observed, simulated = series
    for name, metric in metrics.METRICS.items():
        assert not np.isinf(metric(observed, simulated)), name


def test_basin_table():
    frames = []
    for basin, seed in [("09999999", 1), ("01022500", 2), ("01013500", 3)]:
        observed, simulated = discharge(seed, 400)
        if basin == "09999999":
            observed[:] = 2
        dates = pd.date_range("2000-01-01", periods=400)
        frames.append(pd.DataFrame(dict(date=dates, observed=observed, simulated=simulated)))
        frames[-1].insert(0, "basin", basin)
    table = metrics.basin_metrics(pd.concat(frames))
    assert list(table.columns) == ["basin", *PEERS, "days"]
    assert list(table["basin"]) == ["01013500", "01022500", "09999999"]
    assert table["nse"].isna().tolist() == [False, False, True]
    observed, simulated = discharge(2, 400)
    assert table["nse"][1] == metrics.nse(observed, simulated)
    assert table["days"][1] == (~np.isnan(observed)).sum()
    assert table["days"][2] == 400


def test_csv_reads_back_bit_for_bit(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"basin": ["01013500", "NA"], "nse": [rng.normal() / 3, np.nan]})
    table = table.assign(**{n: rng.normal(size=2) * 1e-7 for n in list(metrics.METRICS)[1:]})
    table = table.assign(days=[3652, 0])
    metrics.write_metrics(table, tmp_path / "a.csv")
    metrics.write_metrics(table, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.csv").read_text().splitlines()[2].startswith("NA,,")
    back = read_metrics(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(back, table, check_exact=True, check_dtype=False)
