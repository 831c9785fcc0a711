"""Time and memory of a run, from the files that Snakemake's benchmark directive writes."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from randvec.jobs import seeds_of
from randvec.report.members import members
from randvec.scenarios import Ensemble

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


def run_times(jobs_of: Mapping[str, Iterable[tuple[str, str]]]) -> pd.DataFrame:
    """Sum up the jobs of each stage and model.

    Parameters
    ----------
    jobs_of : mapping of stage to iterable of (model, path)
        One benchmark file per job; the model is empty where a job serves all models.

    Returns
    -------
    pd.DataFrame
        One row a stage and model: jobs with a record and without one; their wall-clock times in
        seconds; the largest resident memory of one job in MB (NaN where a job was too short to be
        measured). A job whose record was lost is counted and not made again.
    """
    rows = []
    for stage, jobs in jobs_of.items():
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


def records(
    folder: Path, stage: str, ensembles: Sequence[Ensemble], seeds: Sequence[int]
) -> list[tuple[str, str]]:
    """Model and benchmark file of every job that made some members, whether it is there or not.

    Parameters
    ----------
    folder : Path
        ``results/<dataset>/benchmarks``.
    stage : str
        train or predict.
    ensembles : sequence of (scenario, model)
    seeds : sequence of int
        Of the members. A member that had a job of its own and shared another one has two records:
        the one with the later date counts.
    """
    found = []
    for scenario, model, seed in members(ensembles, seeds):
        place = folder / stage / scenario / model
        own = [path for path in place.glob("seed*.tsv") if seed in seeds_of(path.stem)]
        latest = sorted(own, key=lambda path: (path.stat().st_mtime, path.name))[-1:]
        last = latest[0] if latest else place / f"seed{seed}.tsv"
        found.append((model, str(last)))
    return list(dict.fromkeys(found))


def write(folder: str, ensembles: Sequence[Ensemble], seeds: Sequence[int], output: str) -> None:
    """Write `run_times` as CSV, rounded to hundredths.

    Parameters
    ----------
    folder : str
        ``results/<dataset>``.
    ensembles, seeds
        As for `records`.
    output : str
    """
    place = Path(folder) / "benchmarks"
    found = {
        "series": [("", str(place / "series.tsv"))],
        "train": records(place, "train", ensembles, seeds),
        "predict": records(place, "predict", ensembles, seeds),
        "ensemble": [
            (model, str(place / f"ensemble/{scenario}/{model}.tsv"))
            for scenario, model in ensembles
        ],
    }
    run_times(found).round(2).to_csv(output, index=False, lineterminator="\n")
