"""Calls of Snakemake in forks of a process that has imported what they and their scripts need.

Imports are most of what a tiny run takes. Each line on standard input asks for one thing, and the
answer is a line with a number: a call, its arguments and where its output goes, is answered with
its process; a process to wait for with its exit code, and one to look after with its exit code or
null while it runs. Nothing of randvec is imported before a fork, so that a call reads all of it
anew.
"""

import json
import logging
import os
import runpy
import subprocess
import sys
from contextlib import nullcontext
from importlib import import_module

from snakemake.benchmark import benchmarked
from snakemake.cli import main
from snakemake.script import PythonScript

NEEDED = (
    "jsonschema",
    "matplotlib.backends.backend_pdf",
    "nbformat",
    "pandas",
    "pyarrow.compute",
    "pyarrow.csv",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "safetensors.torch",
    "scipy.stats",
    "smart_open",
    "snakemake.profiles",
    "snakemake.report.html_reporter",
    "snakemake.storage",
    "torch",
)


def serve():
    for line in sys.stdin:
        request, about = json.loads(line)
        print(json.dumps(ANSWERS[request](about)), flush=True)


def start(call):
    """Start a call, in a process group of its own if it is to be killed with its jobs."""
    child = os.fork()
    if child == 0:
        redirect(0, os.devnull, os.O_RDONLY)
        redirect(1, call["stdout"], os.O_WRONLY)
        redirect(2, call["stderr"], os.O_WRONLY)
        sys.argv = ["snakemake", *call["arguments"]]
        end(main)
    if call["own_group"]:
        os.setpgid(child, child)
    return child


def redirect(number, path, mode):
    os.dup2(os.open(path, mode), number)


def exit_code(child):
    """Wait for the end of a process."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def poll(child):
    """The exit code of a process, None while it runs; ask no more after its end."""
    ended, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


ANSWERS = {"start": start, "wait": exit_code, "poll": poll}


def execute_script(job, path, edit=False):
    """As `snakemake.script.PythonScript.execute_script`, which starts Python."""
    child = os.fork()
    if child == 0:
        end(run, path)
    record = job.bench_record
    with benchmarked(child, record) if record else nullcontext():
        code = exit_code(child)
    if code:
        raise subprocess.CalledProcessError(code, path)


def run(path):
    """Run a script as Python would. Snakemake's own logging is not the script's."""
    logging.getLogger().handlers.clear()
    # Another thread may have been at the old ones while this process was forked: their locks would
    # never be free.
    sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
    runpy.run_path(path, run_name="__main__")


def end(function, *arguments):
    """Call a function and end with its exit code, at once: taking modules down takes a second."""
    code = 1
    try:
        function(*arguments)
        code = 0
    except SystemExit as said:
        code = said.code or 0
        if isinstance(code, str):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    for name in NEEDED:
        import_module(name)
    PythonScript.execute_script = execute_script
    serve()
