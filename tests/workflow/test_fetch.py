"""From an empty folder to series.parquet, over a server that fails now and then."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from faulty_server import FaultyServer
from small_sources import ARCHIVE, ATTRIBUTES, MAURER, list_sources, publish
from workflow_run import TINY, Run, copy

pytestmark = [pytest.mark.workflow, pytest.mark.slow]


@pytest.fixture
def server(tmp_path):
    with FaultyServer(publish(tmp_path / "server")) as server:
        yield server


@pytest.fixture
def run(tmp_path, server):
    """A run that wants three basins of CAMELS and has none."""
    config = copy(TINY)
    config["models"] = ["CN"]
    config["periods"]["train"] = ["1991-10-01", "1992-09-30"]  # the last day of the text files
    config["dataset"] = {
        "name": "real",
        "source": "camels_us",
        "folder": "data/camels_us",
        "basins": "list.txt",
        "sources": str(list_sources(tmp_path / "sources.yaml", server.address, server.files)),
    }
    (tmp_path / "list.txt").write_text("01000001\n01000002\n01000003\n")
    return Run(tmp_path, config)


def files_of(run):
    camels = run.folder / "data/camels_us"
    return {path: path.read_bytes() for path in camels.rglob("*") if path.is_file()}


def test_from_nothing_to_the_series(run, server):
    # The archive breaks off and is continued, and a byte of a text file is wrong.
    server.faults = {ARCHIVE: ["short"], "camels_soil.txt": ["wrong"]}
    done = run.snakemake("fetch")
    assert sorted(server.asked_for()) == sorted(
        [ARCHIVE, ARCHIVE, MAURER, *ATTRIBUTES, "camels_soil.txt"]
    )
    assert "trying again" in done.stderr and "camels_soil.txt: md5 is" in done.stderr
    sections = yaml.safe_load(Path(run.config["dataset"]["sources"]).read_text()).values()
    for section in sections:
        for text in (section["terms"], *section["cite"]):
            assert done.stderr.count(text) == 1
            assert text in (run.folder / "data/camels_us/TERMS.txt").read_text()
    # With the data in hand: no request, and no file changes.
    before = files_of(run)
    server.requests.clear()
    done = run.snakemake("fetch", "data")
    assert server.requests == [] and files_of(run) == before
    assert "data/camels_us is complete; 0 files were fetched" in done.stderr
    series = pd.read_parquet(run.results / "series.parquet")
    assert series["basin"].nunique() == 3 and len(series) == 3 * 731
    assert pd.read_csv(run.results / "basins.csv")["used"].all()


def test_an_interrupted_download_is_continued_by_the_next_run(run, server):
    server.faults = {ARCHIVE: ["stuck"]}
    process = subprocess.Popen(
        run.command("fetch"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Of a shell's job in the background, such as these tests may be, it would be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    camels = run.folder / "data/camels_us"
    part = camels / f"downloads/{ARCHIVE}.part"
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
    said = process.communicate(timeout=120)
    assert process.returncode != 0, said
    assert not (camels / "usgs_streamflow").exists()
    kept = part.stat().st_size
    assert 0 < kept < len(server.files[ARCHIVE])
    server.requests.clear()
    run.snakemake("fetch")
    assert (ARCHIVE, kept) in server.requests
    assert len(list((camels / "usgs_streamflow").rglob("*_streamflow_qc.txt"))) == 3


def test_without_a_network_the_host_is_named_within_a_minute(run, server):
    closed = FaultyServer({})
    with closed:
        pass
    list_sources(Path(run.config["dataset"]["sources"]), closed.address, server.files)
    begun = time.monotonic()
    done = run.snakemake("fetch", check=False)
    assert done.returncode != 0 and time.monotonic() - begun < 60
    assert "the host 127.0.0.1 can't be reached ([Errno 111] Connection refused)" in done.stderr
    assert "run the same command again" in done.stderr and "Traceback" not in done.stderr
    # Not one file after the other.
    assert {name for name in (MAURER, ARCHIVE, *ATTRIBUTES) if name in done.stderr} == {MAURER}


def test_an_ordinary_target_fetches_nothing(run, server):
    assert run.snakemake("data", check=False).returncode != 0
    assert server.requests == [] and not (run.folder / "data").exists()
