"""Predictions against windows that are cut and run one by one."""

import os

import numpy as np
import pytest
import torch
from small_data import BASINS, SETTINGS, TEST, arguments, make_cube, train_member

from randvec.errors import InputError
from randvec.evaluation.predict import predict
from randvec.training import forward
from randvec.training.windows import Windows

LENGTH = SETTINGS["sequence_length"]
DAYS = 92  # of TEST, from day 212 of the record on


def trained(architecture="ea_lstm", **changes):
    given = arguments(architecture=architecture, epochs=1, **changes)
    return train_member(**given).model, given


def simulate(model, given, period=TEST, predicted_days=1, **changes):
    given = given | changes
    data = (given["cube"], given["scaler"], given["vectors"])
    return predict(model, *data, period, LENGTH, "cpu", predicted_days)


@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm", "sr_lstm_ea", "fm_lstm"])
def test_predictions_equal_windows_run_one_by_one(architecture):
    model, given = trained(architecture)
    table = simulate(model, given).set_index(["basin", "date"])
    cube, scaler = given["cube"], given["scaler"]
    vectors = given["vectors"].set_index("basin")
    for basin, day in ((0, 212), (1, 250), (2, 212 + DAYS - 1)):
        window = cube.forcing[basin, day - LENGTH + 1 : day + 1].astype(np.float64)
        window = (window - scaler.forcing_mean) / scaler.forcing_std
        static = torch.tensor(vectors.loc[BASINS[basin]].to_numpy(np.float32))
        with torch.no_grad():
            value = model(torch.tensor(window, dtype=torch.float32)[:, None], static[None])
        expected = max(float(value) * scaler.discharge_std + scaler.discharge_mean, 0)
        row = table.loc[(BASINS[basin], cube.dates[day])]
        assert row["simulated"] == pytest.approx(expected, abs=2e-5)
        assert row["observed"] == cube.discharge[basin, day]


def test_products_on_a_card_repeat_in_simulations_too(monkeypatch):
    model, given = trained()
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    simulate(model, given)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm", "sr_lstm_ea", "fm_lstm"])
@pytest.mark.parametrize("days", [1, 7, 15, LENGTH])
def test_every_day_comes_from_the_window_that_predicts_it(architecture, days):
    model, given = trained(architecture)
    found = simulate(model, given, predicted_days=days)["simulated"].to_numpy().reshape(3, DAYS)
    windows = Windows(given["cube"], given["scaler"], LENGTH, "cpu")
    statics = torch.tensor(given["vectors"].iloc[:, 1:].to_numpy(np.float32))
    for basin in range(3):
        for day in range(DAYS):
            last = min(day // days * days + days, DAYS) - 1
            window = windows.forcing_before(torch.tensor([basin * 320 + 212 + last]))
            with torch.no_grad():
                value = model(window, statics[basin : basin + 1], days=days)[day - last - 1, 0]
            expected = float(value) * given["scaler"].discharge_std
            expected = max(expected + given["scaler"].discharge_mean, 0)
            assert found[basin, day] == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("batch", [1, 3, 7, 16, 512])
def test_basins_and_windows_at_a_time_do_not_matter(batch, monkeypatch):
    model, given = trained("ct_lstm")
    monkeypatch.setattr(forward, "BATCH", 10**6)
    expected = simulate(model, given, predicted_days=9)["simulated"]
    monkeypatch.setattr(forward, "BATCH", batch)
    found = simulate(model, given, predicted_days=9)["simulated"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_a_model_without_vectors_and_a_period_shorter_than_the_predicted_days():
    model, given = trained("ct_lstm", vectors=None)
    whole = simulate(model, given, predicted_days=6)
    short = simulate(model, given, predicted_days=6, period=(TEST[0], "2001-08-04"))
    assert len(whole) == 3 * DAYS and len(short) == 3 * 4
    # The window ends on the fourth day, so it sees two days more from before the period.
    assert not np.allclose(short["simulated"][:4], whole["simulated"][:4], rtol=0, atol=1e-6)


def test_the_cost_falls_with_the_predicted_days(monkeypatch):
    model, given = trained()
    counts = {}
    before = Windows.forcing_before
    monkeypatch.setattr(
        Windows,
        "forcing_before",
        lambda self, p: counts.update(n=counts["n"] + len(p)) or before(self, p),
    )
    for days, windows in ((1, 92), (2, 46), (10, 10), (20, 5)):
        counts["n"] = 0
        simulate(model, given, predicted_days=days)
        assert counts["n"] == 3 * windows


def test_the_table_has_every_basin_and_day_in_order():
    model, given = trained()
    cube = given["cube"]
    cube.discharge[1, 230] = np.nan
    table = simulate(model, given)
    assert list(table.columns) == ["basin", "date", "observed", "simulated"]
    assert len(table) == len(BASINS) * DAYS
    assert table["basin"].tolist() == [basin for basin in BASINS for _ in range(DAYS)]
    assert table["date"].iloc[0] == np.datetime64(TEST[0])
    assert table["date"].iloc[DAYS - 1] == np.datetime64(TEST[1])
    assert table["observed"].dtype == table["simulated"].dtype == np.float32
    gaps = table[table["observed"].isna()]
    assert gaps[["basin", "date"]].to_numpy().tolist() == [[BASINS[1], cube.dates[230]]]
    assert table["simulated"].notna().all()


def test_basins_are_sorted_and_keep_their_rows():
    model, given = trained()
    cube = given["cube"]
    turned = type(cube)(
        cube.basins[::-1],
        cube.dates,
        cube.forcings,
        cube.forcing[::-1].copy(),
        cube.discharge[::-1].copy(),
    )
    expected = simulate(model, given)
    assert simulate(model, given, cube=turned).equals(expected)


def test_discharge_is_never_below_zero():
    model, given = trained()
    torch.nn.init.constant_(model.head.bias, -50.0)
    assert (simulate(model, given)["simulated"] == 0).all()


def test_dropout_is_off_and_the_bytes_repeat():
    model, given = trained()
    model.train()
    assert simulate(model, given).equals(simulate(model, given))


def test_a_window_before_the_record_is_an_error():
    model, given = trained()
    simulate(model, given, period=("2001-01-20", "2001-02-10"))
    with pytest.raises(InputError, match="needs forcing from 1 days before the record starts"):
        simulate(model, given, period=("2001-01-19", "2001-02-10"))
    # The first window ends later if it predicts several days.
    simulate(model, given, period=("2001-01-16", "2001-02-10"), predicted_days=5)
    with pytest.raises(InputError, match="needs forcing from 1 days before the record starts"):
        simulate(model, given, period=("2001-01-15", "2001-02-10"), predicted_days=5)
    with pytest.raises(InputError, match="needs forcing from 1 days before the record starts"):
        simulate(model, given, period=("2001-01-17", "2001-01-19"), predicted_days=5)


def test_missing_forcing_is_an_error():
    model, given = trained()
    cube = make_cube()
    cube.forcing[1, 212 - LENGTH] = np.nan  # just before the first window
    simulate(model, given, cube=cube)
    cube.forcing[1, 212 - LENGTH + 1, 3] = np.nan
    with pytest.raises(InputError, match=f"basin {BASINS[1]}: forcing is missing on 2001-07-13"):
        simulate(model, given, cube=cube)
