"""A basin list of any source: ids are text, and each mistake gets one sentence."""

import pytest

from randvec.data.basin_list import read_ids
from randvec.errors import InputError


@pytest.fixture
def listed(tmp_path):
    def write(content):
        path = tmp_path / "basins.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_ids_are_text_in_the_order_of_the_file(listed):
    path = listed("2004\n01022500\n\ncamelsaus_102101A\n  GRDC_1159100\nDE-1.b\n")
    assert read_ids(path) == ["2004", "01022500", "camelsaus_102101A", "GRDC_1159100", "DE-1.b"]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(listed):
    assert read_ids(listed("\ufeff2004\r\n2007".encode())) == ["2004", "2007"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("2004\n20 09\n", ", line 2: '20 09' is no basin id; expected one id a line, of letters"),
        ("2004,2009\n", ", line 1: '2004,2009' is no basin id"),
        ("2004\n../2009\n", ", line 2: '../2009' is no basin id"),
        ("gauge_id\n2004\n", ", line 1: 'gauge_id' is a heading; expected one id a line"),
        ("..\n", ", line 1: '..' is no basin id"),
        ("Zürich\n", ", line 1: 'Zürich' is no basin id"),
        ("2004\n2007\n\n2004\n", ", line 4: basin 2004 stands in line 1 already; remove one"),
        ("\n \n", ": no basin in it; expected one id a line"),
        ("", ": no basin in it; expected one id a line"),
        ("2004\nZürich\n".encode("latin-1"), ", line 2: found byte 0xfc, expected text in UTF-8"),
        ("2004\n".encode("utf-16"), ", line 1: found byte 0xff, expected text in UTF-8"),
    ],
)
def test_what_is_no_list_is_refused(listed, content, said):
    path = listed(content)
    with pytest.raises(InputError) as caught:
        read_ids(path)
    assert str(caught.value).startswith(f"{path}{said}")


def test_a_list_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.txt: can't be read"):
        read_ids(tmp_path / "none.txt")
