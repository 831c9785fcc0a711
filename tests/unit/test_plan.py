"""The plan of a run: counted jobs, samples, and hours at a rate that was measured or given."""

import json
from pathlib import Path

import pytest
import yaml
from snakemake.utils import validate

from randvec import plan
from randvec.config import plain

REPOSITORY = Path(__file__).parents[2]
HEADER = "output_file\tdate\trule\tlog-file(s)\tstatus\tplan"


def row(file, rule, log, what="update pending"):
    return f"results/x/{file}\t-\t{rule}\tresults/x/logs/{log}.log\tmissing\t{what}"


def members(*names):
    """Rows of members as Snakemake lists them: a line for each file."""
    return [
        row(f"members/{name}/{file}", "train", f"train/{name}")
        for name in names
        for file in ("weights.safetensors", "settings.json", "loss.csv")
    ]


@pytest.fixture
def config():
    given = {
        "dataset": {"name": "x", "source": "virtual", "virtual": {"basins": 4}},
        "periods": {
            "train": ["1990-10-01", "1992-09-30"],  # 731 days
            "test": ["1988-10-01", "1989-09-30"],
        },
        "models": ["EP", "CN", "CN_long"],
        "training": {"epochs": 3, "hidden": 8},
        "variants": {"long": {"epochs": 30}},
    }
    config = plain(yaml.safe_load(yaml.safe_dump(given)))
    validate(config, str(REPOSITORY / "workflow/schemas/config.schema.yaml"))
    return config


def trained(results, model, architecture, rates, device="cuda", **training):
    """What a trained member leaves behind, as far as a plan reads it."""
    member = results / f"members/full/{model}/seed1"
    member.mkdir(parents=True)
    settings = {"hidden": 8, "sequence_length": 270, "batch_size": 256, **training}
    text = {"architecture": architecture, "device": device, "training": settings}
    (member / "settings.json").write_text(json.dumps(text))
    log = results / f"logs/train/full/{model}/seed1.log"
    log.parent.mkdir(parents=True)
    log.write_text(
        "".join(
            f"2026 INFO x: epoch {epoch} of 9, done: loss 0.5, {rate} samples/s, about 1 s left\n"
            for epoch, rate in enumerate(rates, 1)
        )
    )


def test_a_job_is_counted_once_and_only_if_it_would_run():
    lines = [
        HEADER,
        row("series.parquet", "series", "series", "no update"),
        *members("full/EP/seed1", "full/EP/seed2"),
        row("tables/performance.csv", "performance", "performance"),
    ]
    jobs, found = plan.planned_jobs(lines)
    assert jobs == {"train": 2, "performance": 1}
    assert found == [("full", "EP"), ("full", "EP")]


def test_samples_follow_basins_days_epochs_scenario_and_variant(config):
    assert plan.samples(config, "full", "EP") == 4 * 731 * 3
    assert plan.samples(config, "years-1", "EP") == 4 * 366 * 3
    assert plan.samples(config, "full", "CN_long") == 4 * 731 * 30


def test_hours_at_a_given_rate(config, tmp_path):
    text = plan.describe(config, [HEADER, *members("full/EP/seed1")], tmp_path, rate=0.5)
    assert "members to train: 1\ntraining samples: at most 8,772," in text
    assert f"about {8772 / 0.5 / 3600:.1f} hours of training at 0.5 samples/s" in text


def test_hours_at_the_rates_of_trained_members(config, tmp_path):
    trained(tmp_path, "EP", "ea_lstm", [1, 2, 30])
    trained(tmp_path, "EO", "ea_lstm", [900], hidden=4)  # another size: measures nothing
    lines = [HEADER, *members("full/EP/seed1", "full/EP/seed2")]
    text = plan.describe(config, lines, tmp_path, rate=None)
    hours = 2 * 8772 / 2 / 3600
    assert f"ea_lstm: {hours:.1f} cuda hours at 2 samples/s, as measured" in text
    assert f"about {hours:.1f} cuda hours in all" in text


def test_no_hours_without_a_rate(config, tmp_path):
    trained(tmp_path, "EP", "ea_lstm", [2])
    lines = [HEADER, *members("full/EP/seed1", "full/CN/seed1")]
    text = plan.describe(config, lines, tmp_path, rate=None)
    assert "ct_lstm: no rate is known" in text and "make plan RATE=" in text
    assert "ct_lstm: 0" not in text


def test_a_finished_run_trains_nothing(config, tmp_path):
    assert "No member is trained." in plan.describe(config, [HEADER], tmp_path, rate=None)
