"""What is fetched, what it must be, and when nothing of it is used."""

import hashlib
import importlib.util
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
import yaml
from small_sources import ARCHIVE, ATTRIBUTES, MAURER, list_sources, publish, zipped

from randvec.data.camels_us import FORCING_SETS, find_attributes, find_series
from randvec.data.fetch import downloads, install, missing_files, rule_inputs
from randvec.data.fetch_sources import read_sources, terms
from randvec.errors import InputError

REPOSITORY = Path(__file__).parents[2]
OFFICIAL = REPOSITORY / "config/sources/camels_us.yaml"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def sources(tmp_path, published):
    return list_sources(tmp_path / "sources.yaml", "http://localhost", published)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "camels"


@pytest.fixture
def dataset(folder):
    return {"source": "camels_us", "folder": str(folder), "forcing": "maurer_extended"}


def put(folder, files):
    """Downloads as the storage plugin leaves them."""
    downloads(folder).mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        paths.append(str(downloads(folder) / name))
        Path(paths[-1]).write_bytes(content)
    return paths


def names(files):
    return [file.name for file in files]


def texts(folder):
    return [path for path in folder.rglob("*.txt") if path.parent != downloads(folder)]


def test_the_official_list_has_every_forcing_and_every_checksum():
    files = {file.name: file for source in read_sources(OFFICIAL) for file in source.files}
    held = {folder for file in files.values() for folder in file.holds}
    assert held == {"usgs_streamflow", *(f"basin_mean_forcing/{name}" for name in FORCING_SETS)}
    lengths = {"md5": 32, "sha256": 64}
    for name, file in files.items():
        assert file.url.startswith("https://") and f"/{name}" in file.url
        assert bool(file.checksums) == (name != MAURER) == (file.bytes is not None)
        for algorithm, digest in file.checksums.items():
            assert len(digest) == lengths[algorithm] and int(digest, 16)
    assert {name for name, file in files.items() if file.folder} == set(ATTRIBUTES)


@pytest.mark.camels
def test_the_real_attribute_files_have_the_published_checksums(camels_folder):
    for file in (file for source in read_sources(OFFICIAL) for file in source.files if file.folder):
        content = (camels_folder / file.folder / file.name).read_bytes()
        assert len(content) == file.bytes
        assert hashlib.md5(content).hexdigest() == file.checksums["md5"]


def test_the_terms_name_every_source_its_terms_and_its_works():
    sections = yaml.safe_load(OFFICIAL.read_text()).values()
    text = terms(read_sources(OFFICIAL))
    for section in sections:
        assert all(part in text for part in (section["title"], section["terms"], *section["cite"]))
    for doi in ("10.5194/hess-19-209-2015", "10.5194/hess-21-5293-2017", "10.4211/hs.17c896843"):
        assert doi in text


def test_an_empty_folder_lacks_what_the_forcing_needs(dataset, sources):
    assert names(missing_files(dataset, sources)) == [MAURER, ARCHIVE, *ATTRIBUTES]
    assert names(missing_files(dataset | {"forcing": "daymet"}, sources)) == [ARCHIVE, *ATTRIBUTES]


def test_what_is_fetched_can_be_read_and_is_not_missing(dataset, sources, folder, published):
    paths = put(folder, published)
    install(paths, sources, folder)
    assert missing_files(dataset, sources) == []
    for forcing in FORCING_SETS:
        assert missing_files(dataset | {"forcing": forcing}, sources) == []
        forcing_files, flow_files = find_series(folder, forcing)
        assert len(forcing_files) == len(flow_files) == 3
    assert len(find_attributes(folder)) == 5
    left = [path.name for path in downloads(folder).iterdir()]
    assert left == [f"{MAURER}.sha256"]


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
def test_only_what_is_missing_is_fetched(dataset, sources, folder, published, removed, missing):
    install(put(folder, published), sources, folder)
    before = {path: path.stat().st_mtime_ns for path in texts(folder)}
    gone = folder / removed
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert names(missing_files(dataset, sources)) == missing
    install(put(folder, {name: published[name] for name in missing}), sources, folder)
    assert missing_files(dataset, sources) == []
    kept = {path: time for path, time in before.items() if gone not in (path, *path.parents)}
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


