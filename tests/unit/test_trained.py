"""Trained ensembles in Python: what the workflow gives, and what it does not."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import torch
from small_data import BASINS, TEST, make_cube
from small_series import write_series
from trained_members import make_descriptors, make_ensemble, make_series

import randvec
from randvec.errors import InputError
from randvec.evaluation.ensemble import average
from randvec.evaluation.metrics import basin_metrics
from randvec.evaluation.predictions import read_predictions
from randvec.training.windows import Windows

MODELS = {
    "EP": ("physical", "ea_lstm"),
    "EG-4": ("gaussian-4-s{seed}", "ea_lstm"),
    "EO": ("one_hot", "ea_lstm"),
    "EM-6": ("mixed-6-s{seed}", "ea_lstm"),
    "CP": ("physical-without_soil", "ct_lstm"),
    "CN": ("", "ct_lstm"),
    "PEA": ("physical", "sr_lstm_ea"),
    "FG-4": ("gaussian-4-s{seed}", "fm_lstm"),
}
NOISY = "physical-noise_0.5"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with an ensemble of each model."""
    folder = tmp_path_factory.mktemp("run")
    for model, (vector, architecture) in MODELS.items():
        make_ensemble(folder, model, vector, architecture)
    return folder


@pytest.fixture
def physical(run):
    return randvec.load(run / "ensembles/full/EP")


def members(run, model):
    paths = sorted((run / f"members/full/{model}").glob("seed*/predictions.parquet"))
    return {str(path): read_predictions(path) for path in paths}


@pytest.mark.parametrize("model", MODELS)
def test_the_interface_gives_the_bytes_of_the_workflow(run, model):
    expected = average(members(run, model))
    make_series().to_parquet(run / "own.parquet")
    for series in (run / "series.parquet", str(run / "own.parquet"), make_series()):
        found = randvec.load(run / f"ensembles/full/{model}").simulate(series, period=TEST)
        assert list(found) == ["basin", "date", "observed", "simulated", "spread"]
        for name in ("basin", "date", "observed", "simulated"):
            assert found[name].to_numpy().tobytes() == expected[name].to_numpy().tobytes() or (
                found[name].tolist() == expected[name].tolist()
            )
    each = [table["simulated"].to_numpy(float) for table in members(run, model).values()]
    np.testing.assert_allclose(found["spread"], np.std(each, axis=0, ddof=1), rtol=1e-12)


def test_settings_and_weights_are_enough_wherever_they_lie(run, tmp_path):
    for name in ("weights.safetensors", "settings.json"):
        (tmp_path / name).write_bytes((run / f"members/full/EO/seed2/{name}").read_bytes())
    found = randvec.load(tmp_path).simulate(make_series(), period=TEST)
    expected = members(run, "EO")[str(run / "members/full/EO/seed2/predictions.parquet")]
    assert found["simulated"].equals(expected["simulated"])
    assert found["spread"].isna().all()


def test_an_ensemble_a_folder_of_members_and_a_member_are_loaded(run):
    assert len(randvec.load(run / "ensembles/full/EP").members) == 2
    assert len(randvec.load(run / "members/full/EP").members) == 2
    assert len(randvec.load(run / "members/full/EP/seed2").members) == 1
    with pytest.raises(InputError, match="nothing: no ensemble and no member is there; expected"):
        randvec.load(run / "nothing")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("forcings", None, r"seed2/settings\.json: forcings is \["),
        ("train_period", ["2001-10-01", "2002-09-30"], "train_period is "),
        ("code", "other", "the digest of code is other, expected"),
    ],
)
def test_members_that_were_not_trained_alike_are_no_ensemble(run, tmp_path, key, value, said):
    shutil.copytree(run / "members/full/EO", tmp_path / "EO")
    path = tmp_path / "EO/seed2/settings.json"
    settings = json.loads(path.read_text())
    if key == "forcings":
        value = settings["forcings"][::-1]
    path.write_text(json.dumps(settings | {key: value}))
    with pytest.raises(InputError, match=said):
        randvec.load(tmp_path / "EO")
    assert len(randvec.load(tmp_path / "EO/seed2").members) == 1


def test_members_of_two_models_are_no_ensemble(run, tmp_path):
    shutil.copytree(run / "members/full/EP/seed1", tmp_path / "seed1")
    shutil.copytree(run / "members/full/EG-4/seed2", tmp_path / "seed2")
    with pytest.raises(InputError, match='vectors is "gaussian-4", expected "physical" as in'):
        randvec.load(tmp_path)


