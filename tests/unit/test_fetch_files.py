"""What is fetched, what it must be, and when nothing of it is used."""

import hashlib
import io
import logging
import shutil
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
import yaml
from faulty_server import FaultyServer
from small_sources import ARCHIVE, ATTRIBUTES, MAURER, list_sources, publish, zipped

from randvec.data import fetch as module
from randvec.data.camels_us import FORCING_SETS, find_attributes, find_series
from randvec.data.fetch import DOWNLOADS, fetch, missing_files, read_sources
from randvec.errors import InputError

REPOSITORY = Path(__file__).parents[2]
OFFICIAL = REPOSITORY / "config/sources/camels_us.yaml"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0,) * len(module.WAITS))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def server(published):
    with FaultyServer(dict(published)) as server:
        yield server


@pytest.fixture
def sources(tmp_path, server):
    return list_sources(tmp_path / "sources.yaml", server.address, server.files)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "camels"


@pytest.fixture
def dataset(folder):
    return {"source": "camels_us", "folder": str(folder), "forcing": "maurer_extended"}


def put(folder, files):
    """Downloads that are there already, from an earlier run or the user's own hands."""
    (folder / DOWNLOADS).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / DOWNLOADS / name).write_bytes(content)


def names(files):
    return [file.name for file in files]


def downloaded(folder):
    return sorted(path.name for path in (folder / DOWNLOADS).iterdir())


def texts(folder):
    """Text files where the reader looks for them."""
    return [path for path in folder.rglob("*.txt") if used(path, folder)]


def used(path, folder):
    parts = path.relative_to(folder).parts
    return path.name != "TERMS.txt" and not any(p[0] == "." or p == DOWNLOADS for p in parts)


def test_the_official_list_has_every_forcing_and_every_checksum():
    files = {file.name: file for file in read_sources(OFFICIAL)[0]}
    held = {folder for file in files.values() for folder in file.holds}
    assert held == {"usgs_streamflow", *(f"basin_mean_forcing/{name}" for name in FORCING_SETS)}
    lengths = {"md5": 32, "sha256": 64}
    for name, file in files.items():
        assert file.urls and all(u.startswith("https://") and f"/{name}" in u for u in file.urls)
        assert bool(file.checksums) == (name != MAURER) == (file.bytes is not None)
        for algorithm, digest in file.checksums.items():
            assert len(digest) == lengths[algorithm] and int(digest, 16)
    assert {name for name, file in files.items() if file.folder} == set(ATTRIBUTES)


@pytest.mark.camels
def test_the_real_attribute_files_have_the_published_checksums(camels_folder):
    for file in (file for file in read_sources(OFFICIAL)[0] if file.folder):
        content = (camels_folder / file.folder / file.name).read_bytes()
        assert len(content) == file.bytes
        assert hashlib.md5(content).hexdigest() == file.checksums["md5"]


def test_the_terms_name_every_source_its_terms_and_its_works():
    sections = yaml.safe_load(OFFICIAL.read_text()).values()
    _, text = read_sources(OFFICIAL)
    for section in sections:
        assert all(part in text for part in (section["title"], section["terms"], *section["cite"]))
    for doi in ("10.5194/hess-19-209-2015", "10.5194/hess-21-5293-2017", "10.4211/hs.17c896843"):
        assert doi in text


def test_an_empty_folder_lacks_what_the_forcing_needs(dataset, sources):
    assert names(missing_files(dataset, sources)) == [MAURER, ARCHIVE, *ATTRIBUTES]
    assert names(missing_files(dataset | {"forcing": "daymet"}, sources)) == [ARCHIVE, *ATTRIBUTES]


def test_of_several_forcing_sets_each_is_fetched(dataset, sources, folder):
    several = dataset | {"forcing": ["maurer_extended", "daymet"]}
    assert names(missing_files(several, sources)) == [MAURER, ARCHIVE, *ATTRIBUTES]
    fetch(several, sources)
    assert missing_files(several, sources) == []


def test_what_is_fetched_can_be_read_and_is_not_missing(dataset, sources, folder, server):
    fetch(dataset, sources)
    assert sorted(server.asked_for()) == sorted(server.files)
    assert missing_files(dataset, sources) == []
    for forcing in FORCING_SETS:
        assert missing_files(dataset | {"forcing": forcing}, sources) == []
        forcing_files, flow_files = find_series(folder, forcing)
        assert len(forcing_files) == len(flow_files) == 3
    assert len(find_attributes(folder)) == 5
    assert downloaded(folder) == [f"{MAURER}.sha256"]
    server.requests.clear()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    fetch(dataset, sources)
    assert server.requests == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_archives_of_ones_own_are_used_and_not_fetched(dataset, sources, folder, server, published):
    put(folder, {name: published[name] for name in (ARCHIVE, MAURER)})
    fetch(dataset, sources)
    assert sorted(server.asked_for()) == sorted(ATTRIBUTES)
    assert missing_files(dataset, sources) == [] and len(texts(folder)) == 3 * 5 + 7


