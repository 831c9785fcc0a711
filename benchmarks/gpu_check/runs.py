"""A tiny run of the workflow, trained again, and killed and resumed: the same bytes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import yaml

from benchmarks.gpu_check.sizes import Size

REPOSITORY = Path(__file__).parents[2]
#: One of each architecture with the same static vector, one of them small and with several days.
MODELS = ["EP", "CP", "PEA", "FP_small"]
KILLED = "EP"
CONFIG = {
    "dataset": {
        "name": "tiny",
        "source": "virtual",
        "virtual": {"basins": 3, "seed": 1, "first": "1990-10-01", "last": "1992-09-30"},
    },
    "periods": {"train": ["1991-10-01", "1992-09-30"], "test": ["1991-01-01", "1991-09-30"]},
    "models": MODELS,
    "seeds": [1, 2],
    "members_together": True,
    "training": {"sequence_length": 20, "epochs": 2, "batch_size": 128},
}


def run_workflow(folder: Path, device: str, size: Size) -> dict:
    """Train and simulate with the workflow; members that were not trained on the device fail."""
    small = {"hidden": size.small, "predicted_days": 7, "batch_size": 20}
    config = CONFIG | {"variants": {"small": small}}
    config["training"] = CONFIG["training"] | {"hidden": size.hidden}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    command = ["snakemake", "members", "--cores", "2", "--directory", folder]
    command += ["--snakefile", REPOSITORY / "Snakefile", "--configfile", folder / "config.yaml"]
    command += ["--workflow-profile", REPOSITORY / "profiles/default"]
    if device == "cuda":  # some systems have a card and no file for it
        command += ["--set-resources", "train:gpu=1", "predict:gpu=1"]
    done = _python(*command, timeout=size.timeout)
    if done.returncode:
        raise RuntimeError(done.stderr)
    settings = [json.loads(path.read_text()) for path in folder.rglob("settings.json")]
    elsewhere = sum(about["device"] != device for about in settings)
    missing = len(MODELS) * len(CONFIG["seeds"]) - len(settings)
    return {"members not trained": (missing, 0), f"members not on {device}": (elsewhere, 0)}


def train_again(folder: Path, timeout: float) -> dict:
    """Train all members once more and compare their files byte by byte."""
    done = _job(timeout, folder, "again", MODELS)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {"files that differ": (_differing(folder, "again", MODELS), 0)}


def kill_and_resume(folder: Path, timeout: float) -> dict:
    """Kill a training after its first epoch, train on, and compare its files."""
    killed = _job(timeout, folder, "resumed", [KILLED], "--kill")
    resumed = _job(timeout, folder, "resumed", [KILLED])
    if resumed.returncode or killed.returncode != -signal.SIGKILL:
        raise RuntimeError(killed.stderr + resumed.stderr)
    went_on = "resumed after epoch 1 of 2" in resumed.stderr
    return {
        "trainings that started over": (int(not went_on), 0),
        "files that differ": (_differing(folder, "resumed", [KILLED]), 0),
    }


def _results(folder: Path) -> Path:
    return folder / "results" / CONFIG["dataset"]["name"]


def _job(timeout: float, folder: Path, name: str, models: list[str], *options: str):
    command = ["benchmarks.gpu_check.job", _results(folder), folder / name, *models, *options]
    return _python(*command, timeout=timeout / 2)


def _python(*command, timeout: float) -> subprocess.CompletedProcess:
    """Run a module; out of time it is killed with all that it has started, which holds the card."""
    with subprocess.Popen(
        [sys.executable, "-m", *map(str, command)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said = process.communicate(timeout=timeout)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, *said)


def _differing(folder: Path, name: str, models: list[str]) -> int:
    """Files of members that have other bytes than those of the workflow, or are missing."""
    pairs = [
        (path, folder / name / model / path.parent.name / path.name)
        for model in models
        for path in (_results(folder) / "members/full" / model).glob("seed*/*")
        if path.name in ("weights.safetensors", "loss.csv", "settings.json")
    ]
    same = [other.is_file() and path.read_bytes() == other.read_bytes() for path, other in pairs]
    return len(same) - sum(same) if same else 1
