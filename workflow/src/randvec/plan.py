"""What a run would do before it starts: jobs, members, training days, expected hours."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

from randvec import matrix
from randvec.config import stand_ins, training_of, training_period
from randvec.data.selection import choose
from randvec.jobs import seeds_of
from randvec.scenarios import parse

EPOCH_DONE = re.compile(r"epoch \d+ of \d+, done: .* (\d+) samples/s")
JOB = re.compile(r"(?:local)?(?:rule|checkpoint) (\w+):")
MEMBER = re.compile(r"members/([^/]+)/([^/]+)/seed\d+/weights\.safetensors")


class Kind(NamedTuple):
    """What the speed of a job depends on: architecture, settings, and whether members share it."""

    architecture: str
    hidden: int
    sequence_length: int
    batch_size: int
    predicted_days: int
    precision: str
    together: bool

    def __str__(self):
        return (
            f"{self.architecture} (hidden {self.hidden}, {self.predicted_days} of "
            f"{self.sequence_length} days, batch_size {self.batch_size}"
            f"{'' if self.precision == 'float32' else f', {self.precision}'}"
            f"{', members together' if self.together else ''})"
        )


def kind_of(architecture: str, training: dict, together: bool) -> Kind:
    """The kind of a member with these settings of training."""
    # Members made before there was a choice do not say.
    training = {"predicted_days": 1, "precision": "float32", **training}
    return Kind(architecture, *(training[key] for key in Kind._fields[1:-1]), together)


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


def work(config: dict, scenario: str, model: str) -> tuple[int, int]:
    """Days and samples that a member is shown over all its epochs, if no day lacks discharge.

    Parameters
    ----------
    config : dict
        Complete: the defaults of the schema are filled in.
    scenario, model : str
        As in the configuration.

    Returns
    -------
    days : int
    samples : int
        Windows, at most: the first and the last of a basin may show few days.
    """
    training = training_of(config, matrix.parse(model))
    first, last = map(date.fromisoformat, training_period(config, scenario))
    days, n = (last - first).days + 1, training["predicted_days"]
    passes = _count_trained(config, scenario) * training["epochs"]
    return passes * days, passes * -(-(days + n - 1) // n)


def _count_trained(config: dict, scenario: str) -> int:
    """Number of basins that the members of a scenario are trained on."""
    basins = stand_ins(config["dataset"])
    return len(choose(basins, parse(scenario).basins)[0])


def measured_rates(results: Path) -> dict[tuple[Kind, str], float]:
    """Speed of the members that have been trained.

    Parameters
    ----------
    results : Path
        Folder of the dataset below ``results/``.

    Returns
    -------
    dict
        Median of the samples per second of a job, from the logs, by kind of member and device. A
        job that trains several members counts the samples of all.
    """
    logs: dict[tuple[Kind, str], set[Path]] = {}
    for path in results.glob("members/*/*/*/settings.json"):
        try:
            settings = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # damaged, as what needs the member will say
            continue
        folder = results / "logs/train" / path.parents[1].relative_to(results / "members")
        (seed,) = seeds_of(path.parent.name)
        together = len(settings["trained_together"])
        kind = kind_of(settings["architecture"], settings["training"], together > 1)
        sharing = {log: seeds_of(log.stem) for log in folder.glob("seed*.log")}
        own = {log for log, of in sharing.items() if seed in of and len(of) == together}
        logs.setdefault((kind, settings["device"]), set()).update(own)
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
    days, samples = Counter(), Counter()
    for scenario, model in members:
        parsed = matrix.parse(model)
        together = config["members_together"] and len(config["seeds"]) > 1
        kind = kind_of(parsed.architecture, training_of(config, parsed), together)
        for total, own in zip((days, samples), work(config, scenario, model), strict=True):
            total[kind] += own
    lines.append(f"members to train: {len(members)}")
    lines += [f"{k}: {days[k]:,} training days in {samples[k]:,} samples" for k in sorted(days)]
    lines.append(
        f"training days: at most {days.total():,}, in at most {samples.total():,} samples "
        "(windows), all epochs counted"
    )
    if rate is not None:
        hours = samples.total() / rate / 3600
        return "\n".join([*lines, f"about {hours:.1f} hours of training at {rate:g} samples/s"])
    return "\n".join([*lines, *_hours(samples, measured_rates(results))])


def _hours(samples: Counter, rates: dict[tuple[Kind, str], float]) -> list[str]:
    """Lines on the hours of each kind of member on each device on which it was measured."""
    lines, totals = [], Counter()
    for kind in sorted(samples):
        for device, rate in ((device, rate) for (k, device), rate in rates.items() if k == kind):
            hours = samples[kind] / rate / 3600
            totals[device] += hours
            lines.append(
                f"{kind}: {hours:.1f} {device} hours at {rate:,.0f} samples/s, as measured"
            )
    lines += [f"about {hours:.1f} {device} hours in all" for device, hours in totals.items()]
    if unknown := sorted(set(samples) - {kind for kind, _ in rates}):
        lines.append(
            f"{', '.join(map(str, unknown))}: no rate is known. Train one member with these "
            "settings (its log ends with samples/s) and ask again, or give a rate: make plan "
            "RATE=<samples/s>"
        )
    return lines


def _rates_of(log: Path) -> list[float]:
    text = log.read_text(encoding="utf-8") if log.is_file() else ""
    return [float(rate) for rate in EPOCH_DONE.findall(text)]


def error_of(shown: str) -> str:
    """What Snakemake says is wrong, without all that it says besides.

    Parameters
    ----------
    shown : str
        All that it printed before it failed.
    """
    found = re.search(
        r"(?:Input error: |Error in file .*:\n)((?:(?!\n\n|\n  File ).)+)", shown, re.S
    )
    return found[1].strip() if found else shown