def test_the_terms_are_shown_before_the_first_request(dataset, sources, folder, server, caplog):
    caplog.set_level(logging.INFO)
    server.faults = {name: ["gone"] for name in server.files}
    with pytest.raises(InputError):
        fetch(dataset, sources)
    _, text = read_sources(sources)
    assert text in caplog.text and (folder / "TERMS.txt").read_text() == text


@pytest.mark.parametrize(
    ("removed", "missing"),
    [
        ("usgs_streamflow", [ARCHIVE]),
        ("basin_mean_forcing/maurer_extended", [MAURER]),
        ("basin_mean_forcing/daymet", []),
        ("camels_attributes_v2.0/camels_soil.txt", ["camels_soil.txt"]),
        ("camels_attributes_v2.0", ATTRIBUTES),
    ],
)
def test_only_what_is_missing_is_fetched(dataset, sources, folder, server, removed, missing):
    fetch(dataset, sources)
    before = {path: path.stat().st_mtime_ns for path in texts(folder)}
    gone = folder / removed
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert names(missing_files(dataset, sources)) == missing
    server.requests.clear()
    fetch(dataset, sources)
    assert server.asked_for() == missing
    assert missing_files(dataset, sources) == []
    kept = {path: time for path, time in before.items() if gone not in (path, *path.parents)}
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


def test_data_one_folder_below_and_attributes_beside_it_are_at_hand(dataset, sources, folder):
    inner = folder / "basin_dataset_public_v1p2"
    fetch(dataset | {"folder": str(inner)}, sources)
    below = inner / "camels_attributes_v2.0"
    for path in below.iterdir():
        path.rename(folder / path.name)
    below.rmdir()
    assert missing_files(dataset, sources) == []
    content = (folder / "camels_clim.txt").read_bytes()
    (folder / "camels_clim.txt").unlink()
    fetch(dataset, sources)
    assert (below / "camels_clim.txt").read_bytes() == content


