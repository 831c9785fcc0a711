import copy
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

from randvec.config import (
    VARIED,
    cells,
    check,
    check_keys,
    kept_epochs,
    plain,
    training_of,
    training_period,
)
from randvec.errors import InputError
from randvec.matrix import parse

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "workflow/schemas/config.schema.yaml"


@pytest.fixture
def config():
    return plain(yaml.safe_load((REPOSITORY / "config/config.yaml").read_text()))


def resolve(config):
    """What Snakefile and common.smk do with a configuration."""
    schema = yaml.safe_load(SCHEMA.read_text())
    check_keys(config, schema)
    validate(config, str(SCHEMA))
    check(config, schema)
    return config


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "config").glob("*.yaml")), ids=lambda p: p.stem
)
def test_every_configuration_in_the_repository_is_valid(path, monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    resolve(plain(yaml.safe_load(path.read_text())))


def test_defaults_are_the_settings_of_the_paper(config):
    del config["training"]
    config["dataset"]["virtual"]["first"] = "1980-01-01"  # room for 269 days of warm-up
    assert resolve(config)["training"] == {
        "hidden": 256,
        "sequence_length": 270,
        "batch_size": 256,
        "epochs": 20,
        "learning_rate": [{"epoch": 1, "rate": 0.001}, {"epoch": 11, "rate": 0.0005}],
        "dropout": 0.4,
        "gradient_clip": 1.0,
        "forget_bias": 5.0,
        "loss": "nse",
        "fm_forget_bias_gate": "forget",
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
        ("training.hiden", 8, "unknown key 'training.hiden'; did you mean 'training.hidden'"),
        ("dataset.virtual.basin", 8, "did you mean 'dataset.virtual.basins'"),
        ("models", ["EP", "EN"], "model 'EN' is no cell"),
        ("models", ["EM-27"], "must be 28 or more"),
        ("periods.train", ["1996-09-30", "1993-10-01"], "ends before it starts"),
        ("periods.train", ["1993-02-30", "1996-09-30"], "no day of the calendar"),
        ("periods.test", ["1989-10-01", "1992-09-30"], "overlap"),
        ("periods.test", ["1986-10-01", "1988-09-30"], "periods.test with its 39 days of warm-up"),
        ("periods.train", ["1993-10-01", "1997-09-30"], "the virtual record is"),
        ("dataset.folder", "data", "belongs to source 'camels_us'"),
        ("dataset.sources", "x.yaml", "dataset.sources belongs to source 'camels_us'"),
        ("dataset.source", "camels_us", "dataset.folder is missing"),
        ("scenarios", ["years-9"], "needs 9 years"),
        ("scenarios", ["half"], "scenario 'half' is unknown"),
        ("scenarios", ["basins-24-s1"], "draws 24 of 24 basins"),
        ("scenarios", ["fold-1-of-25"], "deals 24 basins to 25 folds"),
        (
            "experiments",
            {"vector_luck": {"models": ["EP"], "scenarios": ["vectors-1"]}},
            "sets the seed of random vectors",
        ),
        ("experiments", {"dimension": {"models": ["EP"]}}, "mean 'experiments.dimensions'"),
        ("scenarios", ["full", "fold-1-of-2"], "scenarios lacks fold-2-of-2"),
        (
            "experiments",
            {"ungauged_basins": {"models": ["EP"], "scenarios": ["fold-1-of-3", "fold-3-of-3"]}},
            "experiments.ungauged_basins.scenarios lacks fold-2-of-3",
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
            "scenarios",
            ["basins-1-s1"],
            "scenario 'basins-1-s1' trains on one basin, where a static",
        ),
        ("training.learning_rate", [{"epoch": 2, "rate": 0.1}], "the first must be 1"),
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
    ],
)
def test_a_wrong_type_or_range_is_refused_and_the_key_is_named(config, keys, value, said):
    change(config, keys, value)
    with pytest.raises(WorkflowError) as error:
        resolve(config)
    assert said in str(error.value)
    assert f"'{keys.split('.')[-1]}'" in str(error.value)


def test_a_missing_section_is_refused(config):
    del config["periods"]
    with pytest.raises(WorkflowError, match="'periods' is a required property"):
        resolve(config)


def test_a_missing_basin_list_is_named(config):
    config["dataset"] = {
        "name": "a",
        "source": "camels_us",
        "folder": "x",
        "basins": "config/nowhere.txt",
    }
    with pytest.raises(InputError, match=r"names no file: config/nowhere\.txt"):
        resolve(config)


@pytest.mark.parametrize("incomplete", ["stop", "drop"])
def test_a_list_of_one_basin_has_no_use_for_static_vectors(config, tmp_path, incomplete):
    path = tmp_path / "list.txt"
    path.write_text("01022500\n")
    config["dataset"] = {
        "name": "a",
        "source": "camels_us",
        "folder": "x",
        "basins": str(path),
        "incomplete_basins": incomplete,
    }
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


def test_days_that_yaml_turned_into_dates_become_text_again():
    assert plain({"a": [date(2000, 1, 2)], "b": 1}) == {"a": ["2000-01-02"], "b": 1}


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
    check(resolved, yaml.safe_load(SCHEMA.read_text()))
    assert resolved == before


def test_a_variant_changes_its_own_models_alone(config):
    config["models"] = ["FP", "FP_corrected"]
    config["training"]["fm_forget_bias_gate"] = "input"
    config["variants"] = {"corrected": {"fm_forget_bias_gate": "forget"}}
    resolved = resolve(config)
    plainly, corrected = (training_of(resolved, parse(code)) for code in config["models"])
    assert {**plainly, "keep_epochs": False} == resolved["training"]
    assert corrected == {**plainly, "fm_forget_bias_gate": "forget"}


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
    assert cells(resolve(config)) == [("full", "EP"), ("full", "EG-4"), ("full", "EG-8")]


def test_an_unknown_experiment_is_refused(config):
    config["experiments"] = {"dimension": {"models": ["EP"]}}
    with pytest.raises(InputError, match=re.escape("did you mean 'experiments.dimensions'")):
        resolve(config)


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


def test_the_schema_has_every_experiment():
    schema = yaml.safe_load(SCHEMA.read_text())
    assert set(schema["properties"]["experiments"]["properties"]) == set(VARIED)
