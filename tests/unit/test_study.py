"""What follows from a configuration: trained, compared and shown, and in which files."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from randvec.config import read
from randvec.config_check import check
from randvec.report.contents import menu
from randvec.study import Study

REPOSITORY = Path(__file__).parents[2]
SCHEMA = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())
CONFIG = {
    "dataset": {"name": "small", "source": "virtual", "virtual": {"basins": 6}},
    "periods": {"train": ["1992-10-01", "1996-09-30"], "test": ["1989-10-01", "1990-09-30"]},
    "models": ["EP", "EG-4", "CN"],
    "seeds": [3, 1],
    "training": {"sequence_length": 30},
    "experiments": {
        "draws": {"kind": "vector_luck", "models": ["EG-4"], "scenarios": ["vectors-1"]},
        "ungauged_basins": {
            "models": ["EP"],
            "scenarios": ["full", "fold-1-of-2", "fold-2-of-2"],
            "references": ["CN"],
        },
    },
}


def study(**changes):
    config = read({**CONFIG, **changes}, SCHEMA)
    check(config)
    return Study(config)


def test_every_ensemble_is_there_once_and_the_main_comparison_first():
    made = study()
    assert made.ensembles == [
        ("full", "EP"),
        ("full", "EG-4"),
        ("full", "CN"),
        ("vectors-1", "EG-4"),
        ("fold-1-of-2", "EP"),
        ("fold-2-of-2", "EP"),
    ]
    assert made.experiments == {"draws": "vector_luck", "ungauged_basins": "ungauged_basins"}
    assert made.parts["ungauged_basins"][-1] == ("full", "CN")


def test_a_member_that_two_scenarios_share_is_one_member():
    made = study()
    assert made.members_of("vectors-1", "EG-4", "{scenario}/{model}/{seed}") == [
        "full/EG-4/1",
        "vectors-1/EG-4/3",
    ]
    found = made.each_member(f"{made.member}/loss.csv")
    assert len(found) == len(set(found)) == 3 * 2 + 1 + 2 * 2
    assert found[0] == "results/small/members/full/EP/seed1/loss.csv"


def test_ensembles_of_a_part():
    made = study()
    assert made.each_ensemble("{scenario}/{model}", made.parts["draws"]) == ["vectors-1/EG-4"]
    assert len(made.each_ensemble("{scenario}/{model}")) == len(made.ensembles)


def test_the_answer_is_of_the_models_of_its_question():
    made = study(models=["EP", "FO", "EG-2", "EG-4", "CN"])
    assert made.rows("main") == [("full", code) for code in ("EP", "EG-4", "CN")]
    assert made.rows("draws") == made.parts["draws"]


def test_vectors_are_those_that_members_read():
    made = study()
    assert made.vectors == ["gaussian-4-s1", "gaussian-4-s3", "physical"]
    assert made.vector("vectors-1", "EG-4", 3) == "gaussian-4-s1"
    assert made.vector_tables("full", "EG-4", [1, 3]) == [
        "results/small/vectors/gaussian-4-s1.parquet",
        "results/small/vectors/gaussian-4-s3.parquet",
    ]
    assert made.vector_tables("full", "EP", [1, 3]) == ["results/small/vectors/physical.parquet"]
    assert made.vector_tables("full", "CN", [1, 3]) == []


def test_what_settings_of_a_member_must_say():
    configured = study(variants={"wide": {"hidden": 9}}, models=["EP_wide"]).configured
    found = configured("full", "EP_wide")
    assert found["architecture"] == "ea_lstm" and found["training"]["hidden"] == 9
    assert found["train_period"] == ["1992-10-01", "1996-09-30"] and found["basins"] is None
    assert configured("fold-1-of-2", "EP")["basins"] == {"fold": 1, "folds": 2}


def test_only_what_can_be_compared_is():
    made = study()
    assert set(made.compared) == {"main", "ungauged_basins"}  # draws compare members
    assert (("full", "EG-4"), ("full", "EP")) in made.compared["main"]
    alone = study(models=["CN"], experiments={})
    assert alone.compared == {"main": []}


def test_every_table_has_a_place_in_the_report():
    tables = study().tables
    assert list(tables) == [
        "performance",
        "comparisons",
        "answer",
        "comparisons_main",
        "comparisons_ungauged_basins",
        "draws",
        "draws_spread",
        "ungauged_basins",
        "run_times",
        "versions",
        "provenance",
        "config",
        "summary",
    ]
    assert tables["draws_spread"].path == "results/small/tables/draws_spread.csv"
    assert tables["draws_spread"].category == tables["draws"].category == "3. Experiment on draws"
    parts = ["answer", "comparisons_main", "ungauged_basins", "performance", "config"]
    assert [tables[name].category for name in parts] == [
        "1. Answer",
        "1. Answer",
        "4. Experiment on ungauged basins",
        "5. Tables",
        "6. Run",
    ]


def test_a_menu_of_ten_parts_and_more_stays_in_order():
    names = [f"e{number}" for number in range(8)]
    titles = list(menu(names).values())
    assert titles == sorted(titles) and titles[0] == "01. Answer" and titles[-1] == "12. Run"


@pytest.mark.parametrize("lacking", ["EP", "EG-4", "CN"])
def test_without_one_of_three_models_there_is_no_answer(lacking):
    models = [model for model in CONFIG["models"] if model != lacking]
    made = study(models=models, experiments={})
    assert "answer" not in made.tables and made.tables_of_part("main") == {}


def test_an_experiment_is_made_of_its_tables_and_its_figure():
    made = study()
    assert made.files_of_part("draws") == [
        "results/small/tables/draws.csv",
        "results/small/tables/draws_spread.csv",
        "results/small/figures/draws.png",
        "results/small/figures/draws.pdf",
    ]
    main = made.files_of_part("main")
    assert "results/small/tables/comparisons/main.csv" in main
    assert "results/small/figures/nse_cdf.png" in main
    assert not any("draws" in path or "ungauged" in path for path in main)


def test_figures_name_what_they_read_and_show():
    made = study()
    assert made.figures["draws"].kind == "vector_luck"
    assert "map_nse" not in made.figures  # virtual catchments have no place on a map
    assert made.figure_needs("ungauged_basins") == [
        "results/small/tables/ungauged_basins.csv",
        "results/small/tables/comparisons/ungauged_basins.csv",
    ]
    assert made.figure_models("hydrographs") == ["EP", "EG-4", "CN"]
    assert made.figures_drawn_from()["draws"] == [("vectors-1", "EG-4")]
    assert made.figure_descriptors()["count"] == 27
    assert made.figure_group("data_quality") == "figures_of_basins"
    assert made.figure_group("nse_cdf") == "report"
    assert "0072B2" in made.figure_records("nse_cdf")


def test_every_architecture_says_where_its_network_is():
    made = study(models=["EP", "OEA", "FM-30", "CN"])
    modules = [made.network(code) for code in ("EP", "OEA", "FM-30", "CN")]
    names = ["ea_lstm", "sr_lstm_ea", "fm_lstm", "ct_lstm"]
    assert modules == [f"randvec.models.{name}" for name in names]


def test_a_simulation_depends_on_its_networks_and_on_what_reads_its_basins(tmp_path):
    asked = {"models": ["EP", "CN"], "period": ["1991-10-01", "1992-09-30"]}
    tables = {"series": tmp_path / "series.csv", "descriptor_table": tmp_path / "descriptors.csv"}
    for path in tables.values():
        path.write_text("basin,one\n")
    found = study(simulate={"year": asked, "mine": asked | {k: str(p) for k, p in tables.items()}})
    modules = {simulation.name: set(simulation.modules()) for simulation in found.simulations}
    job = {"randvec.simulation.job", "randvec.models.ct_lstm", "randvec.models.ea_lstm"}
    assert modules == {"year": job, "mine": job | {"randvec.data.tables"}}


def test_figures_read_the_vectors_that_members_have_seen():
    made = study(vector_seed=7, experiments={})
    read = {path for path in made.figure_needs("input_gate") if "/vectors/" in path}
    assert read == {f"{made.folder}/vectors/{name}.parquet" for name in made.vectors}
    assert made.vectors == ["gaussian-4-s7", "physical"]
    assert made.figure_descriptors()["vector_seed"] == 7


def test_a_figure_knows_the_losses_of_its_models():
    assert study().figure_losses("loss_curves") == ("nse",)
    made = study(models=["EP", "EP_m"], variants={"m": {"loss": "mse"}}, experiments={})
    assert made.figure_losses("loss_curves") == ("mse", "nse")


def test_the_name_of_an_experiment_may_end_with_any_letter_of_a_name():
    draws = {**CONFIG["experiments"]["ungauged_basins"], "kind": "ungauged_basins"}
    made = study(experiments={"folds_": draws})
    assert set(made.tables_of_part("folds_")) <= set(made.tables)


def test_a_plan_loads_no_heavy_library():
    """Snakemake reads the study at every start; torch, scipy and matplotlib are for jobs."""
    code = "import sys, randvec.study; print({'torch', 'scipy', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
