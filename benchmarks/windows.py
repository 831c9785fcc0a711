"""`python -m benchmarks.windows ONE MANY FOLDER`: sequence to one against sequence to sequence.

ONE and MANY are folders of finished runs, as `results/windows_one`, which differ in
`training.predicted_days`. windows.csv, final.csv and windows.png go to FOLDER.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.windows_plot import plot
from randvec.errors import InputError
from randvec.jobs import seeds_of
from randvec.report.members import settings_of
from randvec.report.run_times import records
from randvec.scenarios import FULL

COLUMNS = ["way", "model", "member", "epoch", "core_minutes", "validation_nse"]


def main(runs: Sequence[Path], output: Path) -> None:
    """Write windows.csv, final.csv and windows.png of two runs."""
    curves = pd.concat([learning_curves(run) for run in runs], ignore_index=True)
    final = pd.concat([final_scores(run) for run in runs], ignore_index=True)
    output.mkdir(parents=True, exist_ok=True)
    for name, table in {"windows": curves, "final": final}.items():
        path = output / f"{name}.csv"
        table.to_csv(path, index=False, float_format="%.5g", lineterminator="\n")
    plot(curves, final, output / "windows.png")


def learning_curves(run: Path) -> pd.DataFrame:
    """Validation NSE of each member after each epoch, and the work until then.

    Parameters
    ----------
    run : Path
        ``results/<dataset>`` of a run with a validation period.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`. ``core_minutes`` is the CPU time of the training job in minutes, in equal parts
        for its epochs and its members. Scoring the validation period is part of it.

    Raises
    ------
    InputError
        If the run has no validation period, or the CPU time of a job is not known.
    """
    rows = []
    for model, record in _records(run):
        seeds = seeds_of(record.stem)
        minutes = _cpu_seconds(record) / 60 / len(seeds)
        for seed in seeds:
            path = run / f"members/{FULL}/{model}/seed{seed}/loss.csv"
            losses = pd.read_csv(path)
            if "validation_nse" not in losses:
                raise InputError(
                    f"{path}: no column validation_nse; give the configuration "
                    "periods.validation and run it again"
                )
            done = losses["epoch"] / losses["epoch"].max()
            labels = {"way": way_of(run, model, seed), "model": model, "member": seed}
            rows.append(losses.assign(**labels, core_minutes=minutes * done)[COLUMNS])
    return pd.concat(rows, ignore_index=True)


def final_scores(run: Path) -> pd.DataFrame:
    """Median test NSE over the basins: a row a model and its ensemble or member.

    Parameters
    ----------
    run : Path
        ``results/<dataset>``.

    Returns
    -------
    pd.DataFrame
        way, model, member (``ensemble`` or a seed) and test_nse.
    """
    scores = _performance(run).rename(columns={"nse_median": "test_nse"})
    seed = next(member for member in scores["member"] if member != "ensemble")
    ways = [way_of(run, model, seed) for model in scores["model"]]
    return scores.assign(way=ways)[["way", "model", "member", "test_nse"]]


def way_of(run: Path, model: str, seed: int | str) -> str:
    """How a member was trained, in words that a legend can show."""
    days = settings_of(run / "members", FULL, model, seed)["training"]["predicted_days"]
    return "Sequence to one" if days == 1 else f"Sequence to sequence, {days} days"


def _performance(run: Path) -> pd.DataFrame:
    path = run / "tables/performance.csv"
    if not path.is_file():
        raise InputError(f"{path}: not there; give the folder of a run whose tables are made")
    scores = pd.read_csv(path)
    return scores[scores["scenario"] == FULL]


def _records(run: Path) -> list[tuple[str, Path]]:
    """Model and benchmark file of each training job, in the order of the run's tables."""
    scores = _performance(run)
    ensembles = [(FULL, model) for model in scores["model"].unique()]
    seeds = [int(member) for member in scores["member"].unique() if member != "ensemble"]
    found = records(run / "benchmarks", "train", ensembles, seeds)
    return [(model, Path(record)) for model, record in found]


def _cpu_seconds(record: Path) -> float:
    seconds = pd.read_csv(record, sep="\t")["cpu_time"].iloc[0] if record.is_file() else None
    if pd.isna(seconds):
        raise InputError(f"{record}: no cpu_time of this job; train these members again")
    return float(seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.windows", description=__doc__)
    for name in ("one", "many", "folder"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    try:
        main([given.one, given.many], given.folder)
    except InputError as error:
        sys.exit(f"Input error: {error}")
