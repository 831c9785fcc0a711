"""A contender in a process of its own, which works when it is told to and waits in between."""

import importlib
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.cases import Case

#: What takes part: name, and the class behind it.
CONTENDERS = {
    "randvec": "benchmarks.ours:Ours",
    "plain loop": "benchmarks.plain:Plain",
    "neuralhydrology": "benchmarks.peer:Peer",
    "matrix product": "benchmarks.arithmetic:MatrixProduct",
}

#: The pipeline gives a member one thread and runs as many members as there are cores.
THREADS = 1


class Memory(NamedTuple):
    """The most memory that a contender has had [bytes]; `gpu` is None without one."""

    process: int
    gpu: int | None


class Worker:
    """A contender that has been started; `wait` until it is ready.

    Parameters
    ----------
    name : str
        A key of `CONTENDERS`.
    case : Case
    folder : Path
        Where `benchmarks.data.make` wrote the data.
    """

    def __init__(self, name: str, case: Case, folder: Path):
        # Started afresh, so that memory and threads are the contender's own.
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, name, case, folder), daemon=True)
        self.process.start()
        other.close()

    def wait(self):
        """The answer to the last order; EOFError if the process failed, which says why itself."""
        return self.connection.recv()

    def do(self, order: str) -> float:
        """Windows per second (floating-point operations for the matrix product) of a round."""
        self.connection.send(order)
        return self.wait()

    def stop(self) -> Memory:
        """End the process; returns the most memory that it has had."""
        self.connection.send("stop")
        peak = self.wait()
        self.process.join()
        return peak


def _serve(connection, name, case, folder):
    import torch

    from benchmarks.data import load
    from randvec.training.torch_setup import tf32

    torch.set_num_threads(THREADS)
    torch.set_flush_denormal(True)
    module, attribute = CONTENDERS[name].split(":")
    data = load(folder, case)
    contender = getattr(importlib.import_module(module), attribute)(case, data)
    synchronize = torch.cuda.synchronize if data.device == "cuda" else lambda: None
    connection.send("ready")
    while (order := connection.recv()) != "stop":
        synchronize()
        started = time.perf_counter()
        with tf32(False):  # left alone, torch lets cuDNN round what neuralhydrology multiplies
            work = getattr(contender, order)()
        synchronize()
        connection.send(work / (time.perf_counter() - started))
    on_gpu = torch.cuda.max_memory_allocated() if data.device == "cuda" else None
    connection.send(Memory(peak_memory(), on_gpu))


def peak_memory() -> int:
    """The most memory that this process has had, in bytes.

    Linux hands the peak of the process that started this one down to it in `ru_maxrss`, but not in
    `VmHWM`.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
