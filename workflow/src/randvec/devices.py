"""The graphics cards of this machine, found without loading torch."""

from pathlib import Path


def count_gpus() -> int:
    """Number of NVIDIA cards that the operating system shows."""
    return len(list(Path("/dev").glob("nvidia[0-9]*")))
