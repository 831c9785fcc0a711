"""What can't be trained on the series is refused for all scenarios before one is trained."""

import numpy as np
import pandas as pd
import pytest
from small_series import write_series

from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.data.selection import choose
from randvec.errors import InputError
from randvec.scenarios import parse
from randvec.series_check import check_series


def cells(models, scenarios=("full",)):
    return [(scenario, model) for scenario in scenarios for model in models]


def changing(last, basins=("01", "02", "03")):
    """Series of basins from 2000-10-01 on, in which no day is as another."""
    dates = pd.date_range("2000-10-01", last)
    numbers = np.random.default_rng(1).random((len(basins) * len(dates), len(FORCING) + 1))
    frame = pd.DataFrame(numbers, columns=[*FORCING, "discharge"])
    frame.insert(0, "date", [*dates] * len(basins))
    frame.insert(0, "basin", np.repeat(basins, len(dates)))
    return frame


@pytest.fixture
def closed_early(tmp_path):
    """Three basins over four years; discharge of the first two ends after two and three of them."""
    frame = changing("2004-09-30")
    for basin, last in {"01": "2002-09-30", "02": "2003-09-30"}.items():
        frame.loc[(frame["basin"] == basin) & (frame["date"] > last), "discharge"] = np.nan
    write_series(frame, tmp_path / "series.parquet")
    return tmp_path / "series.parquet"


PERIODS = {"train": ["2000-10-01", "2004-09-30"]}


@pytest.mark.parametrize(
    ("years", "first", "basins"),
    [([2, 3, 1], "2003-10-01", "01, 02"), ([2, 3], "2002-10-01", "01")],
)
def test_a_gauge_that_closed_before_the_last_years(closed_early, years, first, basins):
    scenarios = ["full", *(f"years-{number}" for number in years)]
    parts = {"main": cells(["EP"]), "data_length": cells(["EP", "CN"], scenarios)}
    with pytest.raises(InputError) as caught:
        check_series(parts, PERIODS, closed_early)
    assert str(caught.value) == (
        f"config: experiments.data_length.scenarios: scenario 'years-{min(years)}' trains on "
        f"{first} to 2004-09-30, where there is no discharge of basin {basins}; take such basins "
        "off the list, or this scenario"
    )


def test_gauges_that_last_into_the_shortest_years(closed_early):
    check_series({"data_length": cells(["EP"], ["years-3", "full"])}, PERIODS, closed_early)
    check_series({"main": cells(["EP"])}, PERIODS, closed_early)


def test_a_forcing_that_never_changes_where_a_scenario_trains(tmp_path):
    """Snow in one basin of three alone, and in the first year alone."""
    frame = changing("2002-09-30")
    snow = (frame["basin"] == "02") & (frame["date"] < "2001-10-01")
    frame["srad"] = frame["srad"].where(snow, 0.0)
    write_series(frame, tmp_path / "series.parquet")
    periods = {"train": ["2000-10-01", "2002-09-30"]}
    check_series({"main": cells(["EP"])}, periods, tmp_path / "series.parquet")
    for name, scenarios, said in (
        ("data_length", ["full", "years-1"], "'years-1' trains on 2001-10-01 to 2002-09-30"),
        ("ungauged_basins", [f"fold-{k}-of-3" for k in (1, 2, 3)], "-of-3' trains on 2000-10-01"),
    ):
        parts = {name: cells(["EP"], scenarios)}
        with pytest.raises(InputError, match="where srad never changes") as caught:
            check_series(parts, periods, tmp_path / "series.parquet")
        assert said in str(caught.value) and f"experiments.{name}.scenarios" in str(caught.value)


def test_discharge_that_never_changes_where_a_scenario_trains(tmp_path):
    """Two dry rivers of six, which one subset of two consists of."""
    basins = [f"{number:02}" for number in range(6)]
    frame = changing("2001-09-30", basins)
    scenarios = [f"basins-2-s{seed}" for seed in range(1, 9)]
    dry = choose(basins, parse(scenarios[3]).basins)[0]
    frame.loc[frame["basin"].isin(dry), "discharge"] = 0.0
    write_series(frame, tmp_path / "series.parquet")
    periods = {"train": ["2000-10-01", "2001-09-30"]}
    check_series({"main": cells(["EP"])}, periods, tmp_path / "series.parquet")
    for scenario in scenarios:
        parts = {"fewer_basins": cells(["EP"], [scenario])}
        if choose(basins, parse(scenario).basins)[0] != dry:
            check_series(parts, periods, tmp_path / "series.parquet")
            continue
        with pytest.raises(InputError) as caught:
            check_series(parts, periods, tmp_path / "series.parquet")
        assert str(caught.value) == (
            f"config: experiments.fewer_basins.scenarios: scenario '{scenario}' trains on "
            "2000-10-01 to 2001-09-30, where discharge never changes in 2 basins; leave out this "
            "scenario, or such basins"
        )


def test_validation_where_no_basin_of_a_scenario_can_be_scored(tmp_path):
    frame = changing("2002-09-30")
    late = frame["date"] >= "2001-10-01"
    frame.loc[late & (frame["basin"] != "02"), "discharge"] = np.nan
    write_series(frame, tmp_path / "series.parquet")
    periods = {
        "train": ["2000-10-01", "2001-09-30"],
        "validation": ["2001-10-01", "2002-09-30"],
    }
    check_series({"main": cells(["EP"])}, periods, tmp_path / "series.parquet")
    parts = {"ungauged_basins": cells(["EP"], [f"fold-{k}-of-3" for k in (1, 2, 3)])}
    check_series(parts, {"train": periods["train"]}, tmp_path / "series.parquet")
    with pytest.raises(InputError, match=r"fold-\d-of-3' trains on 2 basins, none of which has"):
        check_series(parts, periods, tmp_path / "series.parquet")
