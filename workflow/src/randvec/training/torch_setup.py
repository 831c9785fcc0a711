"""How torch computes: on which device, repeatably, and what it says when memory runs out."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch


def choose_device() -> str:
    """The device to compute on: a GPU if there is one, else the CPU."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def make_repeatable(device: str) -> None:
    """Same seeds, same bytes; and numbers too small to matter don't slow the CPU down."""
    torch.set_flush_denormal(True)
    if device.startswith("cuda"):
        # cuBLAS and cuDNN's LSTM are repeatable only with a fixed workspace.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":16:8")
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
    """Whether the device is out of memory; the CPU has no error type of its own for it."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
