import copy
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from randvec.config import ensembles, kept_epochs, read, training_of, training_period
from randvec.config_check import check
from randvec.errors import InputError
from randvec.experiments import KINDS
from randvec.matrix import parse
from randvec.simulation.section import dataset_of

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "workflow/schemas/config.schema.yaml"


@pytest.fixture
def config():
    return yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())


def resolve(config):
    """What common.smk does with a configuration."""
    config = read(config, yaml.safe_load(SCHEMA.read_text()))
    check(config)
    return config


#: Configurations that look into the data while they are read.
TEMPLATES = {"caravan": "data/caravan: no such folder", "own_data": "dataset.series names no file"}
CONFIGURATIONS = [
    path for path in sorted((REPOSITORY / "config").glob("*.yaml")) if path.stem not in TEMPLATES
]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_asks_for_its_data(name, monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    with pytest.raises(InputError, match=TEMPLATES[name]):
        resolve(yaml.safe_load((REPOSITORY / f"config/{name}.yaml").read_text()))


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda p: p.stem)
def test_every_configuration_in_the_repository_is_valid(path, monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    resolve(yaml.safe_load(path.read_text()))


def test_defaults_are_the_settings_of_the_paper(config):
    del config["training"]
    config["dataset"]["virtual"]["first"] = "1980-01-01"  # room for 269 days of warm-up
    assert resolve(config)["training"] == {
        "hidden": 256,
        "sequence_length": 270,
        "predicted_days": 1,
        "batch_size": 256,
        "epochs": 20,
        "learning_rate": [{"epoch": 1, "rate": 0.001}, {"epoch": 11, "rate": 0.0005}],
        "dropout": 0.4,
        "gradient_clip": 1.0,
        "forget_bias": 5.0,
        "loss": "nse",
        "fm_forget_bias_gate": "forget",
        "precision": "float32",
        "keep_epochs": False,
    }


def change(config, keys, value):
    *path, last = keys.split(".")
    section = config
    for key in path:
        section = section[key]
    section[last] = value


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        ("trainin", {}, "unknown key 'trainin'; did you mean 'training'"),
        ("training.learning_rate", 0.001, "each from its epoch on, as `[{epoch: 1, rate: 0.001}]`"),
        ("training.dropout", "1e-3", "YAML takes it for text, write 1e-3 as 1.0e-3"),
        ("training.hiden", 8, "unknown key 'training.hiden'; did you mean 'training.hidden'"),
        ("dataset.virtual.basin", 8, "did you mean 'dataset.virtual.basins'"),
        ("training.hidden", "4", "YAML takes it for text, no quotation marks"),
        ("models", ["EP", "EN"], "config: models: model 'EN' is unknown"),
        (
            "experiments",
            {"dimensions": {"models": ["EP"], "references": ["X"]}},
            "s.references: mo",
        ),
        ("experiments", {1: {"kind": "dimensions"}}, "experiments.1: YAML takes this name for no"),
        (
            "variants",
            {True: {}, "b": {}},
            "variants.True: YAML takes this name for no",
        ),
        ("dataset.forcings", ["prcp", "discharge"], "discharge, which is what is to be predicted"),
        ("dataset.descriptors", {"a": ["area_gages2", "gauge_lat"]}, "the place of a basin"),
        ("dataset.descriptors", {"a": ["x"], "b": ["x"]}, "has x in the groups a and b; name it"),
        ("models", ["EM-27"], "must be 28 or more"),
        ("periods.train", ["1996-09-30", "1993-10-01"], "ends before it starts"),
        ("periods.train", ["1993-02-30", "1996-09-30"], "no day of the calendar"),
        ("periods.test", ["1989-10-01", "1992-09-30"], "overlap"),
        ("periods.test", ["1986-10-01", "1988-09-30"], "periods.test with its 39 days of warm-up"),
        ("periods.train", ["1993-10-01", "1997-09-30"], "the virtual record is"),
        ("dataset.folder", "data", "belongs to source 'camels_us' or 'camels_ch'"),
        ("dataset.twins", "keep", "belongs to source 'caravan', but source is 'virtual'"),
        ("dataset.sources", "x.yaml", "dataset.sources belongs to source 'camels_us'"),
        ("dataset.source", "camels_us", "dataset.folder is missing"),
        (
            "experiments",
            {"data_length": {"models": ["EP"], "scenarios": ["years-9"]}},
            "needs 9 years",
        ),
        (
            "experiments",
            {"data_length": {"models": ["EP"], "scenarios": ["years-6"]}},
            "scenario 'years-6' trains on all of periods.train, as full does",
        ),
        (
            "experiments",
            {"data_length": {"models": ["EP"], "scenarios": ["half"]}},
            "config: experiments.data_length.scenarios: scenario 'half' is unknown",
        ),
        (
            "experiments",
            {"fewer_basins": {"models": ["EP"], "scenarios": ["basins-24-s1"]}},
            "scenarios: scenario 'basins-24-s1' draws all 24 basins, as full does; ask for fewer",
        ),
        (
            "experiments",
            {
                "ungauged_basins": {
                    "models": ["EP"],
                    "scenarios": [f"fold-{k}-of-25" for k in range(1, 26)],
                }
            },
            "scenario 'fold-1-of-25': 25 folds are asked for, but the data have 24",
        ),
        (
            "experiments",
            {"vector_luck": {"models": ["EP"], "scenarios": ["vectors-1"]}},
            "sets the seed of random vectors",
        ),
        ("seeds", [*range(1, 90)], "seeds has 89 members, too many to share a job"),
        ("experiments", {"dimension": {"models": ["EP"]}}, "did you mean 'dimensions'"),
        ("experiments", {"mine": {"models": ["EP"]}}, "experiments.mine has no kind, and its name"),
        (
            "experiments",
            {"mine": {"kind": "dimension", "models": ["EP"]}},
            "experiments.mine.kind is 'dimension', which is unknown; did you mean 'dimensions'",
        ),
        ("experiments", {"Mine": {"kind": "dimensions", "models": ["EP"]}}, "does not match"),
        ("scenarios", ["full"], "unknown key 'scenarios'"),
        (
            "experiments",
            {"ungauged_basins": {"models": ["EP"], "scenarios": ["fold-1-of-3", "fold-3-of-3"]}},
            "experiments.ungauged_basins.scenarios lacks fold-2-of-3",
        ),
        (
            "experiments",
            {
                "ungauged_basins": {
                    "models": ["EP"],
                    "scenarios": [f"fold-{k}-of-{n}" for n in (2, 3) for k in range(1, n + 1)],
                }
            },
            "ungauged_basins.scenarios divides the basins into 2 and 3 folds; expected one",
        ),
        (
            "experiments",
            {
                "fewer_basins": {
                    "models": ["EP"],
                    "scenarios": [f"basins-3-s{seed}" for seed in range(1, 9)],
                }
            },
            "experiments.fewer_basins.scenarios draws subsets of basins that share none",
        ),
        (
            "experiments",
            {"fewer_basins": {"models": ["EP"], "scenarios": ["basins-1-s1"]}},
            "scenario 'basins-1-s1' trains on one basin, where a static",
        ),
        ("training.learning_rate", [{"epoch": 2, "rate": 0.1}], "the first must be 1"),
        (
            "training.learning_rate",
            {"peek": 0.1},
            "'training.learning_rate.peek'; did you mean 'training.learning_rate.peak'",
        ),
        (
            "training.predicted_days",
            41,
            "training.predicted_days is 41, more than the 40 days of a window",
        ),
        ("training.precision", "float16", "training.precision: 'float16' is not one of ['float32'"),
        ("periods.validation", ["1990-09-30", "1990-09-30"], "test and periods.validation overlap"),
        ("periods.validation", ["1996-09-30", "1996-09-30"], "train and periods.validation over"),
        ("periods.validation", ["1987-09-30", "1987-09-01"], "periods.validation ends before"),
        ("periods.validation", ["1986-10-09", "1987-09-30"], "validation with its 39 days of warm"),
        (
            "architectures",
            {"ea_lstn": {"hidden": 2}},
            "unknown key 'architectures.ea_lstn'; did you mean 'architectures.ea_lstm'",
        ),
        (
            "architectures",
            {"ea_lstm": {"hiden": 2}},
            "'architectures.ea_lstm.hiden'; did you mean 'architectures.ea_lstm.hidden'",
        ),
        (
            "architectures",
            {"ea_lstm": {"learning_rate": {"peak": 0.1, "warm_up": 0.1}}},
            "architectures.ea_lstm.learning_rate: 'end' is a required property",
        ),
        (
            "architectures",
            {"ea_lstm": {"learning_rate": [{"epoch": 3, "rate": 1}]}},
            "architectures.ea_lstm.learning_rate starts at the epochs [3]; the first must be 1",
        ),
        (
            "architectures",
            {"ct_lstm": {"sequence_length": 9}},
            "architectures.ct_lstm.sequence_length can't differ from training.sequence_length",
        ),
        (
            "architectures",
            {"ct_lstm": {"predicted_days": 99}},
            "architectures.ct_lstm.predicted_days is 99, more than the 40 days",
        ),
    ],
)
def test_a_bad_value_is_refused_with_a_clear_word(config, keys, value, said):
    change(config, keys, value)
    with pytest.raises(InputError, match=re.escape(said)):
        resolve(config)


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        ("training.hidden", "32", "'32' is not of type 'integer'"),
        ("training.hidden", 0, "0 is less than the minimum of 1"),
        ("training.dropout", 1, "1 is greater than or equal to the maximum of 1"),
        ("seeds", ["1"], "'1' is not of type 'integer'"),
        ("seeds", [1, 1], "non-unique"),
        ("models", [], "should be non-empty"),
        ("models", "EP", "is not of type 'array'"),
        ("dataset.name", "../elsewhere", "does not match"),
        ("training.loss", "rmse", "is not one of"),
        ("training.predicted_days", 0, "0 is less than the minimum of 1"),
        ("training.learning_rate", 0.1, "0.1 is not of type 'array', 'object'"),
        ("training.learning_rate", {"peak": 0.1, "end": 0.1}, "'warm_up' is a required property"),
    ],
)
def test_a_wrong_type_or_range_is_refused_and_the_key_is_named(config, keys, value, said):
    change(config, keys, value)
    with pytest.raises(InputError) as error:
        resolve(config)
    assert said in str(error.value)
    assert str(error.value).startswith(f"config: {keys}")
    assert len(str(error.value).splitlines()) == 1


