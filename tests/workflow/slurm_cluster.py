"""A SLURM of two nodes on this machine, with fake graphics cards, and nothing left of it.

Run as a program, with a folder as its argument, it starts the cluster, says "ready" and keeps it
until standard input closes. That happens also when the tests are killed: no way of ending them
leaves a daemon or a job behind.
"""

import ctypes
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

CARDS = 4  # of each node
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
# A job's steps drop every variable named SLURM_*, so that they find this file alone.
STANDARD_CONF = Path("/etc/slurm/slurm.conf")
# In the environment of everything that the cluster or its tests start, wherever it ends up.
MARK = "RANDVEC_TEST_CLUSTER"

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h

SLURM_CONF = """\
ClusterName=randvec
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort=17000
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
Prolog={folder}/prolog
Epilog={folder}/epilog
TaskProlog={folder}/task_prolog
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=3600
KillWait=3
GresTypes=gpu
AccountingStorageType=accounting_storage/none
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[17001-17002] \
CPUs=8 RealMemory=256000 Gres=gpu:{cards}
PartitionName=main Nodes=ALL Default=YES State=UP
"""

# What jobs did, as SLURM itself saw it: each begins and ends at one node, between the two all of
# its processes live; and each of its tasks sees the cards that SLURM gave it.
RECORD = """\
#!/bin/bash
echo "{what} $SLURM_JOB_ID $(date +%s.%N){more}" >> {folder}/{file}
"""


def missing():
    """Why the cluster can't be started here, or None."""
    if os.geteuid() != 0:
        return "only root can start the test's own SLURM"
    absent = [name for name in PROGRAMS if not _program(name)]
    if absent:
        return f"no {', '.join(absent)}: apt-get install slurmctld slurmd slurm-client munge"
    if not find_spec("snakemake_executor_plugin_slurm"):
        return "no executor plugin: pip install -e '.[slurm]'"
    if STANDARD_CONF.exists():
        return f"there is a SLURM on this machine already ({STANDARD_CONF})"
    if not _may_make_devices():
        return "device files for the cards can't be made here"
    return None


def _may_make_devices():
    with TemporaryDirectory() as folder:
        try:
            _make_card(Path(folder) / "card")
        except PermissionError:
            return False
    return True


def _make_card(path):
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # as /dev/null


@contextmanager
def cluster(folder):
    """The cluster, for as long as the block runs."""
    command = [sys.executable, __file__, str(folder)]
    pipe = subprocess.PIPE
    keeper = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env=marked(folder), start_new_session=True
    )
    try:
        if keeper.stdout.readline() != "ready\n":
            raise RuntimeError(f"SLURM did not start; its logs are in {folder}")
        yield
    finally:
        keeper.stdin.close()
        keeper.wait(timeout=60)


def marked(folder):
    """The environment for a process that may not outlive the cluster."""
    return {**os.environ, MARK: str(folder)}


def marked_processes(folder):
    """Ids of all processes with the mark of the cluster in `folder`."""
    mark = f"{MARK}={folder}".encode()
    return [pid for pid in _all_processes() if mark in _read(pid, "environ").split(b"\0")]


def _descendants(ancestor):
    parents = {}
    for pid in _all_processes():
        if status := re.search(rb"^PPid:\t(\d+)$", _read(pid, "status"), re.MULTILINE):
            parents[pid] = int(status[1])
    found = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


def _all_processes():
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _read(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it has ended, or is not ours to look into
        return b""


def _program(name):
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def _keep(folder):
    """Start the cluster in `folder`, and stop it when standard input closes."""
    # What a daemon starts and leaves to itself becomes a child of this process, not of the system.
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        _start(folder)
        print("ready", flush=True)
        sys.stdin.read()
    finally:
        _end_all(folder)
        STANDARD_CONF.unlink(missing_ok=True)


def _end_all(folder):
    """Kill all that the cluster started, and all that its tests marked."""
    me = os.getpid()
    while rest := {*_descendants(me), *marked_processes(folder)} - {me}:
        for pid in rest:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.05)


def _start(folder):
    _write_files(folder)
    munge = [f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "log", "seed")]
    munge += [f"--socket={folder}/munge.socket", "--foreground", "--force"]
    _daemon(folder, "munged", *munge)
    _wait_for(lambda: (folder / "munge.socket").exists(), "munged")
    _daemon(folder, "slurmctld", "-D", "-c")
    for node in ("n1", "n2"):
        _daemon(folder, "slurmd", "-D", "-N", node)
    _wait_for(lambda: _idle_nodes() == 2, "slurmctld and slurmd")


def _write_files(folder):
    host = os.uname().nodename
    (folder / "state").mkdir(parents=True)
    (folder / "slurm.conf").write_text(SLURM_CONF.format(folder=folder, host=host, cards=CARDS))
    cards = ""
    for node in ("n1", "n2"):
        for number in range(CARDS):
            _make_card(folder / f"{node}-nvidia{number}")
        cards += f"NodeName={node} Name=gpu File={folder}/{node}-nvidia[0-{CARDS - 1}]\n"
    (folder / "gres.conf").write_text(cards)
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o600)
    _script(folder / "prolog", what="begin", more="", file="jobs")
    _script(folder / "epilog", what="end", more="", file="jobs")
    _script(
        folder / "task_prolog",
        what="cards",
        more=" $SLURMD_NODENAME [$CUDA_VISIBLE_DEVICES]",
        file="tasks",
    )
    STANDARD_CONF.parent.mkdir(exist_ok=True)
    STANDARD_CONF.symlink_to(folder / "slurm.conf")


def _script(path, **values):
    path.write_text(RECORD.format(folder=path.parent, **values))
    path.chmod(0o755)


def _daemon(folder, name, *arguments):
    command = [_program(name), *map(str, arguments)]
    # The cards are looked up beside the file that this variable names.
    environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
    silent = subprocess.DEVNULL  # they write logs into the folder
    subprocess.Popen(
        command,
        env=environment,
        stdin=silent,
        stdout=silent,
        stderr=silent,
        preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
    )


def _idle_nodes():
    command = ["sinfo", "--noheader", "--Node", "--format=%T"]
    shown = subprocess.run(command, capture_output=True, text=True)
    return shown.stdout.split().count("idle")


def _wait_for(condition, what, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"{what} did not start within {seconds} s")
        time.sleep(0.05)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
