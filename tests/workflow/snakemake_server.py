"""Calls of Snakemake in forks of a process that has imported what they and their scripts need.

Imports are most of what a tiny run takes. Each line on standard input is a call: its arguments and
where its output goes; the answer is a line with the exit code. Nothing of randvec is imported
before a fork, so that a call reads all of it anew.
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
    "pandas",
    "pyarrow.compute",
    "pyarrow.parquet",
    "safetensors.torch",
    "scipy.stats",
    "smart_open",
    "snakemake.report.html_reporter",
    "torch",
)


def serve():
    for line in sys.stdin:
        call = json.loads(line)
        child = os.fork()
        if child == 0:
            redirect(0, os.devnull, os.O_RDONLY)
            redirect(1, call["stdout"], os.O_WRONLY)
            redirect(2, call["stderr"], os.O_WRONLY)
            sys.argv = ["snakemake", *call["arguments"]]
            sys.exit(main())
        print(exit_code(child), flush=True)


def redirect(number, path, mode):
    os.dup2(os.open(path, mode), number)


def exit_code(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def execute_script(job, path, edit=False):
    """As `snakemake.script.PythonScript.execute_script`, which starts Python."""
    child = os.fork()
    if child == 0:
        os._exit(run(path))
    record = job.bench_record
    with benchmarked(child, record) if record else nullcontext():
        code = exit_code(child)
    if code:
        raise subprocess.CalledProcessError(code, path)


def run(path):
    """Run a script as Python would; the exit code. Snakemake's own logging is not the script's."""
    logging.getLogger().handlers.clear()
    # Another thread may have been at the old ones while this process was forked: their locks would
    # never be free.
    sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
    try:
        runpy.run_path(path, run_name="__main__")
        return 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    for name in NEEDED:
        import_module(name)
    PythonScript.execute_script = execute_script
    serve()