def test_a_missing_section_is_refused(config):
    del config["periods"]
    with pytest.raises(InputError, match="'periods' is a required property"):
        resolve(config)


def camels(**others):
    return {"name": "a", "source": "camels_us", "folder": "x", "basins": "list.txt", **others}


@pytest.mark.parametrize("key", ["basins", "sources"])
def test_a_missing_file_is_named_with_the_folder_it_was_looked_for_in(config, key, tmp_path):
    (tmp_path / "list.txt").write_text("01013500\n")
    config["dataset"] = camels(basins=str(tmp_path / "list.txt")) | {key: "nowhere.txt"}
    with pytest.raises(InputError) as error:
        resolve(config)
    assert f"dataset.{key} names no file: nowhere.txt" in str(error.value)
    assert f"looked for as {Path('nowhere.txt').absolute()}" in str(error.value)


def test_paths_may_begin_with_the_home_folder(config, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "list.txt").write_text("01013500\n01022500\n")
    config["dataset"] = camels(folder="~/camels/", basins="~/list.txt")
    found = resolve(config)["dataset"]
    assert found["folder"] == str(tmp_path / "camels")
    assert found["basins"] == str(tmp_path / "list.txt")


@pytest.mark.parametrize("key", ["folder", "basins"])
def test_braces_in_a_path_are_refused(config, key):
    config["dataset"] = camels(**{key: "br{x}"})
    with pytest.raises(InputError, match=f"dataset.{key} is br{{x}}, and Snakemake takes braces"):
        resolve(config)


