"""The commit that a member is trained with: that of its own sources, or said to be unknown."""

import re
import shutil
import subprocess

import pytest

from randvec import provenance

IN_REPOSITORY = "workflow/src/randvec"


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always"]
    command = ["git", *identity, "-C", folder, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def repository(folder):
    git(folder.parent, "init", "-q", folder.name)
    return folder


def commit_all(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


def export(folder):
    """The sources without a repository of their own."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(provenance.SOURCE, folder / IN_REPOSITORY, ignore=unwanted)
    return folder


@pytest.fixture(autouse=True)
def own_settings_only(monkeypatch):
    """No settings of Git from the machine or the account."""
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")


@pytest.fixture
def checkout(tmp_path):
    folder = export(repository(tmp_path / "checkout"))
    commit_all(folder)
    return folder


@pytest.fixture
def commit_of(monkeypatch, caplog):
    """What is recorded for a folder with the sources; where it is unknown the log says so."""

    def found(folder):
        monkeypatch.setattr(provenance, "SOURCE", folder / IN_REPOSITORY)
        caplog.clear()
        commit = provenance.git_commit()
        assert [record.levelname for record in caplog.records] == (
            ["WARNING"] if commit == "unknown" else []
        )
        return commit

    return found


def linked_worktree(checkout, folder):
    git(checkout, "worktree", "add", "-q", folder)


def shallow_clone(checkout, folder):
    git(checkout, "clone", "-q", "--depth", "1", f"file://{checkout}", folder)


def submodule(checkout, folder):
    git(repository(folder.parent), "submodule", "add", "-q", checkout, folder.name)


@pytest.mark.parametrize("way", [linked_worktree, shallow_clone, submodule])
def test_every_kind_of_checkout_has_its_commit(checkout, commit_of, tmp_path, way):
    outer = tmp_path / "outer"
    outer.mkdir()
    way(checkout, outer / "inner")
    commit = git(checkout, "rev-parse", "HEAD")
    assert commit_of(outer / "inner") == commit
    (outer / "inner" / IN_REPOSITORY / "errors.py").write_text("")
    assert commit_of(outer / "inner") == f"{commit}-modified"


def annotated_tag(checkout):
    git(checkout, "tag", "-a", "thesis", "-m", "x")


def lightweight_tag(checkout):
    git(checkout, "tag", "thesis")


def commit_after_a_tag(checkout):
    annotated_tag(checkout)
    commit_all(checkout)


def detached_head(checkout):
    annotated_tag(checkout)
    commit_all(checkout)
    git(checkout, "checkout", "-q", "thesis")


@pytest.mark.parametrize(
    "change", [annotated_tag, lightweight_tag, commit_after_a_tag, detached_head]
)
def test_the_commit_has_all_its_digits_whatever_tags_there_are(checkout, commit_of, change):
    change(checkout)
    commit = git(checkout, "rev-parse", "HEAD")
    assert re.fullmatch("[0-9a-f]{40}", commit) and commit_of(checkout) == commit


def test_files_that_git_does_not_track_leave_the_commit_as_it_is(checkout, commit_of):
    (checkout / "results").mkdir()
    (checkout / "results/table.csv").write_text("a")
    assert commit_of(checkout) == git(checkout, "rev-parse", "HEAD")


def test_an_adapted_profile_or_configuration_leaves_the_commit_as_it_is(checkout, commit_of):
    for name in ("profiles/slurm/config.yaml", "config/laptop.yaml", "Snakefile"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("a: 1\n")
    commit = commit_all(checkout)
    for name in ("profiles/slurm/config.yaml", "config/laptop.yaml"):
        (checkout / name).write_text("a: 2\n")
    assert commit_of(checkout) == commit
    (checkout / "Snakefile").write_text("a: 2\n")
    assert commit_of(checkout) == f"{commit}-modified"


@pytest.mark.parametrize("ignored", [True, False])
def test_an_export_in_another_repository_has_no_commit(tmp_path, commit_of, caplog, ignored):
    outer = repository(tmp_path / "outer")
    if ignored:
        (outer / ".gitignore").write_text("inner\n")
    foreign = commit_all(outer)
    assert commit_of(export(outer / "inner")) == "unknown"
    assert f"commit {foreign} of the repository around" in caplog.text
    git(outer, "add", "--all", "--force")  # not committed yet
    assert commit_of(outer / "inner") == "unknown"


def test_without_any_commit_it_is_unknown(tmp_path, commit_of):
    folder = export(repository(tmp_path / "checkout"))
    git(folder, "add", "--all")
    assert commit_of(folder) == "unknown"


def test_without_a_repository_it_is_unknown(tmp_path, commit_of, caplog, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert commit_of(export(tmp_path / "export")) == "unknown"
    assert "not a git repository" in caplog.text


def test_without_git_it_is_unknown(checkout, commit_of, caplog, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert commit_of(checkout) == "unknown"
    assert "'git'" in caplog.text


def test_the_checkout_of_another_user_says_what_to_do(checkout, commit_of, caplog, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # Git's own, for its tests
    assert commit_of(checkout) == "unknown"
    assert "dubious ownership" in caplog.text and "safe.directory" in caplog.text
    assert len(caplog.messages[0].splitlines()) == 1


def test_a_hook_of_another_repository_does_not_matter(checkout, commit_of, tmp_path, monkeypatch):
    hooked = repository(tmp_path / "hooked")
    commit_all(hooked)
    expected = git(checkout, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(hooked / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(hooked))
    monkeypatch.setenv("GIT_INDEX_FILE", str(hooked / ".git/index"))
    assert commit_of(checkout) == expected
