"""The validation period: the median NSE after each epoch, which changes nothing else."""

import numpy as np
import pytest
import torch
from safetensors.torch import save
from small_data import BASINS, TEST, arguments, make_cube, make_vectors, train_member

from randvec.errors import InputError
from randvec.evaluation.metrics import basin_metrics
from randvec.evaluation.predict import predict
from randvec.training.train import train_members
from randvec.training.validation import median_nse


@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize("architecture", ["ea_lstm", "ct_lstm", "sr_lstm_ea", "fm_lstm"])
def test_it_is_the_median_nse_of_the_predictions_and_changes_no_weight(architecture, days):
    cube = make_cube()
    cube.discharge[0, 230:240] = np.nan
    given = arguments(architecture=architecture, predicted_days=days, cube=cube)
    without = train_member(**given, keep_epochs=True)
    trained = train_member(**given, keep_epochs=True, validation=TEST)
    assert save(trained.model.state_dict()) == save(without.model.state_dict())
    for row, expected, weights in zip(trained.losses, without.losses, trained.epochs, strict=True):
        nse = row.pop("validation_nse")
        assert row == expected
        trained.model.load_state_dict(weights)
        data = (cube, given["scaler"], given["vectors"], TEST, 20, "cpu", days)
        table = basin_metrics(predict(trained.model, *data))
        assert nse == pytest.approx(table["nse"].median(), rel=1e-6)
    assert trained.losses[-1].keys() == {"epoch", "loss", "learning_rate"}


def test_members_together_have_the_scores_that_they_have_alone():
    given = arguments(predicted_days=7, dropout=0.3, validation=TEST)
    del given["seed"], given["vectors"]
    tables = {seed: make_vectors(seed=seed) for seed in (4, 9)}
    together = train_members(**given, seeds=[4, 9], vectors=list(tables.values()))
    for member, (seed, vectors) in zip(together, tables.items(), strict=True):
        alone = train_member(**given, seed=seed, vectors=vectors)
        found = [row["validation_nse"] for row in member.losses]
        assert found == pytest.approx([row["validation_nse"] for row in alone.losses], abs=1e-3)


def test_basins_without_an_nse_are_left_out():
    observed = np.array([[1.0, 2, 3], [1, np.nan, 1], [np.nan] * 3, [0, 4, np.nan]])
    simulated = np.array([[1.0, 2, 4], [5, 5, 5], [0, 0, 0], [0, 0, 9]], np.float32)
    assert median_nse(observed, simulated) == pytest.approx((0.5 + -1) / 2)
    assert median_nse(observed[1:3], simulated[1:3]) is None


def test_a_period_without_discharge_or_forcing_is_refused_before_training():
    cube = make_cube()
    cube.discharge[:, 212:] = 2.5
    with pytest.raises(InputError, match="no basin has discharge that varies from 2001-08-01"):
        train_member(**arguments(cube=cube, validation=TEST))
    cube = make_cube()
    cube.forcing[1, 200] = np.nan
    with pytest.raises(InputError, match=f"basin {BASINS[1]}: forcing is missing on 2001-07-20"):
        train_member(**arguments(cube=cube, validation=TEST))


def test_the_random_numbers_of_the_process_stay_as_they_are():
    train_member(**arguments(epochs=1, validation=TEST))
    before = torch.get_rng_state()
    train_member(**arguments(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)
