"""Downloads against a server that fails in the ways of real ones."""

import logging
import socket
import time

import pytest
import requests
from faulty_server import FaultyServer

from randvec.data import fetch as module
from randvec.data.fetch import BLOCK, WAITS, download
from randvec.errors import InputError

ATTEMPTS = len(WAITS) + 1
CONTENT = bytes(range(251)) * (4 * BLOCK // 251)
SIZE = len(CONTENT)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0,) * len(WAITS))


@pytest.fixture(params=[True, False], ids=["ranges", "no_ranges"])
def server(request):
    with FaultyServer({"a.zip": CONTENT}, ranges=request.param) as server:
        yield server


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.zip"


def fetch(server, path, size=SIZE):
    download([f"{server.address}/a.zip"], path, size)


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


def test_a_broken_download_is_continued_where_it_broke(server, path, caplog):
    caplog.set_level(logging.INFO)
    server.faults["a.zip"] = ["reset", "busy", "short"]
    fetch(server, path)
    assert path.read_bytes() == CONTENT
    starts = [first for _, first in server.requests]
    # The server was asked for the rest each time, whether or not it can give that alone.
    assert starts[0] == 0 and 0 < starts[1] == starts[2] <= starts[3]
    said = [line for line in caplog.messages if line.startswith("a.zip: ")]
    assert len(said) == 3 and all("trying again in " in line for line in said)


@pytest.mark.parametrize("fault", ["short", "reset", "unsized"])
def test_a_server_that_always_breaks_off_is_given_up_with_a_word(server, path, fault):
    server.ranges = False
    server.faults["a.zip"] = [fault] * 50
    with pytest.raises(InputError) as refused:
        fetch(server, path)
    said = str(refused.value)
    kept = part(path).stat().st_size
    assert "a.zip did not come from http://" in said and f"expected {SIZE} bytes" in said
    assert f"{kept} bytes are kept in {part(path)}; " in said and "run the same command" in said
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
    with pytest.raises(InputError, match=r"a\.zip did not come .*404.*, 0 bytes are kept"):
        fetch(server, path)
    assert len(server.requests) == 1


def test_a_host_that_can_not_be_reached_is_named_at_once(path, monkeypatch):
    monkeypatch.setattr(module, "WAITS", WAITS)
    with FaultyServer({}) as server:
        pass
    begun = time.monotonic()
    with pytest.raises(InputError) as refused:
        fetch(server, path)
    assert time.monotonic() - begun < WAITS[0]
    said = str(refused.value)
    assert "the host 127.0.0.1 can't be reached ([Errno 111] Connection refused)" in said
    assert "check the network and the address" in said and "\n" not in said


def test_a_name_that_can_not_be_looked_up_is_asked_for_once(path, monkeypatch):
    asked = []

    def offline(host, *rest):
        asked.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    reason = r"zenodo\.example can't be reached \(\[Errno -3\] Temporary failure in name"
    with pytest.raises(InputError, match=reason):
        download(["https://zenodo.example/a.zip"], path, SIZE)
    assert asked == ["zenodo.example"]


def test_a_network_that_fails_on_the_way_is_waited_for(server, path, monkeypatch):
    ask, failures = requests.get, [2]

    def get(*arguments, **options):
        if server.requests and failures[0]:
            failures[0] -= 1
            raise requests.ConnectionError("no route to host")
        return ask(*arguments, **options)

    monkeypatch.setattr(requests, "get", get)
    server.faults["a.zip"] = ["short"]
    fetch(server, path)
    assert path.read_bytes() == CONTENT and failures == [0]


def test_mirrors_are_tried_in_their_order_and_continue_each_other(server, path):
    with FaultyServer({}) as closed:
        pass
    with FaultyServer({"b.zip": CONTENT}) as broken:
        broken.faults["b.zip"] = ["short"] + ["busy"] * 50
        urls = [f"{closed.address}/a.zip", f"{broken.address}/b.zip", f"{server.address}/a.zip"]
        download(urls, path, SIZE)
        assert len(broken.requests) == ATTEMPTS
    assert path.read_bytes() == CONTENT
    ((_, first),) = server.requests
    assert 0 < first == broken.requests[-1][1]


def test_where_no_mirror_has_the_file_each_is_named_with_its_reason(server, path):
    server.faults["a.zip"] = ["gone"]
    with FaultyServer({}) as closed:
        pass
    urls = [f"{server.address}/a.zip", f"{closed.address}/a.zip"]
    with pytest.raises(InputError) as refused:
        download(urls, path, SIZE)
    said = str(refused.value)
    assert f"did not come from {urls[0]}: 404" in said
    assert f", nor from {urls[1]}: the host 127.0.0.1 can't be reached" in said


def test_a_silent_server_is_not_waited_for_without_end(server, path, monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT", (1, 1))
    server.faults["a.zip"] = ["stuck"]
    fetch(server, path)
    assert path.read_bytes() == CONTENT
    assert len(server.requests) > 1


@pytest.mark.parametrize("size", [SIZE, None])
def test_a_whole_part_of_a_killed_run(server, path, size):
    part(path).write_bytes(CONTENT)
    fetch(server, path, size)
    assert path.read_bytes() == CONTENT
    if size:
        assert server.requests == []


def test_a_part_that_is_too_long_is_thrown_away(server, path):
    part(path).write_bytes(CONTENT + b"more")
    fetch(server, path)
    assert path.read_bytes() == CONTENT


def test_without_a_known_size_a_promised_length_is_held(server, path):
    server.faults["a.zip"] = ["short", "reset"]
    fetch(server, path, size=None)
    assert path.read_bytes() == CONTENT
