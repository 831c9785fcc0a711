"""Runs of the workflow through profiles/slurm, and what SLURM knows of their jobs."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml
from slurm_cluster import marked, marked_processes
from workflow_run import REPOSITORY, Run

IMPATIENT = Path(__file__).with_name("impatient_snakemake.py")
LOOKED = "has looked at its jobs"  # what it says then
PROFILE = REPOSITORY / "profiles/slurm"
ACTIVE = ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING")
# What Snakemake says when it has seen Ctrl-C.
HEARD = "Terminating processes on user request"
# Ample for a machine that has much else to do; nothing is measured by it.
PATIENCE = 600


@dataclass
class Job:
    """A job as SLURM shows it."""

    id: str
    state: str
    memory: str
    time_limit: str

    @property
    def active(self):
        return self.state in ACTIVE

    @cached_property
    def targets(self):
        """The Snakemake jobs within, as rule:wildcards."""
        script = _shown("scontrol", "write", "batch_script", self.id, "-")
        found = re.search(r"--target-jobs (.*?) --", script)[1]
        return [target.strip("'") for target in found.split()]

    @property
    def rules(self):
        return {target.partition(":")[0] for target in self.targets}


@dataclass
class SlurmRun(Run):
    """A working folder from which a controlling Snakemake sends jobs to the cluster."""

    cluster: Path = None
    controller: subprocess.Popen = None
    known: dict = field(default_factory=dict)
    frozen: list = field(default_factory=list)

    def start(self, *arguments):
        """Start the controlling Snakemake, in a process group of its own."""
        file = self.folder / "config.yaml"
        file.write_text(yaml.safe_dump(self.config))
        command = [sys.executable, IMPATIENT, "--snakefile", self.snakefile, "--configfile", file]
        command += ["--workflow-profile", PROFILE]
        command += ["--slurm-init-seconds-before-status-checks", "1", *arguments]
        with self.log.open("a") as log:
            self.controller = subprocess.Popen(
                list(map(str, command)),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                env=marked(self.cluster),
                start_new_session=True,
                # Tests that run in the background of a shell are deaf to it.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    @property
    def log(self):
        return self.folder / "controller.log"

    @property
    def running(self):
        return self.controller is not None and self.controller.poll() is None

    def finish(self):
        """Wait for the controlling Snakemake, and expect that it has succeeded."""
        self.wait_for(lambda: not self.running, "the end of the run")
        assert self.controller.returncode == 0, self.said()

    def interrupt(self):
        """As Ctrl-C does, while Snakemake waits to look at its jobs again."""
        looks = self._count(LOOKED)
        self.wait_for(lambda: self._count(LOOKED) > looks, "a look at the jobs")
        os.killpg(self.controller.pid, signal.SIGINT)
        self.wait_for(lambda: not self.running, "the end of an interrupted run")

    def interrupt_at_any_moment(self):
        """As Ctrl-C does, with what profiles/README.md says where that is not enough."""
        before = self._count(HEARD)
        while self.running and self._count(HEARD) == before:
            os.killpg(self.controller.pid, signal.SIGINT)
            time.sleep(1)
        self.wait_for(lambda: not self.running, "the end of an interrupted run")
        if self.active():
            self.cancel_lost_jobs()

    def _count(self, words):
        return self.log.read_text().count(words)

    def kill(self):
        self.controller.kill()
        self.controller.wait()

    def recover(self):
        """What profiles/README.md says to do after the controlling Snakemake was killed."""
        self.cancel_lost_jobs()
        self.start("--unlock")
        self.finish()
        self.controller = None

    def cancel_lost_jobs(self):
        script = PROFILE / "cancel-lost-jobs.sh"
        done = subprocess.run(["sh", script], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def said(self):
        return self.log.read_text()[-5000:]

    def wait_for(self, condition, what):
        """Wait until the condition is true and return what it gave."""
        until = time.monotonic() + PATIENCE
        while not (result := condition()):
            assert time.monotonic() < until, f"waited in vain for {what}:\n{self.said()}"
            time.sleep(0.5)
        return result

    def jobs(self, *rules):
        """The jobs that SLURM ever had from this folder, oldest first; those of some rules only."""
        shown = _shown("squeue", "--states=all", "--noheader", "--format=%i|%T|%m|%l|%Z")
        lines = [line.split("|") for line in shown.splitlines()]
        for number, *values, folder in lines:
            if folder == str(self.folder):
                job = self.known.setdefault(number, Job(number, *values))
                job.state = values[0]
        jobs = sorted(self.known.values(), key=lambda job: int(job.id))
        return [job for job in jobs if not rules or job.rules & set(rules)]

    def active(self, *rules):
        return [job for job in self.jobs(*rules) if job.active]

    def processes(self, job=None):
        """Ids of the processes that run a script of the workflow here, in all jobs or in one."""
        return [pid for pid in marked_processes(self.cluster) if self._is_script(pid, job)]

    def _is_script(self, pid, job):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
            variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
        except OSError:
            return False
        of_job = job is None or f"SLURM_JOB_ID={job.id}" in variables
        return of_job and f"{self.folder}/.snakemake/scripts/" in command

    def next(self, rule):
        """Wait for a job of a rule to be in SLURM that is not frozen."""
        jobs = self.wait_for(lambda: [j for j in self.active(rule) if j not in self.frozen], rule)
        return jobs[0]

    def freeze_next(self, rule):
        """Stop the script of the next job of a rule; only SLURM can end the job then."""
        job = self.next(rule)
        (script,) = self.wait_for(lambda: self.processes(job), f"the script of job {job.id}")
        os.kill(script, signal.SIGSTOP)
        self.frozen.append(job)
        return job


def _shown(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout
