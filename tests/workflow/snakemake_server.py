"""Snakemake, imported once and forked for each call: importing it is most of what a plan takes.

Each line on standard input is a call: its arguments and where its output goes. The answer is a line
with the exit code. Nothing of randvec is imported before the fork, so a call reads all of it anew.
"""

import json
import os
import sys

# What a call imports besides, and randvec to read a configuration.
import jsonschema  # noqa: F401
import smart_open  # noqa: F401
import snakemake.report.html_reporter  # noqa: F401
from snakemake.cli import main


def redirect(number, path, mode):
    os.dup2(os.open(path, mode), number)


for line in sys.stdin:
    call = json.loads(line)
    child = os.fork()
    if child == 0:
        redirect(0, os.devnull, os.O_RDONLY)
        redirect(1, call["stdout"], os.O_WRONLY)
        redirect(2, call["stderr"], os.O_WRONLY)
        sys.argv = ["snakemake", *call["arguments"]]
        main()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
