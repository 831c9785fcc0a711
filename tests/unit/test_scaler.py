"""Means and standard deviations of the training period."""

import json
from dataclasses import replace

import numpy as np
import pytest
from small_data import BASINS, TRAIN, make_cube

from randvec.data.scaler import Scaler, fit_scaler
from randvec.errors import InputError


def training_days(cube):
    """Forcing and discharge of valid training days, picked day by day."""
    kept = []
    for basin in range(len(cube.basins)):
        for day, date in enumerate(cube.dates.astype(str)):
            values = [*cube.forcing[basin, day].tolist(), float(cube.discharge[basin, day])]
            if TRAIN[0] <= date <= TRAIN[1] and not np.isnan(values).any():
                kept.append((basin, *values))
    return np.array(kept)


def with_gaps():
    """A cube that lacks discharge on some training days and forcing on others."""
    cube = make_cube()
    day = cube.day("2001-04-01")
    cube.discharge[0, day : day + 9] = np.nan
    cube.forcing[1, day + 3, 2] = np.nan
    return cube


def test_population_moments_of_valid_training_days_alone():
    cube = with_gaps()
    # Days outside the training period must not count.
    cube.discharge[:, : cube.day(TRAIN[0])] = 1e6
    cube.forcing[:, cube.day(TRAIN[1]) + 1 :] = -1e6
    days = training_days(cube)
    assert len(days) == 3 * 181 - 9 - 1
    scaler = fit_scaler(cube, *TRAIN)
    np.testing.assert_allclose(scaler.forcing_mean, days[:, 1:6].mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(scaler.forcing_std, days[:, 1:6].std(axis=0), rtol=1e-12)
    assert scaler.discharge_mean == pytest.approx(days[:, 6].mean(), rel=1e-12)
    assert scaler.discharge_std == pytest.approx(days[:, 6].std(), rel=1e-12)
    assert list(scaler.basin_std) == list(BASINS)
    for index, basin in enumerate(BASINS):
        own = days[days[:, 0] == index, 6]
        assert scaler.basin_std[basin] == pytest.approx(own.std(), rel=1e-12)


def test_json_keeps_every_bit():
    scaler = fit_scaler(with_gaps(), *TRAIN)
    assert Scaler.from_dict(json.loads(json.dumps(scaler.to_dict()))) == scaler


def test_a_basin_without_a_valid_training_day():
    cube = make_cube()
    cube.discharge[1] = np.nan
    said = f"no valid training day from {TRAIN[0]} to {TRAIN[1]} in basin 02046000; leave the basin"
    with pytest.raises(InputError, match=said):
        fit_scaler(cube, *TRAIN)


def test_a_basin_of_constant_discharge_is_kept():
    cube = make_cube()
    cube.discharge[1] = 0.25
    scaler = fit_scaler(cube, *TRAIN)
    assert scaler.basin_std["02046000"] == 0
    assert scaler.basin_std["01013500"] > 0


@pytest.mark.parametrize("forcing", [True, False])
def test_what_never_changes_cannot_be_normalised(forcing):
    cube = make_cube()
    if forcing:
        cube.forcing[:, :, 3] = 7
    else:
        cube = replace(cube, discharge=np.full_like(cube.discharge, 2))
    name = "tmin" if forcing else "discharge"
    with pytest.raises(InputError, match=f"^{name} never changes from .* in the . basins of"):
        fit_scaler(cube, *TRAIN)


def test_a_period_outside_the_record():
    with pytest.raises(InputError, match="1999-10-01 is outside the series"):
        fit_scaler(make_cube(), "1999-10-01", TRAIN[1])
