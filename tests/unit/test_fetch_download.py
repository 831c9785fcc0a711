"""Downloads against a server that fails in the ways of real ones."""

import pytest
from faulty_server import FaultyServer

from randvec.data import fetch_download
from randvec.data.fetch_download import ATTEMPTS, BLOCK, download
from randvec.errors import InputError

CONTENT = bytes(range(251)) * (4 * BLOCK // 251)
SIZE = len(CONTENT)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(fetch_download, "PAUSE", 0)


@pytest.fixture(params=[True, False], ids=["ranges", "no_ranges"])
def server(request):
    with FaultyServer({"a.zip": CONTENT}, ranges=request.param) as server:
        yield server


@pytest.fixture
def path(tmp_path):
    return tmp_path / "downloads/a.zip"


def fetch(server, path, size=SIZE):
    """Download the file; what was said on the way."""
    said = []
    download(f"{server.address}/a.zip", path, size, say=said.append)
    return said


def part(path):
    return path.with_name("a.zip.part")


@pytest.mark.parametrize("fault", ["busy", "short", "reset", "unsized", "page", None])
@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_a_fault_that_passes_leaves_no_trace(server, path, fault, times):
    server.faults["a.zip"] = [fault] * times
    fetch(server, path)
    assert path.read_bytes() == CONTENT
    assert not part(path).exists()
    assert len(server.requests) <= times + 1


def test_a_broken_download_is_continued_where_it_broke(server, path):
    server.faults["a.zip"] = ["reset", "busy", "short"]
    said = fetch(server, path)
    assert path.read_bytes() == CONTENT
    starts = [first for _, first in server.requests]
    # The server was asked for the rest each time, whether or not it can give that alone.
    assert starts[0] == 0 and 0 < starts[1] == starts[2] <= starts[3]
    assert any("trying again" in line for line in said)
    assert any("continuing after" in line for line in said) == server.ranges


@pytest.mark.parametrize("fault", ["short", "reset", "unsized"])
def test_a_server_that_always_breaks_off_is_given_up_with_a_word(server, path, fault):
    server.ranges = False
    server.faults["a.zip"] = [fault] * 50
    with pytest.raises(InputError) as refused:
        fetch(server, path)
    said = str(refused.value)
    kept = part(path).stat().st_size
    assert "a.zip did not come from http://" in said and f"expected {SIZE} bytes" in said
    assert f"{kept} bytes are kept in {part(path)}; run the same command again" in said
    assert not path.exists() and 0 < kept < SIZE
    assert len(server.requests) == ATTEMPTS


def test_a_second_run_brings_the_rest(server, path):
    server.faults["a.zip"] = ["short"] + ["busy"] * 50
    with pytest.raises(InputError):
        fetch(server, path)
    kept = part(path).stat().st_size
    server.faults.clear()
    server.requests.clear()
    fetch(server, path)
    assert path.read_bytes() == CONTENT
    assert server.requests == [("a.zip", kept)]


def test_a_page_in_place_of_the_file_does_not_spoil_what_is_there(server, path):
    server.faults["a.zip"] = ["short"] + ["page"] * 50
    with pytest.raises(InputError, match=rf"the server offers 26 bytes; expected {SIZE} bytes"):
        fetch(server, path)
    assert CONTENT.startswith(part(path).read_bytes())
    server.faults.clear()
    fetch(server, path)
    assert path.read_bytes() == CONTENT


def test_as_long_as_something_comes_it_goes_on(server, path):
    """More breaks than attempts, each after some new bytes."""
    content = CONTENT * 8
    server.files["a.zip"] = content
    server.ranges = True
    server.faults["a.zip"] = ["short", "busy", "busy"] * 4
    fetch(server, path, len(content))
    assert path.read_bytes() == content
    assert len(server.requests) == 13 > ATTEMPTS


def test_a_file_that_is_not_there_is_asked_for_once(server, path):
    server.faults["a.zip"] = ["gone"] * 50
    with pytest.raises(InputError, match=r"a\.zip did not come .*404.*; nothing of it is kept"):
        fetch(server, path)
    assert len(server.requests) == 1


def test_no_server_at_all(path):
    with FaultyServer({}) as server:
        pass
    with pytest.raises(InputError, match="check the address and the network"):
        fetch(server, path)


def test_a_silent_server_is_not_waited_for_without_end(server, path, monkeypatch):
    monkeypatch.setattr(fetch_download, "TIMEOUT", 0.3)
    server.faults["a.zip"] = ["stuck"]
    fetch(server, path)
    assert path.read_bytes() == CONTENT
    assert len(server.requests) == 2


@pytest.mark.parametrize("size", [SIZE, None])
def test_a_whole_part_of_a_killed_run(server, path, size):
    path.parent.mkdir()
    part(path).write_bytes(CONTENT)
    fetch(server, path, size)
    assert path.read_bytes() == CONTENT
    if size:
        assert server.requests == []


def test_a_part_that_is_too_long_is_thrown_away(server, path):
    path.parent.mkdir()
    part(path).write_bytes(CONTENT + b"more")
    fetch(server, path)
    assert path.read_bytes() == CONTENT


def test_without_a_known_size_a_promised_length_is_held(server, path):
    server.faults["a.zip"] = ["short", "reset"]
    fetch(server, path, size=None)
    assert path.read_bytes() == CONTENT
