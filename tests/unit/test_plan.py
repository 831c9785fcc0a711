"""The plan of a run: counted jobs, samples, and hours at a rate that was measured or given."""

import json
from pathlib import Path

import pytest
import yaml

from randvec import plan
from randvec.config_schema import complete

REPOSITORY = Path(__file__).parents[2]
SEEDS = ("seed1", "seed2", "seed3")
EA = "ea_lstm (hidden 8, 1 of 270 days, batch_size 256)"


def job(rule, *outputs):
    """A job as a dry run prints it."""
    files = ", ".join(f"results/x/{name}" for name in outputs)
    return [f"{rule}:", "    input: results/x/a", f"    output: {files}", "    jobid: 1", ""]


def members(*names):
    files = ("weights.safetensors", "settings.json", "loss.csv")
    found = [job("rule train", *(f"members/{name}/{file}" for file in files)) for name in names]
    return [line for lines in found for line in lines]


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
    schema = (REPOSITORY / "workflow/schemas/config.schema.yaml").read_text()
    return complete(given, yaml.safe_load(schema))


def trained(
    results, model, architecture, rates, device="cuda", job="seed1", together=(1,), **training
):
    """What a trained member leaves behind, as far as a plan reads it."""
    member = results / f"members/full/{model}/seed1"
    member.mkdir(parents=True)
    settings = {"hidden": 8, "sequence_length": 270, "batch_size": 256, "predicted_days": 1}
    settings |= training
    text = {"architecture": architecture, "device": device, "training": settings}
    text["trained_together"] = list(together)
    (member / "settings.json").write_text(json.dumps(text))
    log = results / f"logs/train/full/{model}/{job}.log"
    log.parent.mkdir(parents=True)
    log.write_text(
        "".join(
            f"2026 INFO x: epoch {epoch} of 9, done: loss 0.5, {rate} samples/s, about 1 s left\n"
            for epoch, rate in enumerate(rates, 1)
        )
    )


def test_jobs_are_counted_and_targets_are_not():
    lines = [
        *job("localcheckpoint series", "series.parquet", "basins.csv"),
        *members("full/EP/seed1", "years-1/CN_long/seed2"),
        # Jobs that would share a SLURM job are set in.
        "[date] Group job scores (jobs in lexicogr. order):",
        *(f"    {line}" for line in job("rule performance", "tables/performance.csv")),
        *["localrule all:", "    input: results/x/tables/performance.csv", "    jobid: 0"],
    ]
    jobs, found = plan.planned_jobs(lines)
    assert jobs == {"series": 1, "train": 2, "performance": 1}
    assert found == [("full", "EP"), ("years-1", "CN_long")]


def test_members_that_share_a_job_are_counted_each():
    together = job("rule train_2", *(f"members/full/EP/{s}/weights.safetensors" for s in SEEDS))
    assert plan.planned_jobs(together) == ({"train_2": 1}, [("full", "EP")] * 3)


def test_one_job_and_several_jobs(config, tmp_path):
    lines = [*job("rule performance", "tables/performance.csv"), *members("full/EP/seed1")]
    shown = plan.describe(config, lines, tmp_path, rate=1).splitlines()
    assert [line.split() for line in shown[:3]] == [
        ["performance", "1", "job"],
        ["train", "1", "job"],
        ["total", "2", "jobs"],
    ]


def test_days_follow_basins_period_epochs_scenario_and_variant(config):
    assert plan.work(config, "full", "EP") == (4 * 731 * 3, 4 * 731 * 3)
    assert plan.work(config, "years-1", "EP") == (4 * 366 * 3, 4 * 366 * 3)
    assert plan.work(config, "full", "CN_long") == (4 * 731 * 30, 4 * 731 * 30)


def test_days_follow_the_basins_of_a_scenario(config):
    assert plan.work(config, "basins-1-s5", "EP") == (731 * 3, 731 * 3)
    assert plan.work(config, "fold-1-of-3", "EP") == (2 * 731 * 3, 2 * 731 * 3)


@pytest.mark.parametrize(("n", "windows"), [(10, 74), (30, 26), (270, 4)])
def test_samples_are_the_most_windows_that_tile_the_period(config, n, windows):
    config["architectures"] = {"ea_lstm": {"predicted_days": n}}
    assert plan.work(config, "full", "EP") == (4 * 731 * 3, 4 * windows * 3)
    assert plan.work(config, "full", "CN") == (4 * 731 * 3, 4 * 731 * 3)
    most = max(sum(1 for day in range(-offset, 731, n)) for offset in range(n))
    assert windows == most


def test_hours_at_a_given_rate(config, tmp_path):
    text = plan.describe(config, members("full/EP/seed1"), tmp_path, rate=0.5)
    assert f"members to train: 1\n{EA}: 8,772 training days in 8,772 samples\n" in text
    assert "\ntraining days: at most 8,772, in at most 8,772 samples" in text
    assert f"about {8772 / 0.5 / 3600:.1f} hours of training at 0.5 samples/s" in text


def test_hours_at_the_rates_of_trained_members(config, tmp_path):
    trained(tmp_path, "EP", "ea_lstm", [1, 2, 30])
    trained(tmp_path, "EO", "ea_lstm", [900], hidden=4)  # another size: measures nothing
    trained(tmp_path, "EG-2", "ea_lstm", [700], predicted_days=9)
    lines = members("full/EP/seed1", "full/EP/seed2")
    text = plan.describe(config, lines, tmp_path, rate=None)
    hours = 2 * 8772 / 2 / 3600
    assert f"{EA}: {hours:.1f} cuda hours at 2 samples/s, as measured" in text
    assert f"about {hours:.1f} cuda hours in all" in text


def test_the_rate_is_that_of_the_job_that_the_member_was_trained_in(config, tmp_path):
    trained(tmp_path, "EP", "ea_lstm", [2], job="seed1_3", together=(1, 3))
    for other in ("seed11", "seed1"):  # another member, and this one trained alone before
        log = tmp_path / f"logs/train/full/EP/{other}.log"
        log.write_text("epoch 1 of 9, done: loss 0.5, 900 samples/s, about 1 s left\n")
    damaged = tmp_path / "members/full/EO/seed1/settings.json"
    damaged.parent.mkdir(parents=True)
    damaged.write_text('{"architecture": "ea_ls')
    ((_, rate),) = plan.measured_rates(tmp_path).items()
    assert rate == 2


def test_jobs_that_differ_in_what_sets_their_speed_are_kept_apart(config, tmp_path):
    trained(tmp_path, "EP", "ea_lstm", [2])
    trained(tmp_path, "EO", "ea_lstm", [90], precision="bf16")
    trained(tmp_path, "EG-2", "ea_lstm", [8], job="seed1_2", together=[1, 2])
    lines = members("full/EP/seed1")
    assert "cuda hours at 2 samples/s" in plan.describe(config, lines, tmp_path, rate=None)
    config["members_together"] = True
    said = plan.describe(config, lines, tmp_path, rate=None)
    assert f"{EA[:-1]}, members together): " in said and "cuda hours at 8 samples/s" in said


def test_no_hours_without_a_rate(config, tmp_path):
    trained(tmp_path, "EP", "ea_lstm", [2])
    lines = members("full/EP/seed1", "full/CN/seed1")
    text = plan.describe(config, lines, tmp_path, rate=None)
    assert f"{EA.replace('ea', 'ct')}: no rate is known" in text and "make plan RATE=" in text
    assert text.count("cuda hours at") == 1


def test_a_finished_run_trains_nothing(config, tmp_path):
    assert "No member is trained." in plan.describe(config, [], tmp_path, rate=None)
