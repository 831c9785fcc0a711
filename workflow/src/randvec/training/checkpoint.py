"""Weights and checkpoints as safetensors: nothing that is read can run code."""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

logger = logging.getLogger(__name__)


def save_weights(weights: Mapping[str, Tensor], path: str | Path) -> None:
    """Write weights by name; the same weights give the same bytes."""
    write_atomically(path, save({k: v.cpu().contiguous() for k, v in weights.items()}))


def load_weights(path: str | Path) -> dict[str, Tensor]:
    """Weights by name, on the CPU, for `load_state_dict`."""
    return load_file(path)


def save_checkpoint(
    path: str | Path, key: str, tensors: Mapping[str, Tensor], position: dict
) -> None:
    """Write a checkpoint in one step: a kill leaves the old one or the new one.

    Parameters
    ----------
    path : Path
    key : str
        Digest of the settings and code that the checkpoint belongs to.
    tensors : dict of str to Tensor
    position : dict
        Everything else, JSON-able.
    """
    tensors = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    state = {"key": key, "digest": _digest(tensors), "position": position}
    write_atomically(path, save(tensors, metadata={"checkpoint": json.dumps(state)}))


def load_checkpoint(path: str | Path, key: str) -> tuple[dict[str, Tensor], dict] | None:
    """Read a checkpoint back.

    Returns
    -------
    tuple of dict, or None
        Tensors and position as they were saved. None, and the reason in the log, if the file is
        missing, cut short, damaged, not a checkpoint, or of other settings or code.
    """
    path = Path(path)
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            state = json.loads((file.metadata() or {})["checkpoint"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        return _refuse(path, f"it is cut short or damaged ({error})")
    except (KeyError, ValueError):
        return _refuse(path, "it is not a checkpoint of this pipeline")
    if state["key"] != key:
        return _refuse(path, "it belongs to other settings or other code")
    if state["digest"] != _digest(tensors):
        return _refuse(path, "its content does not match its digest")
    return tensors, state["position"]


def remove_checkpoint(path: str | Path) -> None:
    """Remove a checkpoint that is no longer needed; there need not be one."""
    Path(path).unlink(missing_ok=True)


def write_atomically(path: str | Path, content: bytes) -> None:
    """Write bytes to a temporary name beside `path`, then rename."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _refuse(path: Path, reason: str) -> None:
    logger.warning("checkpoint %s is not used: %s; training starts over", path, reason)


def _digest(tensors: Mapping[str, Tensor]) -> str:
    return hashlib.sha256(save(tensors)).hexdigest()