def test_a_member_that_a_scenario_shares_with_the_main_comparison_is_found_there(run, tmp_path):
    copied = tmp_path / "members/vectors-2/EG-4/seed1"
    shutil.copytree(run / "members/full/EG-4/seed1", copied)
    shutil.copytree(run / "members/full/EG-4/seed2", tmp_path / "members/full/EG-4/seed2")
    shutil.copytree(run / "ensembles/full/EG-4", tmp_path / "ensembles/vectors-2/EG-4")
    found = randvec.load(tmp_path / "ensembles/vectors-2/EG-4")
    assert [member.settings["seed"] for member in found.members] == [1, 2]
    shutil.rmtree(copied)
    with pytest.raises(InputError, match=r"vectors-2/EG-4/seed1/settings.json: can't be read"):
        randvec.load(tmp_path / "ensembles/vectors-2/EG-4")


def test_the_same_basin_under_a_new_name_is_simulated_by_its_descriptors(physical):
    series = make_series()
    known = physical.simulate(series, period=TEST)
    new = series.replace({"basin": {BASINS[2]: "new"}})
    described = make_descriptors().replace({"basin": {BASINS[2]: "new"}})
    found = physical.simulate(new, descriptors=described, period=TEST).set_index("basin")
    expected = known.set_index("basin").loc[BASINS[2], "simulated"].to_numpy()
    assert (found.loc["new", "simulated"].to_numpy() == expected).all()


