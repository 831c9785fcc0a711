"""Nothing of the user's is touched, run twice at once, or taken from a name for a command."""

import hashlib
import os
import re
import signal
import subprocess
import time

import pytest
from rebuilt import SOURCE, clone, edit
from workflow_run import REPOSITORY, TINY, Run, copy

from randvec.data.virtual.write import write_catchments

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

#: A folder whose name would do harm, and leave `hacked` behind, if a shell ever read it.
NASTY = """it's "my" $(touch hacked) `touch hacked`; touch hacked & data * [a]"""


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """Three catchments as text files, in a folder with a nasty name."""
    folder = tmp_path_factory.mktemp("text") / NASTY
    record = TINY["dataset"]["virtual"]
    write_catchments(str(folder), **record)
    return folder


def run_over(text, folder, models=("EP", "CN")):
    """A run that reads these text files, with one member of each model."""
    config = copy(TINY) | {"models": list(models), "seeds": [1]}
    config["dataset"] = {
        "name": "own",
        "source": "camels_us",
        "folder": str(text),
        "basins": str(text / "basins.txt"),
    }
    return Run(folder, config)


def listing(folder):
    """Every path below a folder with its date, mode and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.stat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[path] = (state.st_mtime_ns, state.st_mode, content)
    return found


@pytest.fixture(scope="module")
def undisturbed(text, tmp_path_factory):
    """A whole run over the folder, which is away once it was read; how it looked before."""
    before = listing(text)
    run = run_over(text, tmp_path_factory.mktemp("undisturbed"))
    started = run.start()
    wait_for(lambda: list(run.results.glob("logs/train/*/*/*.log")), started)
    gone = text.rename(text.with_name("gone"))
    assert started.wait() == 0, "a data folder that was read is missed"
    assert not text.exists()
    gone.rename(text)
    return run, before


def test_a_whole_run_changes_nothing_in_the_data_folder(undisturbed, text):
    run, before = undisturbed
    assert len(run.made()) > 20
    assert listing(text) == before


def test_no_name_is_taken_for_a_command(undisturbed, text):
    run, _ = undisturbed
    assert not [*run.folder.rglob("hacked"), *text.parent.rglob("hacked")]
    assert not (REPOSITORY / "hacked").exists()


def test_no_rule_has_a_shell_command():
    """Rules call scripts, which get values as Python objects: there is nothing to quote."""
    for path in [REPOSITORY / "Snakefile", *(REPOSITORY / "workflow/rules").glob("*.smk")]:
        said = r"^\s*(shell|run|wrapper)\s*[:(]|os\.system"
        assert not re.search(said, path.read_text(), re.MULTILINE), path.name
    for path in (REPOSITORY / "workflow").rglob("*.py"):
        assert "shell=True" not in path.read_text() and "os.system" not in path.read_text(), path


def test_a_read_only_data_folder_is_enough(text, undisturbed, tmp_path):
    """Mounted read-only, because permissions do not stop root."""
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    if subprocess.run(["mount", "--bind", text, mounted], capture_output=True).returncode:
        pytest.skip("only root can mount a folder read-only")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", mounted], check=True)
        with pytest.raises(OSError):
            (mounted / "new").touch()
        run = run_over(mounted, tmp_path)
        run.snakemake("data")
        assert run.made()["series.parquet"] == undisturbed[0].made()["series.parquet"]
    finally:
        subprocess.run(["umount", mounted], check=True)


#: What is made of the data and names the folder that they lie in.
NAMING_THE_FOLDER = {"config.yaml", "made_from.json"}


def test_text_files_from_the_future_are_refused_with_a_word(text, undisturbed, tmp_path):
    """A clock that was set back after the data came: results would look older than their input."""
    own = tmp_path / "text"
    subprocess.run(["cp", "-r", text, own], check=True)
    for path in own.rglob("*"):
        os.utime(path, (time.time() + 86400,) * 2)
    before = listing(own)
    run = run_over(own, tmp_path)
    refused = run.snakemake(check=False)
    assert refused.returncode != 0 and "clock skew" in refused.stderr
    assert not list(run.results.rglob("*.parquet")) and listing(own) == before
    for path in own.rglob("*"):
        os.utime(path)
    run.snakemake("members")
    assert run.planned("members") == {}
    ours, reference = run.made(), undisturbed[0].made()
    assert "series.parquet" in ours
    assert [name for name in ours if ours[name] != reference[name]] == ["made_from.json"]


def wait_for(condition, process):
    """Wait until something holds while a process runs; fail if the process ends before."""
    while not condition():
        assert process.poll() is None, "the run ended too early"
        time.sleep(0.005)


def test_a_data_folder_that_vanishes_while_it_is_read_leaves_nothing_half(
    text, undisturbed, tmp_path
):
    own, gone = tmp_path / "text", tmp_path / "gone"
    subprocess.run(["cp", "-r", text, own], check=True)
    run = run_over(own, tmp_path)
    started = run.start("data")
    wait_for((run.results / "logs/series.log").exists, started)
    own.rename(gone)
    if started.wait():  # else the last file was read before the folder went
        assert not (run.results / "series.parquet").exists()
    gone.rename(own)
    run.snakemake("data")
    ours, reference = run.made(), undisturbed[0].made()
    assert "series.parquet" in ours
    assert {name for name in ours if ours[name] != reference[name]} == NAMING_THE_FOLDER


def test_a_second_run_in_one_folder_is_refused_until_the_first_has_ended(tiny):
    first = tiny.start()
    try:
        wait_for(lambda: list(tiny.folder.glob(".snakemake/locks/*")), first)
        second = tiny.snakemake(check=False)
        assert second.returncode != 0
        assert "cannot be locked" in second.stderr and "--unlock" in second.stderr
        assert first.poll() is None
    finally:
        if first.poll() is None:
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    # Killed outright, the first leaves its lock behind: `make unlock`, as docs/targets.md says.
    assert tiny.snakemake("data", check=False).returncode != 0
    tiny.snakemake("--unlock")
    tiny.snakemake("data")
    assert "snakemake --unlock" in (REPOSITORY / "Makefile").read_text()
    assert "make unlock" in (REPOSITORY / "docs/targets.md").read_text()


def test_code_that_changes_while_a_run_is_on_trains_no_more(tmp_path):
    """Members of it would be noted for the code of before."""
    repository = clone(tmp_path / "repository")
    config = copy(TINY) | {"models": ["EP", "CP", "CN"], "seeds": [1]}
    run = Run(tmp_path, config, repository / "Snakefile")
    run.snakemake("vectors")
    started = run.start("members", "--keep-going", cores=1)
    wait_for(lambda: list(run.results.rglob("weights.safetensors")), started)
    edit(repository / SOURCE / "training/loop.py")
    assert started.wait() != 0
    logs = [path.read_text() for path in run.results.glob("logs/train/*/*/*.log")]
    told = ["was changed while the run was on" in log for log in logs]
    assert sum(told) >= 1
    assert len(list(run.results.rglob("weights.safetensors"))) == len(logs) - sum(told) >= 1


def test_a_job_on_another_machine_has_the_configuration_of_its_run(tmp_path):
    run = Run(tmp_path, copy(TINY))
    name = f"RANDVEC_CONFIG_{hashlib.sha256(b'results/tiny').hexdigest()[:16]}"
    command = run.command("--dry-run", "--mode", "remote", "data")
    for digest, code in ((None, 0), ("another", 1)):
        environment = os.environ | ({name: digest} if digest else {})
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == code
        said = "configuration of results/tiny was changed while the run was on"
        assert (said in done.stdout + done.stderr) == bool(code)
