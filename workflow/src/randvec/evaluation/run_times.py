"""Time and memory of a run, from the files that Snakemake's benchmark directive writes."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from randvec.together import job_name

STAGES = ("series", "train", "predict", "ensemble")
COLUMNS = [
    "stage",
    "model",
    "jobs",
    "jobs_not_recorded",
    "seconds_total",
    "seconds_median",
    "seconds_longest",
    "memory_peak_mb",
]


def run_times(records: Mapping[str, Iterable[tuple[str, str]]]) -> pd.DataFrame:
    """Sum up the jobs of each stage and model.

    Parameters
    ----------
    records : mapping of stage to iterable of (model, path)
        One benchmark file per job; the model is empty where a job serves all models.

    Returns
    -------
    pd.DataFrame
        One row a stage and model: jobs with a record and without one; their wall-clock times in
        seconds; the largest resident memory of one job in MB (NaN where a job was too short to be
        measured). A job whose record was lost is counted and not made again.
    """
    rows = []
    for stage, jobs in records.items():
        for model, path in jobs:
            row = {"stage": stage, "model": model, "seconds": None, "memory": None}
            if Path(path).is_file():
                record = pd.read_csv(path, sep="\t").iloc[0]
                row["seconds"], row["memory"] = record["s"], record["max_rss"]
            rows.append(row)
    table = pd.DataFrame(rows, columns=["stage", "model", "seconds", "memory"])
    table[["seconds", "memory"]] = table[["seconds", "memory"]].apply(
        pd.to_numeric, errors="coerce"
    )
    groups = table.groupby(["stage", "model"], sort=False)
    summed = groups.agg(
        jobs=("seconds", "count"),
        jobs_not_recorded=("seconds", lambda seconds: seconds.isna().sum()),
        seconds_total=("seconds", lambda seconds: seconds.sum(min_count=1)),
        seconds_median=("seconds", "median"),
        seconds_longest=("seconds", "max"),
        memory_peak_mb=("memory", "max"),
    )
    return summed.reset_index()[COLUMNS]


def trainings(folder: Path, settings: Iterable[str]) -> list[tuple[str, str]]:
    """Model and benchmark file of every job that trained some members, whether there or not.

    Parameters
    ----------
    folder : Path
        ``results/<dataset>``.
    settings : iterable of str
        The settings.json of every member: it says which members its job trained.
    """
    found = []
    for path in map(Path, settings):
        seeds = json.loads(path.read_text(encoding="utf-8"))["trained_together"]
        scenario, model = path.parts[-4:-2]
        record = folder / "benchmarks/train" / scenario / model / f"{job_name(seeds)}.tsv"
        found.append((model, str(record)))
    return list(dict.fromkeys(found))


def write_run_times(
    folder: str,
    settings: Iterable[str],
    records: Mapping[str, Iterable[tuple[str, str]]],
    output: str,
) -> None:
    """Write `run_times` as CSV, rounded to hundredths.

    Parameters
    ----------
    folder, settings
        As for `trainings`.
    records : mapping of stage to iterable of (model, path)
        Those of `STAGES` beside the training.
    output : str
    """
    found = {"train": trainings(Path(folder), settings), **records}
    table = run_times({stage: found[stage] for stage in STAGES})
    table.round(2).to_csv(output, index=False, lineterminator="\n")