def test_a_new_basin_alone_has_the_scaling_of_the_training(physical):
    series = make_series()
    alone = series[series["basin"] == BASINS[1]].replace({"basin": {BASINS[1]: "new"}})
    described = make_descriptors().iloc[[1]].assign(basin="new")
    found = physical.simulate(alone, descriptors=described, period=TEST)["simulated"]
    expected = physical.simulate(series, period=TEST).set_index("basin")["simulated"]
    np.testing.assert_allclose(found, expected.loc[BASINS[1]], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", ["EG-4", "EO", "EM-6"])
def test_what_is_drawn_says_nothing_of_a_new_basin_unless_vectors_are_given(run, model):
    ensemble = randvec.load(run / f"ensembles/full/{model}")
    series = make_series().replace({"basin": {BASINS[2]: "new"}})
    with pytest.raises(InputError, match=r"no static vector of basin new.*pass vectors= or take"):
        ensemble.simulate(series, period=TEST)
    with pytest.raises(InputError, match="can't be made of descriptors: a drawn number stands"):
        ensemble.simulate(series, descriptors=make_descriptors(), period=TEST)
    first = ensemble.members[0]
    vectors = first.vectors.replace({"basin": {BASINS[2]: "new"}})
    found = ensemble.simulate(series, vectors=vectors, period=TEST).set_index("basin")
    one = randvec.load(run / f"members/full/{model}/seed1").simulate(make_series(), period=TEST)
    other = randvec.load(run / f"members/full/{model}/seed1").simulate(
        series, vectors=vectors, period=TEST
    )
    assert other["simulated"].tolist() == one["simulated"].tolist()
    assert len(found) == len(one)
    with pytest.raises(InputError, match=r"expected a column basin, each basin once, and \d+ col"):
        ensemble.simulate(series, vectors=vectors.iloc[:, :-1], period=TEST)
    with pytest.raises(InputError, match="columns of numbers"):
        ensemble.simulate(series, vectors=vectors.astype(str), period=TEST)


def test_a_new_basin_of_a_model_with_descriptors_needs_them(physical):
    series = make_series().replace({"basin": {BASINS[2]: "new"}})
    with pytest.raises(InputError, match=r"basin new.*pass descriptors= with basin, p_mean, slope"):
        physical.simulate(series)
    described = make_descriptors().replace({"basin": {BASINS[2]: "new"}})
    with pytest.raises(InputError, match="descriptors: no column slope; expected basin, p_mean"):
        physical.simulate(series, descriptors=described.drop(columns="slope"))
    for wrong in (described.drop(columns="basin"), pd.concat([described, described.iloc[[0]]])):
        with pytest.raises(InputError, match="descriptors: expected a column basin, and each"):
            physical.simulate(series, descriptors=wrong)
    for nothing, kind in ((np.nan, float), (-9999, float), (-999.9, "float32"), (None, "Float64")):
        described["depth"] = described["depth"].astype(kind)
        described.loc[2, "depth"] = nothing
        with pytest.raises(InputError, match="depth of basin new is missing or no number, or a"):
            physical.simulate(series, descriptors=described)
    described["depth"] = described["depth"].astype(float)
    described.loc[2, "depth"] = 2e6
    with pytest.raises(InputError, match=r"depth of basin new is 2e\+06, in training .* same "):
        physical.simulate(series, descriptors=described)
    assert physical.descriptors == ("p_mean", "slope", "depth")


@pytest.mark.parametrize("table", ["descriptors", "vectors"])
def test_a_table_of_other_basins_is_refused_where_those_of_the_training_would_be_taken(
    physical, table
):
    given = make_descriptors() if table == "descriptors" else physical.members[0].vectors
    numbers = given.assign(basin=given["basin"].astype(int))
    with pytest.raises(InputError, match=f"{table}: basin 1013500 is no text"):
        physical.simulate(make_series(), **{table: numbers}, period=TEST)
    without = given.assign(basin=[*given["basin"][:-1], np.nan])
    with pytest.raises(InputError, match=f"{table}: basin nan is no text"):
        physical.simulate(make_series(), **{table: without}, period=TEST)
    lost = given.assign(basin=given["basin"].str.lstrip("0"))
    with pytest.raises(InputError, match=f"{table}: none of the basins .* found 1013500, .* zeros"):
        physical.simulate(make_series(), **{table: lost}, period=TEST)
    with pytest.raises(InputError, match=f"{table}: none of the basins .* found no row"):
        physical.simulate(make_series(), **{table: given.iloc[:0]}, period=TEST)


@pytest.mark.parametrize(
    "period", [("2001-10", "2002-01-31"), ("2001-10-01", "2002"), (2001, 2002), "2001-10-01"]
)
def test_a_period_of_other_than_days_is_refused(physical, period):
    with pytest.raises(InputError, match="expected first and last day, as"):
        physical.simulate(make_series(), period=period)


def test_descriptors_given_as_vectors_are_known_by_their_names(physical):
    vectors = physical.members[0].vectors
    turned = vectors[vectors.columns[::-1]]
    found, expected = (
        physical.simulate(make_series(), vectors=given, period=TEST)["simulated"].tolist()
        for given in (turned, vectors)
    )
    assert found == expected
    with pytest.raises(InputError, match="3 columns of numbers: p_mean, slope, depth"):
        physical.simulate(make_series(), vectors=vectors.rename(columns={"slope": "forest"}))


def test_noise_on_the_descriptors_is_not_drawn_for_a_new_basin(tmp_path):
    ensemble = randvec.load(make_ensemble(tmp_path, "EP", NOISY))
    assert ensemble.descriptors == ()
    with pytest.raises(InputError, match="can't be made of descriptors"):
        ensemble.simulate(make_series(), descriptors=make_descriptors(), period=TEST)
    expected = average(members(tmp_path, "EP"))
    found = ensemble.simulate(make_series(), period=TEST)
    assert found["simulated"].equals(expected["simulated"])


def test_by_default_all_days_after_the_warm_up_are_simulated(physical):
    series = make_series()
    series.loc[series["basin"] == BASINS[2], "tmin"] = series["tmin"].where(
        series["date"] >= "2001-01-11"
    )
    found = physical.simulate(series.drop(columns="discharge"))
    assert f"{found['date'].min():%Y-%m-%d}" == "2001-01-26"  # 15 days after the tenth of January
    assert found["date"].max() == series["date"].max()
    assert found["observed"].isna().all()


def test_scores_are_those_of_the_workflow(run, physical):
    simulated = physical.simulate(run / "series.parquet", period=TEST)
    expected = basin_metrics(average(members(run, "EP")))
    days = pd.to_datetime(make_series()["date"])
    zoned = [make_series().assign(date=days.dt.tz_localize(z)) for z in ("UTC", "Europe/Berlin")]
    for observed in (run / "series.parquet", make_series(), *zoned):
        pd.testing.assert_frame_equal(physical.score(simulated, observed), expected)
    with pytest.raises(InputError, match=r"observed: date holds .* without a time"):
        physical.score(simulated, make_series().assign(date=days + pd.Timedelta(hours=9)))
    with pytest.raises(InputError, match="observed: no column discharge"):
        physical.score(simulated, make_series().drop(columns="discharge"))
    twice = pd.concat([make_series(), make_series().iloc[[3]]])
    with pytest.raises(InputError, match="basin 01013500 has 2001-01-04 twice"):
        physical.score(simulated, twice)
    with pytest.raises(InputError, match="observed: basin 1013500 is no text"):
        physical.score(simulated, make_series().assign(basin=1013500))
    with pytest.raises(InputError, match="observed: discharge holds what is no number"):
        physical.score(simulated, make_series().assign(discharge="much"))
    with pytest.raises(InputError, match="observed: discharge holds an infinite number"):
        physical.score(simulated, make_series().assign(discharge=np.inf))
    early = make_series().query("date < '2001-03-01'")
    with pytest.raises(InputError, match="no day with discharge of basin 01013500"):
        physical.score(simulated, early)


def test_negative_discharge_is_taken_for_missing(physical):
    series = make_series()
    known, marked = series.copy(), series.copy()
    known.loc[known.index[100:103], "discharge"] = np.nan
    marked.loc[marked.index[100:103], "discharge"] = [-999, -0.1, -9999]
    simulated, other = (physical.simulate(table, period=TEST) for table in (known, marked))
    pd.testing.assert_frame_equal(simulated, other)
    pd.testing.assert_frame_equal(
        physical.score(simulated, known), physical.score(simulated, marked)
    )


def with_a_mark(table):
    table.loc[table.index[7], "prcp"] = -999.0
    return table


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="srad"), "no column srad, found basin, date, prcp"),
        (lambda t: t.assign(rain=1.0), "unknown column rain; expected basin, date, prcp"),
        (lambda t: t.iloc[:0], "no row in it"),
        (lambda t: t.assign(basin=1013500), "basin 1013500 is no text"),
        (lambda t: t.assign(date="first"), "date holds what is no day"),
        (lambda t: t.assign(date=20010101), "date holds the number 20010101, expected days"),
        (lambda t: t.assign(date=t["date"] + pd.Timedelta("6h")), "06:00:00, expected days"),
        (lambda t: pd.concat([t, t.iloc[[3]]]), "basin 01013500 has 2001-01-04 twice"),
        (
            lambda t: pd.concat([t, t.iloc[[3]]]).astype({"date": str}),
            "basin 01013500 has 2001-01-04 twice",
        ),
        (lambda t: t.assign(tmax="warm"), "tmax holds what is no number"),
        (lambda t: t.assign(vp=np.inf), "vp holds an infinite number"),
        (with_a_mark, "prcp holds -999, which looks like a mark for a missing value"),
        (lambda t: t.assign(tmax=t["tmax"] + 273.15), "tmax is 2.* on average"),
        (lambda t: t.assign(prcp=t["prcp"] / 1000), "prcp is .*expected the same unit"),
        (lambda t: t.assign(vp=t["vp"] / 100), "vp is .*expected the same unit"),
        (lambda t: t[t["date"] < "2001-01-12"], "forcing on the same 20 days in a row"),
        (lambda t: t[t["date"] < "2001-01-18"], "forcing on the same 20 days in a row"),
        (lambda t: t[t["date"] != "2001-03-05"], "forcing is missing on 2001-03-05"),
    ],
)
def test_a_table_that_is_not_as_it_has_to_be_has_a_sentence(physical, change, message):
    with pytest.raises(InputError, match=message) as error:
        physical.simulate(change(make_series()))
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_parquet_or_lacks_a_forcing_is_refused_by_name(physical, tmp_path):
    path = tmp_path / "series.parquet"
    with pytest.raises(InputError, match=f"{path}: can't be read as Parquet"):
        physical.simulate(path)
    path.write_text("basin,date\n")
    with pytest.raises(InputError, match=f"{path}: can't be read as Parquet"):
        physical.simulate(path)
    write_series(make_series().drop(columns="vp"), path)
    with pytest.raises(InputError, match="no column vp, found basin, date, prcp"):
        physical.simulate(path)