def test_data_one_folder_below_and_attributes_beside_it_are_at_hand(
    dataset, sources, folder, published
):
    install(
        put(folder / "basin_dataset_public_v1p2", published),
        sources,
        folder / "basin_dataset_public_v1p2",
    )
    below = folder / "basin_dataset_public_v1p2/camels_attributes_v2.0"
    for path in below.iterdir():
        path.rename(folder / path.name)
    below.rmdir()
    assert missing_files(dataset, sources) == []
    (folder / "camels_clim.txt").unlink()
    install(put(folder, {"camels_clim.txt": published["camels_clim.txt"]}), sources, folder)
    assert (below / "camels_clim.txt").read_bytes() == published["camels_clim.txt"]


def test_nothing_is_asked_of_snakemake_where_all_is_at_hand(folder):
    assert rule_inputs(None, [], folder, "TERMS.txt") == {}


def test_virtual_catchments_are_not_fetched(dataset, sources):
    with pytest.raises(InputError, match=r"nothing to fetch: dataset\.source is 'virtual'"):
        missing_files(dataset | {"source": "virtual"}, sources)


def test_without_the_extra_one_learns_how_to_install_it(
    dataset, sources, folder, published, monkeypatch
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install --editable '\.\[fetch\]'"):
        missing_files(dataset, sources)
    install(put(folder, published), sources, folder)
    assert missing_files(dataset, sources) == []


def test_too_little_room_is_said_before_anything_is_fetched(dataset, folder, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(9e9, 3.5e9, 5.5e9))
    with pytest.raises(InputError) as refused:
        missing_files(dataset, OFFICIAL)
    assert "needs 6.2 GB" in str(refused.value) and "5.5 GB are free" in str(refused.value)
    assert str(folder) in str(refused.value)
    # What is there of a download needs no more room.
    downloads(folder).mkdir(parents=True)
    with (downloads(folder) / f"{ARCHIVE}.part").open("wb") as part:
        part.truncate(1_000_000_000)
    assert ARCHIVE in names(missing_files(dataset, OFFICIAL))


@pytest.mark.parametrize("name", [ARCHIVE, "camels_topo.txt"])
@pytest.mark.parametrize("change", ["byte", "short", "long"])
def test_a_file_that_is_not_the_published_one_is_never_used(
    sources, folder, published, name, change
):
    content = published[name]
    wrong = {
        "byte": content[:90] + bytes([content[90] ^ 1]) + content[91:],
        "short": content[:-1],
        "long": content + b"\n",
    }[change]
    paths = put(folder, published | {name: wrong})
    with pytest.raises(InputError) as refused:
        install(paths, sources, folder)
    said = str(refused.value)
    assert name in said and "expected " in said and "run the same command" in said
    # Not even the good files are used yet; the wrong one is gone, so the next run gets it alone.
    assert texts(folder) == []
    assert sorted(path.name for path in downloads(folder).iterdir()) == sorted(
        set(published) - {name}
    )
    put(folder, {name: content})
    install(paths, sources, folder)
    assert len(texts(folder)) == 3 * 5 + 7


@pytest.mark.parametrize("content", [b"<html>Please log in</html>", b"PK\x03\x04 not all of it"])
def test_an_archive_without_checksum_must_at_least_be_whole(sources, folder, content):
    paths = put(folder, {MAURER: content})
    with pytest.raises(InputError, match=r"maurer_extended\.zip: no readable zip archive"):
        install(paths, sources, folder)
    assert list(downloads(folder).iterdir()) == [] and texts(folder) == []


def test_an_archive_without_checksum_is_pinned_by_its_first_download(sources, folder, published):
    install(put(folder, {MAURER: published[MAURER]}), sources, folder)
    pin = downloads(folder) / f"{MAURER}.sha256"
    assert pin.read_text() == f"{hashlib.sha256(published[MAURER]).hexdigest()}  {MAURER}\n"
    shutil.rmtree(folder / "basin_mean_forcing")
    other = zipped({f"01/{n:08d}_lump_maurer_forcing_leap.txt": b"another" for n in range(3)})
    with pytest.raises(InputError, match=r"expected .* first download; .* remove .*zip\.sha256"):
        install(put(folder, {MAURER: other}), sources, folder)
    assert texts(folder) == []
    install(put(folder, {MAURER: published[MAURER]}), sources, folder)
    assert len(texts(folder)) == 3


def test_an_archive_that_is_refused_is_not_pinned_and_stays_for_a_look(sources, folder):
    paths = put(folder, {MAURER: zipped({"01/01000001_lump_maurer_forcing_leap.txt": b"alone"})})
    with pytest.raises(InputError, match=r"1 files named .*, expected 3 or more"):
        install(paths, sources, folder)
    assert [path.name for path in downloads(folder).iterdir()] == [MAURER]
    assert texts(folder) == []


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
