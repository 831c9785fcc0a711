"""Virtual catchments: same seed same bytes, sound physics, official format, a real hidden term."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from randvec.data.camels_us import read_basin_list
from randvec.data.camels_us_attributes import read_attributes
from randvec.data.camels_us_series import read_forcing, read_streamflow
from randvec.data.virtual import hydrology, landscape, weather
from randvec.data.virtual.layout import basin_ids, forcing_file, layout, streamflow_file
from randvec.data.virtual.write import OBSERVATION_ERROR, write_catchments
from randvec.descriptors import PAPER
from randvec.errors import InputError

NAMES = [name for group in PAPER.values() for name in group]

BASINS = 12
FIRST, LAST = "1995-10-01", "1998-09-30"
DATES = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)

#: First lines of the official attribute files, with their spelling.
COLUMNS = {
    "clim": "gauge_id;p_mean;pet_mean;p_seasonality;frac_snow;aridity;high_prec_freq;high_prec_dur;"
    "high_prec_timing;low_prec_freq;low_prec_dur;low_prec_timing",
    "geol": "gauge_id;geol_1st_class;glim_1st_class_frac;geol_2nd_class;glim_2nd_class_frac;"
    "carbonate_rocks_frac;geol_porostiy;geol_permeability",
    "name": "gauge_id;huc_02;gauge_name",
    "soil": "gauge_id;soil_depth_pelletier;soil_depth_statsgo;soil_porosity;soil_conductivity;"
    "max_water_content;sand_frac;silt_frac;clay_frac;water_frac;organic_frac;other_frac",
    "topo": "gauge_id;gauge_lat;gauge_lon;elev_mean;slope_mean;area_gages2;area_geospa_fabric",
    "vege": "gauge_id;frac_forest;lai_max;lai_diff;gvf_max;gvf_diff;dom_land_cover_frac;"
    "dom_land_cover;root_depth_50;root_depth_99",
}


class Made:
    """Catchments made step by step in memory."""

    def __init__(self, basins: int, dates: np.ndarray, seed: int = 1):
        random = np.random.default_rng(seed)
        self.dates = dates
        self.climate = weather.draw_climates(basins, random)
        self.weather = weather.simulate(self.climate, dates, random)
        by_weather = landscape.climate_descriptors(self.weather, dates)
        land = landscape.draw_land(self.climate, by_weather, random)
        self.descriptors = pd.concat([by_weather, land], axis=1)
        self.parameters = landscape.draw_parameters(self.descriptors, random)
        self.runoff = hydrology.simulate(self.weather, self.parameters)


@pytest.fixture(scope="module")
def few() -> Made:
    """The catchments of `folder`."""
    return Made(BASINS, DATES)


@pytest.fixture(scope="module")
def many() -> Made:
    return Made(400, DATES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("virtual")
    write_catchments(str(folder), BASINS, 1, FIRST, LAST)
    return folder


def files_in(folder) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read_flow_lines(folder, basin: str) -> pd.DataFrame:
    names = ["basin", "year", "month", "day", "flow", "flag"]
    path = folder / streamflow_file(basin)
    return pd.read_csv(path, sep=r"\s+", names=names, dtype={"basin": str})


# The files


def test_the_same_seed_writes_the_same_bytes(folder, tmp_path):
    write_catchments(str(tmp_path), BASINS, 1, FIRST, LAST)
    assert files_in(tmp_path) == files_in(folder)


def test_another_seed_writes_other_data(folder, tmp_path):
    write_catchments(str(tmp_path), BASINS, 2, FIRST, LAST)
    first, second = files_in(folder), files_in(tmp_path)
    assert first.keys() == second.keys()
    same = {name for name in first if first[name] == second[name]}
    assert same == {"basins.txt", "camels_attributes_v2.0/camels_name.txt"}


def test_layout_names_every_file_beforehand(folder):
    assert sorted(layout(str(folder), BASINS)) == sorted(
        f"{folder}/{name}" for name in files_in(folder)
    )


@pytest.mark.parametrize("basins", [2, 24, 999])
def test_ids_have_eight_digits_with_leading_zeros(basins):
    ids = basin_ids(basins)
    assert len(set(ids)) == basins and ids == sorted(ids) and ids[0] == "01000001"
    assert all(len(basin) == 8 and 1 <= int(basin[:2]) <= 18 for basin in ids)


def test_the_basin_list_holds_the_ids_as_text(folder):
    assert read_basin_list(folder / "basins.txt") == basin_ids(BASINS)


def test_attribute_files_have_the_official_columns(folder):
    for kind, columns in COLUMNS.items():
        lines = (folder / f"camels_attributes_v2.0/camels_{kind}.txt").read_text().splitlines()
        assert lines[0] == columns
        assert [line.split(";")[0] for line in lines[1:]] == basin_ids(BASINS)
        assert all(line.count(";") == columns.count(";") for line in lines)


def test_forcing_files_have_the_official_form(folder):
    for basin in basin_ids(BASINS):
        lines = (folder / forcing_file(basin)).read_text().splitlines()
        assert [len(line) for line in lines[:3]] == [7, 7, 10]
        assert lines[3] == (
            "Year\tMnth\tDay\tHr\tdayl(s)\tprcp(mm/day)\tsrad(W/m2)\tswe(mm)\ttmax(C)\ttmin(C)\tvp(Pa)"
        )
        assert lines[4].startswith("1995\t10\t1\t12\t") and len(lines) == 4 + len(DATES)
        assert not any("-0.00" in line.split("\t") for line in lines)


def test_streamflow_files_have_the_official_form(folder):
    for basin in basin_ids(BASINS):
        lines = (folder / streamflow_file(basin)).read_text().splitlines()
        assert len(lines) == len(DATES) and lines[0].startswith(f"{basin} 1995 10 01 ")
        assert {len(line.split()[4].split(".")[1]) for line in lines} == {2}
        assert {line[29:] for line in lines} <= {"A", "A:e", "M"}


def test_gaps_and_estimates_are_there_and_flagged(folder, few):
    with_gaps = 0
    estimated = 0
    for index, basin in enumerate(basin_ids(BASINS)):
        table = read_flow_lines(folder, basin)
        gap = (table["flag"] == "M").to_numpy()
        assert (gap == (table["flow"] == -999)).all() and (table["flow"][~gap] >= 0).all()
        with_gaps += gap.any()
        ice = (table["flag"] == "A:e").to_numpy()
        assert (few.weather.tmax[ice, index] < 0).all()
        estimated += ice.sum()
    assert with_gaps == BASINS // 3
    assert 0.02 < estimated / (few.weather.tmax < 0).sum() < 0.08


def test_the_text_is_the_weather_that_the_model_saw(folder, few):
    for index, basin in enumerate(basin_ids(BASINS)):
        days, area = read_forcing(folder / forcing_file(basin))
        assert (days["date"].to_numpy() == DATES).all()
        assert area == round(few.descriptors["area_gages2"][index] * 1e6)
        for name in ("prcp", "srad", "tmax", "tmin", "vp"):
            assert (days[name].to_numpy() == getattr(few.weather, name)[:, index]).all()


def test_cubic_feet_and_area_give_the_simulated_discharge(folder, few):
    compared = 0
    for index, basin in enumerate(basin_ids(BASINS)):
        _, area = read_forcing(folder / forcing_file(basin))
        flow = read_streamflow(folder / streamflow_file(basin), basin)["discharge"].to_numpy()
        in_mm = flow * 0.3048**3 * 86400 / area * 1000
        large = flow > 1  # where two decimals are no coarse rounding
        error = np.log(in_mm[large] / few.runoff.discharge[large, index])
        if large.sum() > 300:
            assert error.std() == pytest.approx(OBSERVATION_ERROR, rel=0.2)
            assert abs(error.mean()) < 0.02
            compared += 1
    assert compared > BASINS / 2


def test_the_attribute_files_hold_the_descriptors_without_gaps(folder, few):
    table = read_attributes(folder, NAMES)
    assert list(table["basin"]) == basin_ids(BASINS)
    names = NAMES
    assert len(names) == 27
    expected = few.descriptors[names].to_numpy(float)
    np.testing.assert_allclose(table[names].to_numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("basins", "first", "last", "said"),
    [
        (1, FIRST, LAST, "basins is 1, expected 2 or more"),
        (2, LAST, FIRST, f"from first, {LAST}, to last, {FIRST}, has 0 days"),
        (2, "1995-10-01", "1996-09-28", "has 364 days, expected a year or more"),
    ],
)
def test_impossible_orders_are_refused(tmp_path, basins, first, last, said):
    with pytest.raises(InputError, match=said):
        write_catchments(str(tmp_path), basins, 1, first, last)
    assert not list(tmp_path.iterdir())


# The weather


def test_temperatures_and_vapour_pressure_are_possible(many):
    days = many.weather
    assert (days.tmax > days.tmin).all()
    assert days.tmin.min() > -60 and days.tmax.max() < 55
    saturation = 610.8 * np.exp(17.27 * days.tmin / (days.tmin + 237.3))
    assert (days.vp > 0).all() and (days.vp <= saturation).all()


def test_radiation_follows_day_length_rain_and_temperature_range(many):
    days = many.weather
    above = days.extraterrestrial * 86400 / days.day_length
    clearness = days.srad / above
    assert (days.srad > 0).all() and clearness.max() < 0.8
    wet = days.prcp > 0
    assert clearness[wet].mean() < 0.75 * clearness[~wet].mean()
    spread = (days.tmax - days.tmin) / many.climate.daily_range
    assert clearness[~wet & (spread < 0.8)].mean() < 0.95 * clearness[~wet & (spread > 1.2)].mean()


def test_day_length_and_radiation_match_published_values():
    """FAO-56 (Allen et al. 1998), examples 8 and 9: 3 September at 20 degrees south."""
    length, radiation = weather.sunshine(np.array([246]), np.array([-20.0]))
    assert length[0, 0] / 3600 == pytest.approx(11.7, abs=0.05)
    assert radiation[0, 0] * 86400 / 1e6 == pytest.approx(32.2, abs=0.05)


def test_rain_comes_in_spells_and_storms(many):
    prcp = many.weather.prcp
    wet = prcp > 0
    assert (prcp >= 0).all() and 0.05 < wet.mean() < 0.6
    assert wet[1:][wet[:-1]].mean() > 1.3 * wet.mean()
    amounts = prcp[wet]
    assert amounts.std() > 1.1 * amounts.mean()  # an exponential distribution has 1


def test_climates_range_widely(few):
    table = few.descriptors
    assert table["aridity"].min() < 0.7 and table["aridity"].max() > 2
    assert table["frac_snow"].min() < 0.02 and table["frac_snow"].max() > 0.3
    assert table["p_seasonality"].min() < -0.15 and table["p_seasonality"].max() > 0.15


# The hydrology


def test_water_is_neither_made_nor_lost(many):
    runoff, prcp = many.runoff, many.weather.prcp
    change = np.diff(runoff.storage, axis=0)
    left = prcp[1:] - runoff.discharge[1:] - runoff.evapotranspiration[1:] - change
    assert np.abs(left).max() < 1e-9
    for flux in (runoff.discharge, runoff.evapotranspiration, runoff.snow):
        assert (flux >= 0).all()
    possible = hydrology.potential_evapotranspiration(many.weather)
    assert (runoff.evapotranspiration <= possible + 1e-12).all()


def test_stores_start_filled_by_the_spin_up(many):
    cold = hydrology.simulate(many.weather, many.parameters, spin_up=0)
    assert cold.storage[0].mean() < 0.5 * many.runoff.storage[0].mean()


def test_snow_delays_runoff(many):
    frozen = many.descriptors["frac_snow"] > 0.4
    assert 10 < frozen.sum() < 200
    month = many.dates.astype("datetime64[M]").astype(int) % 12 + 1
    spring, winter = np.isin(month, (4, 5, 6)), np.isin(month, (12, 1, 2))
    cold, warm = (
        many.runoff.discharge[spring][:, where].mean()
        / many.runoff.discharge[winter][:, where].mean()
        for where in (frozen, many.descriptors["frac_snow"] == 0)
    )
    assert cold > 3 * warm
    assert many.runoff.snow[:, frozen].max(axis=0).min() > 10


# The descriptors and parameters


def test_climate_descriptors_follow_their_definitions(few):
    prcp, table = few.weather.prcp, few.descriptors
    years = len(few.dates) / 365.25
    for basin in range(BASINS):
        rain = prcp[:, basin]
        frost = few.weather.tmax[:, basin] + few.weather.tmin[:, basin] < 0
        row = table.iloc[basin]
        assert row["p_mean"] == pytest.approx(rain.mean())
        assert row["aridity"] == pytest.approx(row["pet_mean"] / rain.mean())
        assert row["frac_snow"] == pytest.approx(rain[frost].sum() / rain.sum())
        dry = "".join("d" if amount < 1 else " " for amount in rain).split()
        assert row["low_prec_freq"] == pytest.approx(sum(map(len, dry)) / years)
        assert row["low_prec_dur"] == pytest.approx(np.mean([len(spell) for spell in dry]))
        high = "".join("h" if amount >= 5 * rain.mean() else " " for amount in rain).split()
        assert row["high_prec_freq"] == pytest.approx(sum(map(len, high)) / years)
        assert row["high_prec_dur"] == pytest.approx(np.mean([len(spell) for spell in high]))


@pytest.mark.parametrize(("peak", "expected"), [(15, -0.6), (197.625, 0.6), (106.3, 0.0)])
def test_seasonality_is_positive_for_wet_summers(few, peak, expected):
    """Rain that swings by 60 % about its mean; temperature is coldest on 15 January."""
    dates = np.arange(np.datetime64("1996-01-01"), np.datetime64("2000-01-01"))
    day = (dates - dates.astype("datetime64[Y]")).astype(int)[:, None]
    wave = 2 * np.pi / 365.25
    made = weather.Weather(
        **{name: np.ones((len(dates), 1)) for name in ("day_length", "srad", "vp")},
        prcp=3 * (1 + 0.6 * np.cos(wave * (day - peak))),
        tmax=15 - 10 * np.cos(wave * (day - 15)),
        tmin=5 - 10 * np.cos(wave * (day - 15)),
        extraterrestrial=np.full((len(dates), 1), 300.0),
    )
    table = landscape.climate_descriptors(made, dates)
    assert table["p_seasonality"][0] == pytest.approx(expected, abs=0.01)


def test_descriptors_stay_within_those_of_camels(many):
    table = many.descriptors
    assert table["geol_permeability"].between(-16.5, -10.9).all()
    assert table["slope_mean"].between(0.8, 260).all()
    for name in ("frac_forest", "frac_snow", "carbonate_rocks_frac", "gvf_max", "soil_porosity"):
        assert table[name].between(0, 1).all()
    np.testing.assert_allclose(table[["sand_frac", "silt_frac", "clay_frac"]].sum(axis=1), 100)
    assert table["geol_1st_class"].nunique() == 5 and table["dom_land_cover"].nunique() == 6
    numbers = table.select_dtypes("number")
    assert np.isfinite(numbers.to_numpy()).all() and (numbers.nunique() > 20).all()


@pytest.mark.parametrize("name", hydrology.RANGES)
def test_descriptors_explain_parameters_in_part(many, name):
    """Share of the variance that a regression on all descriptors explains, adjusted for their
    number: two thirds are meant, less what a straight line misses. The rest is hidden.
    """
    low, high = hydrology.RANGES[name]
    value = getattr(many.parameters, name)
    assert (value > low).all() and (value < high).all()
    score = norm.ppf(np.log(value / low) / np.log(high / low))
    ranks = many.descriptors.select_dtypes("number").rank().to_numpy()
    inputs = np.column_stack([np.ones(len(ranks)), ranks])
    rest = score - inputs @ np.linalg.lstsq(inputs, score, rcond=None)[0]
    n, p = inputs.shape
    explained = 1 - (rest @ rest / (n - p)) / score.var(ddof=1)
    assert 0.5 < explained < 0.8


@pytest.mark.parametrize("name", hydrology.RANGES)
def test_the_documentation_states_ranges_and_influences(name):
    text = (Path(__file__).parents[2] / "docs/virtual.md").read_text(encoding="utf-8")
    (row,) = (line.split("|") for line in text.splitlines() if line.startswith(f"| `{name}` |"))
    assert (float(row[3]), float(row[4])) == hydrology.RANGES[name]
    influences = landscape.INFLUENCES[name]
    assert row[5].strip() == ", ".join(
        f"{'+' if sign > 0 else '−'}`{descriptor}`" for descriptor, sign in influences.items()
    )
