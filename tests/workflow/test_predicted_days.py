"""A run with several predicted days, a validation period and settings by architecture."""

import json

import numpy as np
import pandas as pd
import pytest
from workflow_run import TOGETHER

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


def test_several_predicted_days_from_text_to_figure(tiny):
    peak = {"peak": 0.02, "warm_up": 0.1, "end": 0.05}
    tiny.config |= {"models": ["EP", "CN"], **TOGETHER}
    tiny.config["periods"] = {
        "train": ["1991-10-01", "1992-09-30"],
        "validation": ["1991-07-01", "1991-09-30"],
        "test": ["1991-01-01", "1991-06-30"],
    }
    tiny.config["training"] |= {"epochs": 3, "predicted_days": 6, "batch_size": 16}
    tiny.config["architectures"] = {"ea_lstm": {"learning_rate": peak, "predicted_days": 4}}
    figure = "results/tiny/figures/loss_curves.png"
    tiny.snakemake("members", figure)
    for model, days, rates in (("EP", 4, [0.02, 0.001]), ("CN", 6, [0.001, 0.001])):
        for seed in tiny.config["seeds"]:
            member = tiny.results / f"members/full/{model}/seed{seed}"
            settings = json.loads((member / "settings.json").read_text())
            assert settings["training"]["predicted_days"] == days
            assert settings["validation_period"] == ["1991-07-01", "1991-09-30"]
            losses = pd.read_csv(member / "loss.csv")
            assert list(losses) == ["epoch", "loss", "learning_rate", "validation_nse"]
            assert losses["validation_nse"].notna().all() and losses["validation_nse"].max() < 1
            assert losses["learning_rate"].iloc[-1] == pytest.approx(rates[1])
            assert losses["learning_rate"].max() <= rates[0]
            predictions = pd.read_parquet(member / "predictions.parquet")
            dates = pd.date_range("1991-01-01", "1991-06-30")
            assert len(predictions) == 3 * len(dates)
            for _, own in predictions.groupby("basin"):
                assert own["date"].tolist() == list(dates)
            assert np.isfinite(predictions["simulated"]).all()
    basins = pd.read_csv(tiny.results / "basins.csv")
    assert (basins["missing_days_validation"] == 0).all()
    assert (tiny.folder / figure).stat().st_size > 20_000
