"""Archives: what is taken from them, and which are refused."""

import io
import shutil
import stat
import zipfile
from collections import namedtuple

import pytest
from small_sources import zipped

from randvec.data.unpack import UNREADABLE
from randvec.data.unpack import unpack as unpack_beside
from randvec.errors import InputError

FLOW = "usgs_streamflow"
DAYMET = "basin_mean_forcing/daymet"
MAURER = "basin_mean_forcing/maurer"
EXTENDED = "basin_mean_forcing/maurer_extended"


def flow(basin):
    return f"{basin}_streamflow_qc.txt"


def forcing(basin, name="maurer"):
    return f"{basin}_lump_{name}_forcing_leap.txt"


OFFICIAL = {
    f"public/{FLOW}/01/{flow('01000001')}": b"flow 1",
    f"public/{FLOW}/02/{flow('02000001')}": b"flow 2",
    f"public/{DAYMET}/01/{forcing('01000001', 'cida')}": b"daymet 1",
    f"public/{DAYMET}/02/{forcing('02000001', 'cida')}": b"daymet 2",
    f"public/{MAURER}/01/{forcing('01000001')}": b"maurer 1",
    f"public/{MAURER}/02/{forcing('02000001')}": b"maurer 2",
    f"public/hru_forcing/daymet/01/{forcing('01000001', 'hru_00001_cida')}": b"not wanted",
    "public/readme.txt": b"not wanted",
}
HOLDS = {FLOW: 2, DAYMET: 2, MAURER: 2}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "camels"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(OFFICIAL))
    return path


def unpack(archive, holds, root):
    """Unpack, and give each folder its name."""
    for partial, place in unpack_beside(archive, holds, root):
        partial.rename(place)


def files_of(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if not path.is_dir()
    }


def test_the_official_folders_come_out_and_nothing_else(archive, root):
    unpack(archive, HOLDS, root)
    assert files_of(root) == {
        name.removeprefix("public/"): content
        for name, content in OFFICIAL.items()
        if content != b"not wanted"
    }


@pytest.mark.parametrize("prefix", ["", "one/two/", "basin_timeseries_v1p2_metForcing_obsFlow/"])
def test_folders_around_the_official_ones_do_not_matter(archive, root, prefix):
    changed = {name.replace("public/", prefix): content for name, content in OFFICIAL.items()}
    archive.write_bytes(zipped(changed))
    unpack(archive, HOLDS, root)
    assert len(files_of(root)) == 6


@pytest.mark.parametrize("around", ["maurer_extended/01/", "01/", "", "x/basin_mean_forcing/01/"])
def test_an_archive_of_one_forcing_may_have_any_folders(archive, root, around):
    names = {f"{around}{forcing('01000001')}": b"1", f"__MACOSX/._{forcing('01000001')}": b"mac"}
    archive.write_bytes(zipped(names))
    unpack(archive, {EXTENDED: 1}, root)
    region = "01/" if around.endswith("01/") else ""
    assert files_of(root) == {f"{EXTENDED}/{region}{forcing('01000001')}": b"1"}


def test_a_folder_at_hand_is_not_touched(archive, root):
    mine = root / DAYMET / forcing("09999999", "cida")
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    unpack(archive, HOLDS, root)
    assert [path.name for path in (root / DAYMET).iterdir()] == [mine.name]
    assert mine.read_bytes() == b"mine"
    assert len(files_of(root)) == 5


def member(name, mode=0, flags=0):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits = flags
    return info


@pytest.mark.parametrize(
    "evil",
    [
        member(f"../{FLOW}/01/{flow('01000009')}"),
        member("public/../../outside.txt"),
        member("/etc/outside.txt"),
        member("public\\..\\..\\outside.txt"),
        member("C:/outside.txt"),
        member("../outside/"),
        member(f"public/{FLOW}/01/{flow('01000009')}", stat.S_IFLNK | 0o777),
        member("public/device", stat.S_IFCHR | 0o666),
    ],
    ids=lambda info: info.filename,
)
def test_an_archive_with_a_dangerous_member_is_refused_whole(archive, root, evil):
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(evil, b"/etc/passwd")
    before = files_of(root.parent)
    with pytest.raises(InputError, match=r"a\.zip: member .* nothing was unpacked"):
        unpack(archive, HOLDS, root)
    assert files_of(root.parent) == before


def test_an_encrypted_member_is_refused(archive, root):
    content = bytearray(archive.read_bytes())
    at = content.index(b"PK\x01\x02")  # the first entry of the directory; its flags are 8 bytes on
    content[at + 8] |= 1
    archive.write_bytes(content)
    with pytest.raises(UNREADABLE, match="is encrypted"):
        unpack(archive, HOLDS, root)
    assert files_of(root) == {}


@pytest.mark.parametrize(
    ("drop", "said"),
    [
        (f"{DAYMET}/02", "1 files named .*_lump_cida_forcing_leap.txt for .*daymet, expected 2"),
        (FLOW, "0 files named .* for usgs_streamflow, expected 2"),
    ],
)
def test_an_archive_with_a_missing_piece_is_refused(archive, root, drop, said):
    archive.write_bytes(zipped({n: c for n, c in OFFICIAL.items() if drop not in n}))
    with pytest.raises(InputError, match=said):
        unpack(archive, HOLDS, root)
    assert files_of(root) == {} and archive.exists()


def test_an_empty_file_counts_as_missing(archive, root):
    archive.write_bytes(zipped(OFFICIAL | {f"public/{FLOW}/02/{flow('02000001')}": b""}))
    with pytest.raises(InputError, match="1 files named"):
        unpack(archive, HOLDS, root)


def test_two_different_files_for_the_same_place_are_refused(archive, root):
    archive.write_bytes(zipped(OFFICIAL | {f"old/{FLOW}/01/{flow('01000001')}": b"another"}))
    with pytest.raises(InputError, match=r"two different files 01/01000001_streamflow_qc\.txt"):
        unpack(archive, HOLDS, root)
    assert files_of(root) == {}


def test_a_damaged_member_leaves_no_half_folder(archive, root):
    content = archive.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        name = f"public/{MAURER}/02/{forcing('02000001')}"
        at = opened.getinfo(name).header_offset + 30 + len(name)
    archive.write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    with pytest.raises(UNREADABLE):
        unpack(archive, HOLDS, root)
    assert not (root / MAURER).exists()
    archive.write_bytes(content)
    unpack(archive, HOLDS, root)
    assert len(files_of(root)) == 6
    assert not list(root.rglob(".*"))


@pytest.mark.parametrize("content", [b"", b"<html>log in</html>", zipped(OFFICIAL)[:-30]])
def test_what_is_no_whole_archive_is_refused(archive, root, content):
    archive.write_bytes(content)
    with pytest.raises(UNREADABLE):
        unpack(archive, HOLDS, root)
    assert files_of(root) == {}


def test_too_little_room_is_said_before_anything_is_written(archive, root, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 90, 10))
    with pytest.raises(
        InputError, match=r"needs 0\.0 GB on this disk, but 0\.0 GB are free; make room"
    ):
        unpack(archive, HOLDS, root)
    assert files_of(root) == {}
