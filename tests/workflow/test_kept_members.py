"""Members that Snakemake was told to keep, although the configuration has other settings by now."""

import json
import shutil

import pytest

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

# Neither parameters nor code count.
KEEPING = ("--rerun-triggers", "mtime", "input")
ENSEMBLE = "results/tiny/ensembles/full/CN/metrics.csv"


@pytest.fixture
def trained(finished):
    """A run of CN whose configuration has then been given another epoch."""
    finished.config["models"] = ["CN"]
    finished.config["training"]["epochs"] = 2
    return finished


def refusal(run, target, rule):
    """What the job that is refused says on the terminal."""
    done = run.snakemake(target, *KEEPING, check=False)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert f"Error in rule {rule}" in said
    message = said.partition("Input error: ")[2].partition("\n\n")[0]
    assert message.count("\n") == 0
    return message


def epochs(run, model="CN"):
    settings = sorted(run.results.glob(f"members/full/{model}/seed*/settings.json"))
    return [json.loads(path.read_text())["training"]["epochs"] for path in settings]


def test_an_ensemble_of_old_and_new_members_is_refused_and_can_be_put_right(trained):
    trained.config |= {"seeds": [1, 3], "members_together": False}
    shutil.rmtree(trained.results / "members/full/CN/seed2")
    message = refusal(trained, ENSEMBLE, "ensemble")
    assert message.startswith("results/tiny/members/full/CN/seed1/settings.json: ")
    assert "training.epochs is 1, expected 2" in message
    assert "Remove that member's folder" in message
    shutil.rmtree(trained.results / "members/full/CN/seed1")
    trained.snakemake(ENSEMBLE, *KEEPING)
    assert epochs(trained) == [2, 2]


def test_an_ensemble_of_old_members_alone_is_refused(trained):
    shutil.rmtree(trained.results / "ensembles")
    assert "training.epochs is 1, expected 2" in refusal(trained, ENSEMBLE, "ensemble")


def test_a_table_of_old_and_new_ensembles_is_refused(trained):
    trained.config["models"] = ["CN", "EO"]
    for folder in ("members", "ensembles"):
        shutil.rmtree(trained.results / folder / "full/EO")
    message = refusal(trained, "results/tiny/tables/performance.csv", "performance")
    assert message.startswith("results/tiny/members/full/CN/seed1/settings.json: ")
    assert epochs(trained, "EO") == [2, 2]


def test_simulations_of_another_period_are_refused(trained):
    trained.config["training"]["epochs"] = 1
    trained.config["periods"]["test"] = ["1991-02-01", "1991-09-30"]
    shutil.rmtree(trained.results / "ensembles")
    message = refusal(trained, ENSEMBLE, "ensemble")
    assert "predictions.parquet: the days 1991-01-01 to 1991-09-30, expected 1991-02-01" in message
