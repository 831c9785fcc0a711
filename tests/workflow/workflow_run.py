"""Runs of the real workflow on a tiny configuration, each in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import yaml

REPOSITORY = Path(__file__).parents[2]

#: All members of a model in one job: less time goes into starting Python.
TOGETHER = {"members_together": True}

#: An experiment of each kind, as small as it can be.
EXPERIMENTS = {
    "dimensions": {"models": ["EP", "EG-2", "EG-4"], "references": ["CN"]},
    "data_length": {"models": ["EP", "EG-4"], "scenarios": ["years-1", "full"]},
    "fewer_basins": {"models": ["EP"], "scenarios": ["basins-2-s1", "full"]},
    "incomplete_descriptors": {
        "models": ["EP"],
        "scenarios": ["full", "only-soil"],
        "references": ["EG-4"],
    },
    "uncertain_descriptors": {"models": ["EP"], "scenarios": ["full", "noise-1"]},
    "vector_luck": {"models": ["EG-4"], "scenarios": ["vectors-1", "vectors-2"]},
    "ungauged_basins": {
        "models": ["EP", "EG-4", "CN"],
        "scenarios": ["full", "fold-1-of-3", "fold-2-of-3", "fold-3-of-3"],
    },
}

#: A Snakefile that writes down which rules the workflow has, each with its group: while jobs are
#: planned, as rules have no group before.
ASKING = """
import json

include: "{snakefile}"

def tell(wildcards):
    groups = {{rule.name: rule.group for rule in workflow.rules if rule.name != "asking"}}
    with open("rules.json", "w") as file:
        json.dump(groups, file)
    return []

rule asking:
    input: tell
"""

TINY = {
    "dataset": {
        "name": "tiny",
        "source": "virtual",
        "virtual": {"basins": 3, "seed": 1, "first": "1990-10-01", "last": "1992-10-01"},
    },
    "periods": {"train": ["1991-10-01", "1992-10-01"], "test": ["1991-01-01", "1991-09-30"]},
    "models": [
        "EP",
        "EG-4",
        "EO",
        "EM-29",
        "CP",
        "CG-4",
        "CO",
        "CN",
        "PEA",
        "REA",
        "FP",
        "FG-4",
        "FO",
    ],
    "seeds": [1, 2],
    "training": {"hidden": 4, "sequence_length": 10, "epochs": 1, "batch_size": 128},
}


#: The whole matrix as the demo has it, a model's members in one job.
MATRIX = TINY | TOGETHER

#: What tells when and how fast a job ran, and so differs from run to run.
TIMED = ("logs/", "benchmarks/", "tables/run_times.csv", "report/run_times.html")


@dataclass
class Run:
    """A working folder with a configuration file, in which Snakemake can be called."""

    folder: Path
    config: dict
    snakefile: Path = REPOSITORY / "Snakefile"

    @property
    def results(self):
        return self.folder / "results" / self.config["dataset"]["name"]

    def command(self, *arguments, cores=2):
        """The command line that calls Snakemake with the configuration as it is now."""
        file = self.folder / "config.yaml"
        file.write_text(yaml.safe_dump(self.config))
        command = [sys.executable, "-m", "snakemake", "--snakefile", self.snakefile]
        command += ["--directory", self.folder, "--configfile", file, "--cores", str(cores)]
        command += ["--workflow-profile", self.snakefile.parent / "profiles/default", *arguments]
        return list(map(str, command))

    def snakemake(self, *arguments, cores=2, check=True):
        """Call Snakemake; the finished process has stdout and stderr as text."""
        done = call(self.command(*arguments, cores=cores))
        if check and done.returncode:
            raise AssertionError(f"snakemake failed:\n{done.stdout}\n{done.stderr}")
        return done

    def unlock(self):
        """As `snakemake --unlock`, without the seconds that its start takes."""
        shutil.rmtree(self.folder / ".snakemake/locks", ignore_errors=True)

    def start(self, *arguments, cores=2):
        """Start Snakemake in a process group of its own; the process that leads it."""
        command = self.command(*arguments, cores=cores)
        return Started(command, os.devnull, os.devnull, own_group=True)

    def made(self):
        """Every file below results/<dataset> but those of `TIMED`, with its bytes."""
        paths = (path for path in sorted(self.results.rglob("*")) if path.is_file())
        named = {path.relative_to(self.results).as_posix(): path for path in paths}
        return {name: p.read_bytes() for name, p in named.items() if not name.startswith(TIMED)}

    def planned(self, *arguments):
        """Number of jobs by rule that Snakemake would run; targets that only collect left out."""
        shown = self.snakemake(*arguments, "--dry-run", "--quiet", "rules")
        lines = [line.split() for line in (shown.stdout + shown.stderr).splitlines()]
        jobs = {
            words[0]: int(words[1]) for words in lines if len(words) == 2 and words[1].isdigit()
        }
        collecting = {"all", "data", "vectors", "members", "tables", "figures", "pages", "total"}
        return {rule: count for rule, count in jobs.items() if rule not in collecting}

    def rules(self):
        """Every rule that Snakemake has for the configuration, with its group or None."""
        asking = self.folder / "asking.smk"
        asking.write_text(ASKING.format(snakefile=self.snakefile))
        profile = ("--workflow-profile", self.snakefile.parent / "profiles/slurm")
        Run(self.folder, self.config, asking).snakemake("asking", "--dry-run", *profile)
        return json.loads((self.folder / "rules.json").read_text())


def copy(config):
    return yaml.safe_load(yaml.safe_dump(config))


#: One request at a time: a server answers in the order in which it is asked.
ASKING_SERVER = threading.Lock()


@cache
def server():
    """The process that calls Snakemake; it ends when the tests do."""
    command = [sys.executable, "-P", Path(__file__).with_name("snakemake_server.py")]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def ask(request, about):
    with ASKING_SERVER:
        print(json.dumps([request, about]), file=server().stdin, flush=True)
        return json.loads(server().stdout.readline())


class Started:
    """A call of `python -m snakemake` that runs, as `subprocess.Popen` has it."""

    def __init__(self, command, stdout, stderr, own_group=False):
        _, _, _, *arguments = command
        call = {"arguments": arguments, "stdout": stdout, "stderr": stderr, "own_group": own_group}
        self.pid = ask("start", call)
        self.returncode = None

    def poll(self):
        if self.returncode is None:
            self.returncode = ask("poll", self.pid)
        return self.returncode

    def wait(self):
        if self.returncode is None:
            self.returncode = ask("wait", self.pid)
        return self.returncode


def call(command):
    """As `subprocess.run` of `python -m snakemake` with its output captured."""
    with NamedTemporaryFile("r") as stdout, NamedTemporaryFile("r") as stderr:
        code = Started(command, stdout.name, stderr.name).wait()
        return subprocess.CompletedProcess(command, code, stdout.read(), stderr.read())