def test_days_that_yaml_turned_into_dates_become_text_again(config):
    config["periods"]["train"] = [date(1990, 10, 1), "1996-09-30"]
    assert resolve(config)["periods"]["train"] == ["1990-10-01", "1996-09-30"]


def reversed_keys(value):
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def as_written_otherwise(value):
    """The same numbers in their other form: 5 for 5.0, 5.0 for 5."""
    if isinstance(value, dict):
        return {key: as_written_otherwise(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_written_otherwise(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(value) if isinstance(value, int) else int(value) if value == int(value) else value


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda p: p.stem)
def test_only_a_change_of_meaning_changes_the_configuration(path, monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    given = yaml.safe_load(path.read_text())
    given["variants"] = {
        **given.get("variants", {}),
        "big": {"hidden": 64, "gradient_clip": 2.0, "learning_rate": [{"epoch": 1, "rate": 1.0}]},
    }
    expected = repr(resolve(given))  # as text, as Snakemake compares it
    written_out = resolve(given)
    turned = reversed_keys(given)
    if "experiments" in given:  # the report has them in the order of the configuration
        turned["experiments"] = {name: turned["experiments"][name] for name in given["experiments"]}
    for other in (turned, as_written_otherwise(given), written_out):
        assert repr(resolve(other)) == expected
    written_out["training"]["hidden"] += 1
    assert repr(resolve(written_out)) != expected


def test_completing_a_configuration_leaves_the_given_one_as_it_is(config):
    before = copy.deepcopy(config)
    resolve(config)["training"]["learning_rate"].append("changed")
    assert config == before


@pytest.mark.parametrize("key", ["training", "experiments", "variants", "seeds"])
def test_an_empty_section_has_its_defaults(config, key):
    for name in ("training", "experiments", "variants", "seeds"):
        config.pop(name, None)
    config["dataset"]["virtual"]["first"] = "1980-01-01"
    expected = resolve(config)
    config[key] = None
    assert resolve(config) == expected
    config["dataset"]["virtual"]["seed"] = None
    config["dataset"]["descriptors"] = None
    assert resolve(config) == expected


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("dataset", "config: dataset: 'name' is a required property"),
        ("dataset.name", "config: dataset.name is empty; expected: Name of the folder"),
        ("periods", "config: periods: 'train' is a required property"),
        ("periods.train", "config: periods.train is empty; expected: Days whose discharge"),
        ("models", "config: models is empty; expected: Models of the paper"),
        ("experiments.dimensions", "experiments.dimensions: 'models' is a required property"),
        ("variants.long", "config: variants.long: {} should be non-empty"),
    ],
)
def test_an_empty_key_that_is_needed_is_named_in_a_line_each(config, keys, said):
    config["variants"] = {}
    change(config, keys, None)
    with pytest.raises(InputError, match=re.escape(said)) as error:
        resolve(config)
    assert len(str(error.value).splitlines()) <= 2


def test_an_empty_file_is_refused():
    with pytest.raises(InputError, match="'dataset' is a required property"):
        resolve({})


def test_many_mistakes_are_said_in_at_most_ten_lines(config):
    config["models"] = list(range(30))
    with pytest.raises(InputError, match="and 22 more") as error:
        resolve(config)
    assert len(str(error.value).splitlines()) == 9


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(config, value):
    config["training"]["gradient_clip"] = value
    with pytest.raises(
        InputError, match=r"training\.gradient_clip is (nan|inf); expected a finite"
    ):
        resolve(config)


@pytest.mark.parametrize(
    ("scenario", "last", "first"),
    [
        ("years-1", "1996-02-28", "1995-03-01"),
        ("years-4", "1996-02-28", "1992-02-29"),
        ("years-1", "1996-02-29", "1995-03-01"),
        ("years-3", "1995-02-28", "1992-03-01"),
    ],
)
def test_years_are_counted_back_over_leap_days(scenario, last, first):
    assert training_period({"periods": {"train": ["1990-01-01", last]}}, scenario) == [first, last]


def test_more_years_than_the_calendar_has_are_refused():
    with pytest.raises(InputError, match="needs 9999 years"):
        training_period({"periods": {"train": ["1990-01-01", "1996-02-28"]}}, "years-9999")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_far_from_any_record_are_refused(config, day):
    config["periods"]["train"] = sorted([day, "1995-09-30"])
    with pytest.raises(InputError, match="expected a day of the years 1800 to 2200"):
        resolve(config)


@pytest.mark.parametrize("incomplete", ["stop", "drop"])
def test_a_list_of_one_basin_has_no_use_for_static_vectors(config, tmp_path, incomplete):
    path = tmp_path / "list.txt"
    path.write_text("01022500\n")
    config["dataset"] = camels(basins=str(path), incomplete_basins=incomplete)
    config |= {"models": ["CN", "EP", "EO"], "experiments": {}}
    with pytest.raises(InputError, match=r"trains on one basin, where a static vector .* EP, EO;"):
        resolve(config)
    config["models"] = ["CN"]
    resolve(config)
    path.write_text("01022500\n01013500\n")
    config["models"] = ["CN", "EP", "EO"]
    resolve(config)


def test_two_virtual_basins_are_enough(config):
    config["dataset"]["virtual"]["basins"] = 2
    resolve(config)


@pytest.mark.parametrize(
    ("scenario", "first"),
    [
        ("full", "1999-10-01"),
        ("years-1", "2007-10-01"),
        ("years-2", "2006-10-01"),
        ("years-5", "2003-10-01"),
        ("years-9", "1999-10-01"),
    ],
)
def test_scenarios_are_the_periods_of_the_paper(scenario, first):
    config = {"periods": {"train": ["1999-10-01", "2008-09-30"]}}
    assert training_period(config, scenario) == [first, "2008-09-30"]


def leaves(schema, where=""):
    for key, value in schema.get("properties", {}).items():
        yield f"{where}{key}", value
        yield from leaves(value, f"{where}{key}.")


def test_every_key_has_a_description_and_stands_in_the_documentation():
    text = (REPOSITORY / "config/README.md").read_text()
    for key, value in leaves(yaml.safe_load(SCHEMA.read_text())):
        assert value.get("description"), key
        assert f"`{key}`" in text, f"config/README.md lacks {key}"
        if "default" in value and not isinstance(value["default"], dict | list):
            line = next(line for line in text.splitlines() if line.startswith(f"| `{key}`"))
            default = value["default"]
            default = str(default).lower() if isinstance(default, bool) else default
            assert f"`{default}`" in line, f"config/README.md, default of {key}"


def test_check_does_not_change_the_configuration(config):
    resolved = resolve(config)
    before = copy.deepcopy(resolved)
    check(resolved)
    assert resolved == before


def test_a_variant_changes_its_own_models_alone(config):
    config |= {"models": ["FP", "FP_corrected"], "architectures": {}}
    config["training"]["fm_forget_bias_gate"] = "input"
    config["variants"] = {"corrected": {"fm_forget_bias_gate": "forget"}}
    resolved = resolve(config)
    plainly, corrected = (training_of(resolved, parse(code)) for code in config["models"])
    assert {**plainly, "keep_epochs": False} == resolved["training"]
    assert corrected == {**plainly, "fm_forget_bias_gate": "forget"}


def test_an_architecture_has_settings_of_its_own_and_a_variant_goes_before(config):
    peak = {"peak": 0.01, "warm_up": 0.1, "end": 0.02}
    config["models"] = ["EP", "EP_wide", "CP", "CP_wide", "FP"]
    config["architectures"] = {"ea_lstm": {"learning_rate": peak, "hidden": 12, "dropout": 0.1}}
    config["variants"] = {"wide": {"hidden": 32}}
    resolved = resolve(config)
    common = {k: v for k, v in resolved["training"].items() if k != "keep_epochs"}
    own = {"learning_rate": peak, "dropout": 0.1}
    assert {code: training_of(resolved, parse(code)) for code in config["models"]} == {
        "EP": common | own | {"hidden": 12},
        "EP_wide": common | own | {"hidden": 32},
        "CP": common,
        "CP_wide": common | {"hidden": 32},
        "FP": common,
    }


def test_a_peak_with_warm_up_and_a_validation_period_are_valid(config):
    peak = {"peak": 0.01, "warm_up": 0.0, "end": 0.02}
    config["training"] |= {"learning_rate": peak, "predicted_days": 40}
    config["periods"] |= {"train": ["1992-10-01", "1996-09-30"]}
    config["periods"] |= {"validation": ["1990-10-01", "1992-09-30"]}
    assert resolve(config)["training"]["learning_rate"] == peak


def test_keeping_epochs_is_nothing_that_weights_depend_on(config):
    before = training_of(resolve(config), parse("EP"))
    config["training"]["keep_epochs"] = True
    assert training_of(resolve(config), parse("EP")) == before


@pytest.mark.parametrize(
    ("epochs", "first", "last"), [(1, "01", "01"), (20, "01", "20"), (100, "001", "100")]
)
def test_names_of_kept_epochs_sort_as_numbers(config, epochs, first, last):
    config["training"] |= {"epochs": epochs, "keep_epochs": True}
    names = kept_epochs(resolve(config)["training"])
    assert names == sorted(names) and len(names) == epochs
    assert (names[0], names[-1]) == (first, last)
    config["training"]["keep_epochs"] = False
    assert kept_epochs(config["training"]) == []


def test_epochs_that_are_kept_are_as_many_for_every_variant(config):
    config["models"] = ["EP", "EP_long"]
    config["variants"] = {"long": {"epochs": 9}}
    resolve(config)
    config["training"]["keep_epochs"] = True
    with pytest.raises(InputError, match=re.escape("variants.long.epochs can't differ")):
        resolve(config)


@pytest.mark.parametrize(
    ("variants", "said"),
    [
        ({}, "asks for the variant 'wide', but `variants` defines none"),
        ({"wider": {"hidden": 2}}, "asks for the variant 'wide', but `variants` defines wider"),
        ({"wide": {"hiden": 2}}, "'variants.wide.hiden'; did you mean 'variants.wide.hidden'"),
        ({"wide": {"hidden": 0}}, "variants.wide.hidden: 0 is less than the minimum of 1"),
        ({"wide": {"sequence_length": 9}}, "variants.wide.sequence_length can't differ"),
        ({"wide": {"keep_epochs": True}}, "variants.wide.keep_epochs can't differ"),
        ({"wide": {"learning_rate": [{"epoch": 3, "rate": 1}]}}, "the first must be 1"),
        ({"wide": {"dropout": 0.0}}, "variants.wide changes nothing for model 'EP_wide'"),
    ],
)
def test_a_bad_variant_is_refused(config, variants, said):
    config["models"] = ["EP", "EP_wide"]
    config["variants"] = variants
    with pytest.raises(InputError, match=re.escape(said)):
        resolve(config)


def test_what_an_experiment_shares_is_trained_once(config):
    config["models"] = ["EP", "EG-4"]
    config["experiments"] = {"dimensions": {"models": ["EG-4", "EG-8"]}}
    assert ensembles(resolve(config)) == [("full", "EP"), ("full", "EG-4"), ("full", "EG-8")]


def test_a_bad_model_of_an_experiment_is_refused(config):
    config["experiments"] = {"dimensions": {"models": ["EG"]}}
    with pytest.raises(InputError, match="EG needs the dimension"):
        resolve(config)


@pytest.mark.parametrize(
    ("name", "experiment", "said"),
    [
        ("data_length", {"models": ["EP"]}, "varies nothing; add at least one years-..."),
        (
            "data_length",
            {"models": ["EP"], "scenarios": ["years-1", "noise-1"]},
            "experiments.data_length does not show scenario 'noise-1'; expected full or years-...",
        ),
        (
            "incomplete_descriptors",
            {"models": ["EP"], "scenarios": ["full"]},
            "add at least one without-... or only-...",
        ),
        (
            "dimensions",
            {"models": ["EG-4"], "scenarios": ["full", "years-1"]},
            "does not show scenario 'years-1'; expected full",
        ),
        ("dimensions", {"models": ["EP"]}, "has no random vector"),
    ],
)
def test_an_experiment_that_can_not_be_shown_is_refused(config, name, experiment, said):
    config["experiments"] = {name: experiment}
    with pytest.raises(InputError, match=re.escape(said)):
        resolve(config)


def test_an_experiment_has_its_kind_or_names_it(config):
    scenarios = {"models": ["EP"], "scenarios": ["years-1"]}
    config["experiments"] = {
        "short": {"kind": "data_length", **scenarios},
        "dimensions": {"models": ["EG-4"]},
        "another": {"kind": "data_length", "models": ["EP"], "scenarios": ["years-2"]},
        "data_length": scenarios,
    }
    found = resolve(config)["experiments"]
    # In the order of the configuration, in which the report has them.
    assert [(name, part["kind"]) for name, part in found.items()] == [
        ("short", "data_length"),
        ("dimensions", "dimensions"),
        ("another", "data_length"),
        ("data_length", "data_length"),
    ]
    assert found["short"] == {**found["data_length"], "references": []}


def test_the_schema_names_every_kind_of_experiment():
    schema = yaml.safe_load(SCHEMA.read_text())
    said = schema["$defs"]["experiment"]["properties"]["kind"]["description"]
    assert all(kind in said for kind in KINDS)


PERIOD = ["1994-10-01", "1995-09-30"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"period": PERIOD[::-1]}, r"simulate\.a\.period ends before it starts"),
        ({"period": ["1994-10-01", "1995-02-30"]}, "simulate.a.period has '1995-02-30', which is"),
        ({"models": ["XX"]}, "'XX'"),
        ({"models": ["EP_nowhere"]}, "nowhere"),
        ({"period": ["2050-10-01", "2051-09-30"]}, r"simulate\.a\.period with its"),
        ({"period": None}, "simulate.a.period is empty"),
        ({"years": 3}, "unknown key 'simulate.a.years'"),
        (
            {"series": "gone.csv"},
            r"simulate\.a\.descriptor_table is missing; source 'tables' needs",
        ),
        (
            {"series": "gone.csv", "descriptor_table": "gone.csv"},
            r"simulate\.a\.series names no file: gone.csv",
        ),
        ({"folder": "elsewhere"}, r"simulate\.a\.folder belongs to source"),
    ],
)
def test_a_simulation_that_is_not_as_it_has_to_be_is_refused(config, changes, message):
    config["simulate"] = {"a": {"models": ["EP"], "period": PERIOD} | changes}
    with pytest.raises(InputError, match=message):
        resolve(config)