def test_a_folder_in_the_way_is_named_before_anything_is_fetched(dataset, sources, server, folder):
    (folder / "usgs_streamflow").mkdir(parents=True)
    (folder / "usgs_streamflow/notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"usgs_streamflow: there are files .* move it away"):
        fetch(dataset, sources)
    assert not server.asked_for()


def test_virtual_catchments_are_not_fetched(dataset, sources):
    with pytest.raises(InputError, match=r"nothing to fetch: dataset\.source is 'virtual'"):
        fetch(dataset | {"source": "virtual"}, sources)


def test_too_little_room_is_said_before_anything_is_fetched(dataset, folder, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(9e9, 3.5e9, 5.5e9))
    with pytest.raises(InputError) as refused:
        fetch(dataset, OFFICIAL)
    assert "needs 6.2 GB" in str(refused.value) and "5.5 GB are free" in str(refused.value)
    assert str(folder) in str(refused.value) and not folder.exists()
    # What is there of a download needs no more room.
    put(folder, {})
    with (folder / DOWNLOADS / f"{ARCHIVE}.part").open("wb") as part:
        part.truncate(1_000_000_000)
    assert ARCHIVE in names(missing_files(dataset, OFFICIAL))


def test_a_folder_that_can_not_be_written_to_is_named(dataset, sources, folder):
    folder.write_text("no folder")
    with pytest.raises(InputError, match=r"camels: .*expected a folder to write to"):
        fetch(dataset, sources)


@pytest.mark.parametrize("name", [ARCHIVE, "camels_topo.txt"])
@pytest.mark.parametrize("change", ["byte", "short", "long"])
@pytest.mark.parametrize("own", [False, True])
def test_a_file_that_is_not_the_published_one_is_never_used(
    dataset, sources, folder, server, published, name, change, own
):
    content = published[name]
    wrong = {
        "byte": content[:90] + bytes([content[90] ^ 1]) + content[91:],
        "short": content[:-1],
        "long": content + b"\n",
    }[change]
    server.files[name] = wrong
    if own:
        put(folder, {name: wrong})
    with pytest.raises(InputError) as refused:
        fetch(dataset, sources)
    said = str(refused.value)
    assert name in said and "expected " in said and "run the same command" in said
    # Not even the good files are used yet; the wrong one is gone, so the next run gets it alone.
    assert texts(folder) == []
    assert not (folder / DOWNLOADS / name).exists()
    server.files[name] = content
    fetch(dataset, sources)
    assert len(texts(folder)) == 3 * 5 + 7


def test_a_file_that_came_wrong_is_fetched_once_more(dataset, sources, folder, server, caplog):
    server.faults = {ARCHIVE: ["wrong"], "camels_topo.txt": ["wrong"], MAURER: ["page"]}
    fetch(dataset, sources)
    assert sorted(server.asked_for()) == sorted([*server.files, ARCHIVE, "camels_topo.txt", MAURER])
    for fault in ("sha256 is ", "md5 is ", "no readable zip archive"):
        assert f": {fault}" in caplog.text


def test_a_wrong_file_of_one_mirror_is_fetched_from_the_next(dataset, sources, folder, published):
    wrong = {name: bytes(len(content)) for name, content in published.items()}
    sections = yaml.safe_load(sources.read_text())
    with FaultyServer(wrong) as first, FaultyServer(dict(published)) as second:
        for section in sections.values():
            section["url"] = [f"{server.address}/{{name}}" for server in (first, second)]
        sources.write_text(yaml.safe_dump(sections))
        fetch(dataset, sources)
        assert sorted(first.asked_for()) == sorted(second.asked_for()) == sorted(published)
    assert len(texts(folder)) == 3 * 5 + 7


@pytest.mark.parametrize("content", [b"<html>Please log in</html>", b"PK\x03\x04 not all of it"])
def test_an_archive_without_checksum_must_at_least_be_whole(
    dataset, sources, folder, server, content
):
    server.files[MAURER] = content
    with pytest.raises(InputError, match=r"maurer_extended\.zip: no readable zip archive"):
        fetch(dataset, sources)
    assert downloaded(folder) == [] and texts(folder) == []


def damaged(content):
    """An archive with a member whose checksum is not that of its bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        last = opened.infolist()[-1]
    at = last.header_offset + 30 + len(last.filename)
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


def encrypted(content):
    """An archive whose last member says that it is encrypted."""
    at = content.rindex(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


@pytest.mark.parametrize("change", [damaged, encrypted])
def test_an_archive_with_a_member_that_can_not_be_read_is_never_used(
    dataset, sources, folder, server, change
):
    members = {f"01/{n:08d}_lump_maurer_forcing_leap.txt": b"forcing" * n for n in (1, 2, 3)}
    server.files[MAURER] = change(zipped(members))
    with pytest.raises(InputError, match=r"maurer_extended\.zip: no readable zip archive"):
        fetch(dataset, sources)
    assert downloaded(folder) == [] and texts(folder) == []


def test_an_archive_without_checksum_is_pinned_by_its_first_download(
    dataset, sources, folder, server, published
):
    fetch(dataset, sources)
    pin = folder / DOWNLOADS / f"{MAURER}.sha256"
    assert pin.read_text() == f"{hashlib.sha256(published[MAURER]).hexdigest()}  {MAURER}\n"
    gone = folder / "basin_mean_forcing/maurer_extended"
    shutil.rmtree(gone)
    server.files[MAURER] = zipped(
        {f"01/{n:08d}_lump_maurer_forcing_leap.txt": b"another" for n in range(3)}
    )
    with pytest.raises(InputError, match=r"expected .* first download; .* remove .*zip\.sha256"):
        fetch(dataset, sources)
    assert not gone.exists()
    server.files[MAURER] = published[MAURER]
    fetch(dataset, sources)
    assert len(texts(gone)) == 3


def test_an_archive_that_is_refused_is_not_pinned_and_stays_for_a_look(
    dataset, sources, folder, server
):
    server.files[MAURER] = zipped({"01/01000001_lump_maurer_forcing_leap.txt": b"alone"})
    with pytest.raises(InputError, match=r"1 files named .*, expected 3 or more"):
        fetch(dataset, sources)
    assert downloaded(folder) == [MAURER]
    assert texts(folder) == []


def test_a_folder_with_foreign_files_is_not_touched(dataset, sources, folder, server):
    foreign = folder / "basin_mean_forcing/daymet/notes.txt"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"not empty: .*daymet.*no other files where official"):
        fetch(dataset, sources)
    assert foreign.read_bytes() == b"mine" and [*foreign.parent.iterdir()] == [foreign]
    foreign.rename(folder / "notes.txt")
    server.requests.clear()
    fetch(dataset, sources)
    assert server.requests == [] and len(texts(folder / "basin_mean_forcing")) == 12


def test_what_a_killed_run_left_half_is_made_anew(dataset, sources, folder, monkeypatch):
    def killed(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(dataset, sources)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(dataset, sources)
    assert texts(folder) == []
    (half,) = folder.glob(".*.unpacking")
    next(half.rglob("*.txt")).write_bytes(b"hal")
    (half / "left.txt").write_bytes(b"")
    fetch(dataset, sources)
    assert missing_files(dataset, sources) == [] and len(texts(folder)) == 3 * 5 + 7
    assert not [path for path in folder.rglob(".*")]


@pytest.mark.parametrize(
    "text",
    ["", "zenodo: 3", "zenodo: {title: x}", "a: [", "{z: {title: a, url: b, terms: c, cite: []}}"],
)
def test_a_list_of_sources_in_another_form_is_refused(tmp_path, text):
    path = tmp_path / "list.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"(?s)list\.yaml: no list of sources .* compare it with"):
        read_sources(path)


def test_a_list_without_the_forcing_is_refused(dataset, sources):
    sections = yaml.safe_load(sources.read_text())
    del sections["zenodo"]["files"][0]["holds"]["basin_mean_forcing/daymet"]
    sources.write_text(yaml.safe_dump(sections))
    with pytest.raises(InputError, match="no file holds basin_mean_forcing/daymet"):
        missing_files(dataset | {"forcing": "daymet"}, sources)
