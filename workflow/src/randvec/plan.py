"""What a run would do before it starts: jobs, members, training samples, expected hours."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from statistics import median

from randvec import matrix
from randvec.config import training_of, training_period
from randvec.data.camels_us import read_basin_list
from randvec.together import job_name

#: Settings on which the speed of an architecture depends; a member with others measures nothing.
SPEED_SETTINGS = ("hidden", "sequence_length", "batch_size")
EPOCH_DONE = re.compile(r"epoch \d+ of \d+, done: .* (\d+) samples/s")
JOB = re.compile(r"(?:local)?(?:rule|checkpoint) (\w+):")
MEMBER = re.compile(r"members/([^/]+)/([^/]+)/seed\d+/weights\.safetensors")


def planned_jobs(shown: Iterable[str]) -> tuple[Counter, list[tuple[str, str]]]:
    """Read what a dry run of Snakemake prints (``snakemake --dry-run``).

    Parameters
    ----------
    shown : iterable of str
        Its lines.

    Returns
    -------
    jobs : Counter
        Number of jobs by rule; targets, which only collect files, are left out.
    members : list of (scenario, model)
        One entry for each member that would be trained.
    """
    jobs, members, rule = Counter(), [], ""
    for line in shown:
        if found := JOB.fullmatch(line.strip()):
            rule = found.group(1)
        elif line.strip().startswith("output: "):
            jobs[rule] += 1
            members += MEMBER.findall(line)
    return jobs, members


def samples(config: dict, scenario: str, model: str) -> int:
    """Training samples of a member over all its epochs, if no day lacks discharge.

    Parameters
    ----------
    config : dict
        Complete: the defaults of the schema are filled in.
    scenario, model : str
        As in the configuration.
    """
    first, last = map(date.fromisoformat, training_period(config, scenario))
    epochs = training_of(config, matrix.parse(model))["epochs"]
    return _basins(config["dataset"]) * ((last - first).days + 1) * epochs


def measured_rates(config: dict, results: Path) -> dict[tuple[str, str], float]:
    """Speed of the members that have been trained with the sizes of this configuration.

    Parameters
    ----------
    config : dict
        Complete.
    results : Path
        Folder of the dataset below ``results/``.

    Returns
    -------
    dict
        Median of the samples per second of a job, from the logs, by architecture and device. A job
        that trains several members counts the samples of all.
    """
    logs: dict[tuple[str, str], set[Path]] = {}
    for path in results.glob("members/*/*/*/settings.json"):
        settings = json.loads(path.read_text(encoding="utf-8"))
        wanted = config["training"]
        if any(settings["training"][key] != wanted[key] for key in SPEED_SETTINGS):
            continue
        folder = results / "logs/train" / path.parents[1].relative_to(results / "members")
        log = folder / f"{job_name(settings['trained_together'])}.log"
        logs.setdefault((settings["architecture"], settings["device"]), set()).add(log)
    rates = {key: [rate for log in found for rate in _rates_of(log)] for key, found in logs.items()}
    return {key: median(found) for key, found in rates.items() if found}


def describe(config: dict, shown: Iterable[str], results: Path, rate: float | None) -> str:
    """Text that tells what a run would do.

    Parameters
    ----------
    config : dict
        Complete.
    shown : iterable of str
        As for `planned_jobs`.
    results : Path
        As for `measured_rates`.
    rate : float or None
        Samples per second of a job; None takes the rates that were measured.
    """
    jobs, members = planned_jobs(shown)
    counts = [*sorted(jobs.items()), ("total", jobs.total())]
    lines = [f"{name:<32}{n:>6} {'job' if n == 1 else 'jobs'}" for name, n in counts]
    if not members:
        return "\n".join([*lines, "No member is trained."])
    work = Counter()
    for scenario, model in members:
        work[matrix.parse(model).architecture] += samples(config, scenario, model)
    lines.append(f"members to train: {len(members)}")
    lines += [f"{name}: {work[name]:,} training samples" for name in sorted(work)]
    lines.append(f"training samples: at most {work.total():,}, all epochs counted")
    if rate is not None:
        hours = work.total() / rate / 3600
        return "\n".join([*lines, f"about {hours:.1f} hours of training at {rate:g} samples/s"])
    return "\n".join([*lines, *_hours(work, measured_rates(config, results))])


def _hours(work: Counter, rates: dict[tuple[str, str], float]) -> list[str]:
    """Lines on the hours of each architecture on each device on which it was measured."""
    lines, totals = [], Counter()
    for (architecture, device), rate in sorted(rates.items()):
        if architecture in work:
            hours = work[architecture] / rate / 3600
            totals[device] += hours
            lines.append(
                f"{architecture}: {hours:.1f} {device} hours at {rate:,.0f} samples/s, as measured"
            )
    lines += [f"about {hours:.1f} {device} hours in all" for device, hours in totals.items()]
    if unknown := sorted(set(work) - {architecture for architecture, _ in rates}):
        lines.append(
            f"{', '.join(unknown)}: no rate is known. Train one member with these settings (its "
            "log ends with samples/s) and ask again, or give a rate: make plan RATE=<samples/s>"
        )
    return lines


def _basins(dataset: dict) -> int:
    if dataset["source"] == "virtual":
        return dataset["virtual"]["basins"]
    return len(read_basin_list(dataset["basins"]))


def _rates_of(log: Path) -> list[float]:
    text = log.read_text(encoding="utf-8") if log.is_file() else ""
    return [float(rate) for rate in EPOCH_DONE.findall(text)]