def test_other_forcings_and_another_order_of_them_do_not_matter_in_a_file(physical, tmp_path):
    series = make_series()
    columns = ["basin", "date", "vp", "tmin", "tmax", "srad", "prcp", "discharge"]
    write_series(series[columns].assign(more=1.0), tmp_path / "series.parquet")
    found = physical.simulate(tmp_path / "series.parquet", period=TEST)
    assert found.equals(physical.simulate(series, period=TEST))


def test_a_dry_spell_is_no_other_unit(physical):
    series = make_series().assign(prcp=0.0)
    physical.simulate(series)
    series.loc[series.index[::40], "prcp"] = 0.1  # as snow that hardly ever lies
    physical.simulate(series)


@pytest.mark.parametrize("period", [TEST[::-1], ("first", "last"), TEST[:1], (1, None)])
def test_what_is_no_period_is_refused(physical, period):
    with pytest.raises(InputError, match="expected first and last day, as"):
        physical.simulate(make_series(), period=period)


def test_a_period_that_the_series_do_not_reach_is_refused(physical):
    with pytest.raises(InputError, match="2003-01-01 is outside the series"):
        physical.simulate(make_series(), period=("2003-01-01", "2003-02-01"))
    with pytest.raises(InputError, match="needs forcing from 5 days before the record starts"):
        physical.simulate(make_series(), period=("2001-01-11", "2001-02-01"))


