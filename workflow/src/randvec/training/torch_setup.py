"""How torch computes: on which device, repeatably, and what it says when memory runs out."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from randvec.devices import count_gpus

logger = logging.getLogger(__name__)


def choose_device() -> str:
    """The device to compute on: a GPU if there is one, else the CPU."""
    if torch.cuda.is_available():
        return "cuda"
    if count_gpus():
        logger.warning(
            "this machine has a graphics card that torch %s can't use (its build has CUDA %s); "
            "using the CPU. docs/installation.md says more",
            torch.__version__,
            torch.version.cuda or "not at all",
        )
    return "cpu"


def fix_arithmetic() -> None:
    """Same numbers, same bytes; and those too small to matter don't slow the CPU down.

    To be called before the first product.
    """
    torch.set_flush_denormal(True)
    # cuBLAS and cuDNN's LSTM are repeatable only with buffers of one size.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def make_repeatable() -> None:
    """Same seeds, same bytes: `fix_arithmetic`, and an error where torch can't repeat something."""
    fix_arithmetic()
    # The same as use_deterministic_algorithms(True), which loads torch's compiler for a second.
    torch.set_deterministic_debug_mode("error")
    # Else every new buffer would be filled with NaN first; all of ours are written before use.
    torch.utils.deterministic.fill_uninitialized_memory = False


@contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    """Whether a GPU may round the factors of products in float32 to ten bits, in cuDNN as well.

    Left alone, torch lets cuDNN do it.
    """
    # No network here has convolutions, but torch wants cuDNN to be of one kind.
    cudnn = torch.backends.cudnn
    products = torch.backends.cuda.matmul, cudnn.rnn, cudnn.conv
    before = [each.fp32_precision for each in products]
    for each in products:
        each.fp32_precision = "tf32" if allowed else "ieee"
    try:
        yield
    finally:
        for each, setting in zip(products, before, strict=True):
            each.fp32_precision = setting


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether the device is out of memory; the CPU and CUDA's libraries have no type for it."""
    said = ("can't allocate memory", "out of memory", "ALLOC_FAILED")
    return isinstance(error, torch.OutOfMemoryError) or any(words in str(error) for words in said)
