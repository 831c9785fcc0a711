"""A disk that fills up, at one stage after the other, leaves nothing half that counts as done."""

import subprocess

import pytest
from workflow_run import TINY, Run, copy

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

SIZE = 16_000  # kB of the small disk
#: kB that are free for each attempt; the whole run takes about 3,000.
FREE = (40, 150, 300, 420, 520, 650, 800, 1000, 1300)


@pytest.fixture
def config():
    return copy(TINY) | {"models": ["EP", "CN"], "seeds": [1]}


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}k", "randvec-test", folder]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def free_space(disk, kilobytes):
    """Leave so much free on the disk, by the size of one large file."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    if kilobytes is None:
        return
    left = subprocess.run(
        ["df", "--output=avail", "-k", disk], capture_output=True, text=True, check=True
    )
    size = int(left.stdout.split()[1]) - kilobytes
    subprocess.run(["fallocate", "--length", f"{size}KiB", ballast], check=True)


def made(run):
    """What a run made, by its path below the folder of the run."""
    results = run.results.relative_to(run.folder)
    return {f"{results}/{name}": content for name, content in run.made().items()}


def to_be_made(run):
    """Files that Snakemake would make, or make again."""
    shown = run.snakemake("--dry-run")
    lines = (line.strip() for line in (shown.stdout + shown.stderr).splitlines())
    outputs = (line.removeprefix("output: ") for line in lines if line.startswith("output: "))
    return {name for output in outputs for name in output.split(", ")}


def test_a_full_disk_at_every_stage(config, small_disk, tmp_path):
    whole = Run(tmp_path / "whole", config)
    whole.folder.mkdir()
    whole.snakemake()
    expected = made(whole)
    run = Run(small_disk / "run", config)
    run.folder.mkdir()
    run.command()  # writes the configuration while there is room
    stages = set()
    for kilobytes in FREE:
        free_space(small_disk, kilobytes)
        failed = run.snakemake(check=False).returncode
        free_space(small_disk, None)
        run.unlock()
        found, missing = made(run), to_be_made(run)
        half = {name for name in expected if name in found and found[name] != expected[name]}
        assert half <= missing, f"with {kilobytes} kB free, half files count as done"
        assert failed or not missing
        stages.add(len(missing))
        if not failed:
            break
    assert len(stages) > 3, "the disk was to fill up at different stages"
    run.snakemake()
    assert made(run) == expected
    assert run.planned() == {}