def copied(run, tmp_path, model="EP"):
    for name in ("weights.safetensors", "settings.json"):
        (tmp_path / name).write_bytes((run / f"members/full/{model}/seed1/{name}").read_bytes())
    return tmp_path / "weights.safetensors", tmp_path / "settings.json"


def test_files_that_do_not_belong_together_or_are_damaged_are_refused(run, tmp_path):
    weights, settings = copied(run, tmp_path)
    other = run / "members/full/PEA/seed1/weights.safetensors"
    weights.write_bytes(other.read_bytes())
    with pytest.raises(
        InputError, match=f"{weights}: not the weights of the network of {settings}"
    ):
        randvec.load(tmp_path)
    weights.write_bytes(other.read_bytes()[:-40])
    with pytest.raises(InputError, match=f"{weights}: cut short, damaged or no weights"):
        randvec.load(tmp_path)
    weights.unlink()
    with pytest.raises(InputError, match=f"{weights}: can't be read"):
        randvec.load(tmp_path)
    settings.write_text(settings.read_text()[:-40])
    with pytest.raises(InputError, match=f"{settings}: these are no settings of a member"):
        randvec.load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "format 2, expected 1; another version of randvec made this member"),
        ({"format": None}, "format null, expected 1"),
        ({"architecture": "gru"}, "architecture 'gru' is unknown; there are ea_lstm"),
    ],
)
def test_settings_of_another_version_are_refused_by_name(run, tmp_path, change, message):
    _, settings = copied(run, tmp_path)
    settings.write_text(json.dumps(json.loads(settings.read_text()) | change))
    with pytest.raises(InputError, match=f"{settings}: {message}"):
        randvec.load(tmp_path)


@pytest.mark.parametrize("model", ["EP", "EO"])
def test_changed_static_vectors_are_refused(run, tmp_path, model):
    _, settings = copied(run, tmp_path, model)
    about = json.loads(settings.read_text())
    stored = about["static_vector"]
    if model == "EP":
        stored["values"][BASINS[0]][0] += 0.1
    else:
        stored["basins"].append("another")
    settings.write_text(json.dumps(about))
    with pytest.raises(InputError, match=f"{settings}: static vector .* its numbers are not those"):
        randvec.load(tmp_path)


@pytest.mark.parametrize("model", MODELS)
def test_the_plain_torch_module_gives_the_same_discharge(run, model):
    member = randvec.load(run / f"members/full/{model}/seed1")
    plain = member.to_torch()
    assert {type(layer).__module__.partition(".")[0] for layer in plain.children()} == {"torch"}
    cube = make_cube()
    forcing = Windows(cube, member.members[0].scaler, 20, "cpu").forcing_before(
        torch.tensor([100, 420, 740])
    )
    vectors = member.members[0].vectors
    statics = None
    if vectors is not None:
        statics = torch.tensor(vectors.drop(columns="basin").to_numpy(np.float32))
    with torch.no_grad():
        expected = member.members[0].network(forcing, statics, days=20)
        torch.testing.assert_close(plain(forcing, statics), expected, rtol=0, atol=2e-6)


def test_an_ensemble_is_a_list_of_plain_modules_and_an_unknown_network_has_none(physical):
    assert len(physical.to_torch()) == 2
    network = torch.nn.GRU(2, 3)
    with pytest.raises(InputError, match="GRU is no LSTM of the paper"):
        randvec.trained.plain_torch(network)


def test_nothing_else_is_in_the_package_itself():
    with pytest.raises(AttributeError, match="no attribute 'save'"):
        _ = randvec.save
