"""The measured numbers as Markdown."""

import datetime
import os
import platform
from pathlib import Path

import pandas as pd
import torch

from benchmarks.cases import NEAREST, SIZES
from benchmarks.worker import THREADS
from randvec.provenance import git_commit, versions

NAMES = {
    "ea_lstm": "EA-LSTM",
    "ct_lstm": "CT-LSTM",
    "sr_lstm_ea": "SR-LSTM_EA",
    "fm_lstm": "FM-LSTM",
}
PEERS = ("plain loop", "neuralhydrology")
CASE = ["size", "architecture", "static_size"]

TEXT = """# Speed and memory

Measured by `make benchmark` ([benchmarks/README.md](../../benchmarks/README.md) says what is
compared and how) on {date}, commit {commit}, in {minutes:.0f} minutes on {device}, {threads} thread
a contender, torch {torch}, load average {load:.1f} before the start.

A ratio says how many times the speed of the other contender randvec has: the median of {rounds}
rounds, and in brackets the lowest and the highest. The share is that of the rate at which this
machine multiplies matrices of the shape of the case, measured in the same rounds. d is the length
of the static vector. A star marks a network that neuralhydrology does not have; the nearest that it
has stands in.

{sizes}

A window predicts its last days, one or more, and days/s counts those that are predicted: windows/s
times their number. In the figure, 180/365 days are 180 predicted days of a window of 365.

![Ratios](speed.png)

## In short

{summary}

## Training: whole updates with their data

{training}

## Evaluation: every day of some basins

{evaluation}

## Peak memory of a process that trains and evaluates, MB

24 virtual catchments with six years of training. The plain loop holds all windows; for 531 basins
at paper size they would take 9.4 GB.

{memory}
"""


def describe_machine() -> dict:
    """Where and with what a measurement runs."""
    device = f"one core of {_processor()}, {os.cpu_count()} cores in all, without a GPU"
    if torch.cuda.is_available():
        device = f"{torch.cuda.get_device_name()} with {_processor()}"
    return {
        "date": datetime.date.today().isoformat(),
        "commit": git_commit()[:7],
        "device": device,
        "threads": THREADS,
        "torch": versions()["torch"],
        "load": os.getloadavg()[0],
    }


def write_report(table: pd.DataFrame, machine: dict, path: Path) -> None:
    """Write the table of `benchmarks.measure.measure`, of all cases, as Markdown."""
    parts = {work: markdown(_speeds(rows)) for work, rows in table.groupby("work")}
    parts["sizes"] = markdown(_sizes(table))
    parts["summary"] = markdown(_summary(table))
    parts["memory"] = markdown(_memory(table))
    path.write_text(TEXT.format(**machine, **parts), encoding="utf-8")


def _sizes(table):
    titles = ["days of a window", "predicted days", "hidden units", "windows an update"]
    rows = [{"size": size, **dict(zip(titles, SIZES[size], strict=True))}
            for size in table["size"].unique()]  # fmt: skip
    return pd.DataFrame(rows)


def _speeds(rows):
    shown = []
    for case, contenders in rows.groupby(CASE, sort=False):
        by_name = contenders.set_index("contender")
        ours = by_name.loc["randvec"]
        line = _case(case) | {
            "windows/s": f"{ours['windows_per_second']:,.0f}",
            "days/s": f"{ours['days_per_second']:,.0f}",
            "share": f"{ours['product_share']:.0%}",
        }
        if "seconds_per_epoch" in rows:
            line["s an epoch"] = f"{ours['seconds_per_epoch']:.0f}"
        for name in PEERS:
            star = "*" if name == "neuralhydrology" and case[1] in NEAREST else ""
            line[f"ratio to {name}"] = _ratio(by_name.loc[name]) + star
        shown.append(line)
    return pd.DataFrame(shown)


def _summary(table):
    shown = []
    for (size, work), rows in table.groupby(["size", "work"], sort=False):
        line = {"size": size, "work": work}
        for name in PEERS:
            ratios = rows[rows["contender"] == name]["ratio"]
            line[f"median ratios to {name}"] = f"{ratios.min():.2f} to {ratios.max():.2f}"
        shown.append(line)
    return pd.DataFrame(shown)


def _memory(table):
    rows = table[table["work"] == "training"]
    columns = [name for name in ("peak_memory_mb", "gpu_memory_mb") if name in table]
    shown = []
    for case, contenders in rows.groupby(CASE, sort=False):
        by_name = contenders.set_index("contender")
        line = _case(case)
        for name in ("randvec", *PEERS):
            for column in columns:
                title = f"{name}, GPU" if column == "gpu_memory_mb" else name
                line[title] = f"{by_name.loc[name, column]:,.0f}"
        shown.append(line)
    return pd.DataFrame(shown)


def _case(case):
    size, architecture, width = case
    return {"size": size, "network": NAMES[architecture], "d": width}


def _ratio(row):
    return f"{row['ratio']:.2f} ({row['ratio_lowest']:.2f} to {row['ratio_highest']:.2f})"


def markdown(frame: pd.DataFrame) -> str:
    """A table as Markdown, without its index."""
    lines = [list(frame.columns), ["---"] * frame.shape[1], *frame.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _processor():
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.processor() or platform.machine()
