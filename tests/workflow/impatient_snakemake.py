"""Snakemake that asks SLURM every second, and tells when it has.

The plugin would wait ten seconds longer each time.
"""

import asyncio
import sys

from snakemake.cli import main
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor


async def _one_second(executor):
    print("has looked at its jobs", flush=True)
    await asyncio.sleep(1)


RemoteExecutor.sleep = _one_second
main(sys.argv[1:])
