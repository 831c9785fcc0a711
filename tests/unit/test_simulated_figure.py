"""The hydrographs of a simulation: readable with any number of models and members."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import check_texts

from randvec.evaluation.metrics import basin_metrics
from randvec.figures import simulated

MODELS = ["EP", "EG-16", "CN", "EO", "EM-32", "CP", "CG-16"]


def discharge(models, spread):
    """Made-up discharge of a basin over two water years, by model."""
    dates = pd.date_range("1989-10-01", "1991-09-30")
    random = np.random.default_rng(1)
    observed = random.gamma(1, 1, dates.size)
    days = pd.DataFrame({"basin": "01013500", "date": dates, "observed": observed})
    return {m: days.assign(simulated=random.gamma(1, 1, dates.size), spread=spread) for m in models}


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_legend_names_all_models_and_fits(count):
    figure = simulated.hydrographs(discharge(MODELS[:count], 0.2), {"01013500": "A basin"}, None)
    check_texts(figure)
    (legend,) = figure.legends
    told = {text.get_text().partition(":")[0] for text in legend.get_texts()}
    assert told == {"observed", *MODELS[:count], "± standard deviation of members"}


def test_the_spread_of_one_member_is_not_in_the_legend():
    figure = simulated.hydrographs(discharge(["EP"], np.nan), {"01013500": "A basin"}, None)
    told = {text.get_text() for text in figure.legends[0].get_texts()}
    assert told == {"observed", "EP: physical descriptors"}


def test_titles_tell_the_nse_of_each_model_or_that_no_discharge_is_known():
    tables = discharge(MODELS, 0.2)
    figure = simulated.make(tables, "", "")
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    nse = {model: basin_metrics(table)["nse"].iloc[0] for model, table in tables.items()}
    told = ", ".join(f"{model} {nse[model]:.2f}" for model in MODELS[:4]).replace("-0", "−0")
    assert titles == [f"01013500: NSE {told}".replace(" -", " −")]
    unknown = {model: table.assign(observed=np.nan) for model, table in tables.items()}
    figure = simulated.make(unknown, "", "")
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    assert titles == ["01013500: no discharge is known"]
    dry = {model: table.assign(observed=0.0) for model, table in tables.items()}
    figure = simulated.make(dry, "", "")
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    assert titles == ["01013500: NSE is undefined"]


def test_observed_discharge_is_in_the_legend_if_one_basin_has_any():
    one = discharge(["EP"], np.nan)["EP"]
    without = one.assign(basin="02000000", observed=np.nan)
    both = {"EP": pd.concat([one, without])}
    for basins in (("01013500", "02000000"), ("02000000", "01013500")):
        figure = simulated.hydrographs(both, dict(zip(basins, basins, strict=True)), None)
        told = [text.get_text() for text in figure.legends[0].get_texts()]
        assert told == ["observed", "EP: physical descriptors"]


def test_models_with_the_same_static_vector_are_told_apart_by_their_markers():
    figure = simulated.hydrographs(discharge(["EP", "CP", "FP"], 0.2), {"01013500": "A"}, None)
    lines = [line for line in figure.axes[1].lines if line.get_label() != "observed"]
    assert len({line.get_color() for line in lines}) == 1
    assert len({line.get_marker() for line in lines}) == len(lines) == 3
