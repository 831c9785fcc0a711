"""Sequence to one against sequence to sequence: what the comparison reads, writes and refuses."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from figure_checks import check_panels, check_texts

from benchmarks.windows import final_scores, learning_curves, main
from benchmarks.windows_plot import plot
from randvec.config_schema import complete
from randvec.errors import InputError

REPOSITORY = Path(__file__).parents[2]
MODELS = ("EP", "EG-16", "CN")
#: Predicted days: epochs, and CPU seconds of a job of two members.
WORK = {1: (3, 1800.0), 90: (5, 60.0)}


def made_up(folder, days, together=True):
    """A run of two members of each model; their curves rise by a tenth an epoch."""
    epochs, seconds = WORK[days]
    scores = []
    for place, model in enumerate(MODELS):
        for seed in (1, 2):
            member = folder / f"members/full/{model}/seed{seed}"
            member.mkdir(parents=True)
            settings = {"training": {"predicted_days": days}}
            (member / "settings.json").write_text(json.dumps(settings))
            nse = [0.1 * epoch + 0.01 * seed for epoch in range(1, epochs + 1)]
            losses = pd.DataFrame({"epoch": range(1, epochs + 1), "loss": 0.1})
            losses.assign(validation_nse=nse).to_csv(member / "loss.csv", index=False)
        records = folder / f"benchmarks/train/full/{model}"
        records.mkdir(parents=True)
        for name in ["seed1_2"] if together else ["seed1", "seed2"]:
            (records / f"{name}.tsv").write_text(f"s\tcpu_time\n4000\t{seconds}\n")
        for member, nse in {"ensemble": 0.7, "1": 0.6, "2": 0.65}.items():
            row = {"scenario": "full", "model": model, "member": member}
            scores.append(row | {"nse_median": nse - 0.1 * place})
    (folder / "tables").mkdir()
    pd.DataFrame(scores).to_csv(folder / "tables/performance.csv", index=False)
    return folder


@pytest.fixture
def runs(tmp_path):
    return [made_up(tmp_path / f"n{days}", days) for days in WORK]


def test_the_work_of_a_job_is_shared_by_its_epochs_and_members(runs):
    curves = learning_curves(runs[0])
    member = curves[(curves["model"] == "EP") & (curves["member"] == 2)]
    # 1800 s are 30 minutes, for three epochs of two members.
    assert member["core_minutes"].tolist() == pytest.approx([5, 10, 15])
    assert member["validation_nse"].tolist() == pytest.approx([0.12, 0.22, 0.32])
    assert member["epoch"].tolist() == [1, 2, 3]
    assert curves["model"].unique().tolist() == list(MODELS)
    assert len(curves) == 3 * 2 * 3


def test_members_with_a_job_of_their_own_have_its_work_alone(tmp_path):
    curves = learning_curves(made_up(tmp_path, 1, together=False))
    assert curves.groupby(["model", "member"])["core_minutes"].max().tolist() == [30] * 6


def test_a_run_that_cannot_be_compared_is_refused_with_the_file(runs):
    losses = runs[0] / "members/full/EG-16/seed1/loss.csv"
    pd.read_csv(losses).drop(columns="validation_nse").to_csv(losses, index=False)
    with pytest.raises(InputError, match=r"EG-16/seed1/loss\.csv: no column validation_nse"):
        learning_curves(runs[0])
    record = runs[1] / "benchmarks/train/full/CN/seed1_2.tsv"
    record.write_text("s\tcpu_time\n0.4\tNA\n")
    with pytest.raises(InputError, match=r"CN/seed1_2\.tsv: no cpu_time of this job"):
        learning_curves(runs[1])
    (runs[0] / "tables/performance.csv").unlink()
    with pytest.raises(InputError, match=r"performance\.csv: not there"):
        final_scores(runs[0])
    record.unlink()
    with pytest.raises(InputError, match=r"CN/seed1\.tsv: no cpu_time of this job"):
        learning_curves(runs[1])


def test_the_command_writes_both_ways(runs, tmp_path):
    main(runs, tmp_path / "out")
    curves = pd.read_csv(tmp_path / "out/windows.csv")
    columns = ["way", "model", "member", "epoch", "core_minutes", "validation_nse"]
    assert list(curves) == columns
    ways = ["Sequence to one", "Sequence to sequence, 90 days"]
    assert curves["way"].unique().tolist() == ways
    last = curves.groupby("way")["core_minutes"].max()
    assert last[ways].tolist() == [15, 0.5]
    final = pd.read_csv(tmp_path / "out/final.csv")
    assert len(final) == 2 * 3 * 3
    chosen = final[(final["way"] == ways[1]) & (final["model"] == "CN")].set_index("member")
    assert chosen["test_nse"].round(6).to_dict() == {"ensemble": 0.5, "1": 0.4, "2": 0.45}
    assert (tmp_path / "out/windows.png").stat().st_size > 20_000


def test_the_figure_has_a_panel_a_model_and_one_for_the_test_period(runs, tmp_path):
    curves = pd.concat(map(learning_curves, runs))
    final = pd.concat(map(final_scores, runs))
    figure = plot(curves, final, tmp_path / "windows.png")
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["(a) EP", "(b) EG-16", "(c) CN", "(d) Test period"]
    check_texts(figure)
    check_panels(figure)
    # Two members, their median and its end, in each way.
    assert [len(ax.lines) for ax in figure.axes[:3]] == [8, 8, 8]
    styles = [line.get_linestyle() for line in figure.axes[0].lines]
    assert styles == ["-", "-", "-", "None", "--", "--", "--", "None"]
    median = figure.axes[0].lines[2]
    assert median.get_xdata().tolist() == pytest.approx([5, 10, 15])
    assert median.get_ydata().tolist() == pytest.approx([0.115, 0.215, 0.315])
    members, ensemble = figure.axes[3].lines[:2]
    assert members.get_ydata().tolist() == [0.6, 0.65] and ensemble.get_ydata()[0] == 0.7


def test_the_two_configurations_have_equal_networks_and_data():
    schema = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())
    files = [REPOSITORY / f"docs/results/windows/{name}.yaml" for name in ("one", "many")]
    one, many = (complete(yaml.safe_load(path.read_text()), schema) for path in files)
    days = [config["training"].pop("predicted_days") for config in (one, many)]
    assert days == [1, 90]
    for config in (one, many):
        assert config["dataset"].pop("name").startswith("windows_")
        for key in ("batch_size", "epochs"):
            config["training"].pop(key)
        config["training"]["learning_rate"].pop("peak")
    assert one == many


def test_the_table_in_the_documents_is_that_of_the_files():
    folder = REPOSITORY / "docs/results/windows"
    curves = pd.read_csv(folder / "windows.csv")
    final = pd.read_csv(folder / "final.csv")
    text = (folder / "README.md").read_text(encoding="utf-8")
    last = curves[curves["epoch"] == curves.groupby("way")["epoch"].transform("max")]
    for (model, way), members in last.groupby(["model", "way"]):
        scores = final[(final["model"] == model) & (final["way"] == way)].set_index("member")
        scores = scores["test_nse"]
        cells = [
            model,
            way[0].lower() + way[1:],
            f"{members['core_minutes'].median():.2f}",
            spread(members["validation_nse"]),
            f"{scores['ensemble']:.3f}",
            spread(scores.drop("ensemble")),
        ]
        assert f"| {' | '.join(cells)} |" in text


def spread(values):
    return f"{values.min():.3f} to {values.max():.3f}"
