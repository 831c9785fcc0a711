"""Where the tests find real CAMELS data; they skip, and say so, where it is not at hand."""

import os
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

# Tests run side by side; with a thread for every core in each they would wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "camels_us"


@pytest.fixture(autouse=True)
def denormal_numbers():
    """Training flushes them to zero in the whole process; the next test gets them back."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture(scope="session")
def camels_folder() -> Path:
    """Folder with the text files of the 531 basins in the official layout.

    The environment variable RANDVEC_CAMELS names it. Else the shared archive is unpacked, once for
    all runs, below the system's folder for temporary files.
    """
    if named := os.environ.get("RANDVEC_CAMELS"):
        folder = Path(named)
        if not folder.is_dir():
            pytest.fail(f"RANDVEC_CAMELS names {folder}, which is no folder")
        return folder
    archive = SHARED / "camels_us_531.tar.xz"
    if not archive.is_file():
        pytest.skip(f"no real CAMELS data: RANDVEC_CAMELS is not set and there is no {archive}")
    cache = Path(tempfile.gettempdir()) / f"randvec-camels-{archive.stat().st_size}"
    if not cache.is_dir():
        _unpack(archive, cache)
    return cache


@pytest.fixture(scope="session")
def camels_samples() -> Path:
    """Folder with four basins in all four official forcings; no HUC folders."""
    folder = SHARED / "samples"
    if not folder.is_dir():
        pytest.skip(f"no CAMELS samples: there is no {folder}")
    return folder


@pytest.fixture(scope="session")
def camels_daymet(tmp_path_factory) -> Path:
    """Folder with official Daymet files and discharge of 16 basins, without attributes."""
    archive = SHARED.parent / "other_basins" / "camels_us_daymet_16.tar.xz"
    if not archive.is_file():
        pytest.skip(f"no Daymet files: there is no {archive}")
    folder = tmp_path_factory.mktemp("daymet") / "camels"
    _unpack(archive, folder)
    return folder / "camels_us_daymet"


@pytest.fixture(scope="session")
def other_basins():
    """Gives the folder of another data set: ``other_basins("camels_ch")``.

    The environment variable RANDVEC_OTHER_BASINS names the folder it lies in. Else its archive is
    unpacked.
    """

    def folder(name: str, archive: str | None = None) -> Path:
        if named := os.environ.get("RANDVEC_OTHER_BASINS"):
            if not Path(named).is_dir():
                pytest.fail(f"RANDVEC_OTHER_BASINS names {named}, which is no folder")
            if not Path(named, name).is_dir():
                pytest.skip(f"no {name} in {named}")
            return Path(named, name)
        packed = SHARED.parent / "other_basins" / f"{archive or name}.tar.xz"
        if not packed.is_file():
            pytest.skip(f"no {name}: RANDVEC_OTHER_BASINS is not set and there is no {packed}")
        cache = Path(tempfile.gettempdir()) / f"randvec-{packed.stem}-{packed.stat().st_size}"
        if not cache.is_dir():
            _unpack(packed, cache)
        return cache / name

    return folder


def _unpack(archive: Path, folder: Path) -> None:
    # Under a temporary name first: a test run that is killed here leaves no half archive behind.
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        partial = Path(temporary) / "camels"
        with tarfile.open(archive) as tar:
            tar.extractall(partial, filter="data")
        try:
            partial.rename(folder)
        except OSError:
            if not folder.is_dir():  # another test run was faster if it is there by now
                raise
