"""What several unit tests begin with."""

from shutil import copytree

import pytest
from small_camels import write_camels


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A few basins in the official layout; left as they are."""
    return write_camels(tmp_path_factory.mktemp("camels"))


@pytest.fixture
def folder(template, tmp_path):
    """A copy of the same, to be damaged."""
    return copytree(template, tmp_path / "camels")