def test_a_simulation_takes_what_it_does_not_name_from_the_run(config, tmp_path):
    for name in ("series.csv", "descriptors.csv"):
        (tmp_path / name).write_text("a\n")
    asked = {"models": ["EP"], "period": PERIOD}
    mine = {"series": f"{tmp_path}/series.csv", "descriptor_table": f"{tmp_path}/descriptors.csv"}
    config["simulate"] = {"period": asked, "mine": asked | mine}
    found = resolve(config)
    assert dataset_of(found, "period") is None
    own = found["dataset"]
    kept = {key: own[key] for key in ("name", "forcings", "descriptors", "incomplete_basins")}
    assert dataset_of(found, "mine") == {**kept, "source": "tables", **mine}


def test_another_folder_or_list_of_basins_is_read_as_that_of_the_run(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    config = yaml.safe_load((REPOSITORY / "config/twelve.yaml").read_text())
    asked = {"models": ["EP"], "period": PERIOD}
    other = {"basins": "config/basins/531.txt"}
    config["simulate"] = {"more": asked | other, "there": asked | other | {"folder": "there"}}
    found = resolve(config)
    assert dataset_of(found, "more") == found["dataset"] | other
    assert dataset_of(found, "there") == found["dataset"] | other | {"folder": "there"}
    config["simulate"] = {"there": asked | {"folder": "there"}}
    with pytest.raises(InputError, match=r"simulate\.there\.basins is missing"):
        resolve(config)


def test_virtual_catchments_have_one_forcing(config):
    config["dataset"] |= {"source": "virtual", "forcing": "daymet"}
    with pytest.raises(InputError, match=r"dataset\.forcing: virtual catchments have maurer_ext"):
        resolve(config)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vector_seed": 3, "model_seed": 3}, "leave nothing for seeds to set"),
        ({"model_seed": 3}, "all members of EP, EO, CP, CO, CN, PEA, FP, FO would be the same"),
        (
            {
                "vector_seed": 3,
                "experiments": {"vector_luck": {"models": ["EG-16"], "scenarios": ["vectors-1"]}},
            },
            "vector_seed can't stand beside experiments.vector_luck",
        ),
    ],
)
def test_fixed_seeds_that_leave_members_the_same_are_refused(config, changes, message):
    config["experiments"] = {}
    with pytest.raises(InputError, match=message):
        resolve(config | changes)
