"""Files of separated values: each damage gets one sentence that names the line."""

import numpy as np
import pytest

from randvec.data.delimited import open_delimited, read_days, read_rows
from randvec.errors import InputError

DAYS = (
    "date,flow,rain\n1990-01-01,1.5,0\n1990-01-02,,2e-1\n1990-01-03,-3.25,NaN\n1990-01-04,4.5,9\n"
)
ROWS = "# made up\ngauge_id,name,area\nA1,Zürich,1.5\nA2,Bern,\nA3,Genf,-9\n"
COLUMNS = {"flow": "discharge", "rain": "rain"}
BOUNDS = {"rain": (0, 2000, "mm/day")}


@pytest.fixture
def write(tmp_path):
    def file(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


def refused(path, read):
    with pytest.raises(InputError) as caught:
        read(path)
    said = str(caught.value)
    assert said.startswith(str(path)) and "\n" not in said
    return said.removeprefix(str(path))


def days(path):
    return read_days(path, COLUMNS, BOUNDS)


def rows(path):
    return read_rows(open_delimited(path, "gauge_id", "latin-1"), ["area"])


def test_days_are_what_the_lines_say(write):
    found = days(write(DAYS))
    assert list(found) == ["date", "discharge", "rain"]
    assert found["date"].dtype == "datetime64[s]"
    assert found["date"].astype(str).tolist() == [f"1990-01-0{day}" for day in range(1, 5)]
    np.testing.assert_array_equal(found["discharge"], [1.5, np.nan, -3.25, 4.5])
    np.testing.assert_array_equal(found["rain"], [0, 0.2, np.nan, 9])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace(",", ";"),
        lambda text: text + "\n\n",
        lambda text: "# a comment, with comma\n# and another\n" + text,
        lambda text: text.replace("1990-01-02,,", "1990-01-02,NA,"),
        lambda text: text.replace(",4.5,", ", 4.5 ,"),
    ],
)
def test_what_is_no_fault(write, change):
    expected = days(write(DAYS))
    assert days(write(change(DAYS))).equals(expected)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",4.5,", ",4.5x,", ", line 5: flow is '4.5x', expected a number; compare with the"),
        (",4.5,", ",1.2.3,", ", line 5: flow is '1.2.3', expected a number"),
        (",4.5,", ",-inf,", ", line 5: flow is '-inf', expected a number"),
        (",4.5,", ",−4.5,", ", line 5: flow is '−4.5', expected a number"),
        (",4.5,9", ",4.5,-999", ", line 5: rain is -999, expected 0 to 2000 mm/day; compare"),
        (",4.5,9", ",4.5", ", line 5: 2 values, expected 3 as in line 1; the line is cut"),
        (",4.5,9", ',"4,5",9,', ", line 5: 4 values, expected 3"),
        ("1990-01-03", "\n1990-01-03", ", line 4: 0 values, expected 3"),
        (
            "1990-01-04",
            "03.01.1990",
            ", line 5: date is '03.01.1990', expected a day as YYYY-MM-DD",
        ),
        ("1990-01-04", "1990-02-30", ", line 5: date is '1990-02-30', expected a day"),
        ("1990-01-04", "", ", line 5: date is '', expected a day as YYYY-MM-DD"),
        ("1990-01-04", "1990-01-03", ", line 5: 1990-01-03 after 1990-01-03: a day is doubled"),
        ("1990-01-04", "1990-01-02", ", line 5: 1990-01-02 after 1990-01-03: a day is out of"),
        ("1990-01-04", "1990-01-06", ", line 5: 1990-01-06 after 1990-01-03: days are missing, 2"),
        ("date,flow", "date,flows", ", line 1: expected one column flow, found date, flows, rain"),
        ("date,flow", "flow,flow", ", line 1: found 'flow,flow,rain', expected the names"),
        ("date,flow,rain\n", "", ", line 1: found '1990-01-01,1.5,0', expected the names"),
        ("flow,rain", "flow,rain,flow", ", line 1: expected one column flow"),
        ("4.5,9\n", "4.5,9", ", line 5: the file ends without a line end and may be cut"),
    ],
)
def test_damaged_days_are_refused(write, old, new, said):
    assert old in DAYS
    assert refused(write(DAYS.replace(old, new, 1)), days).startswith(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ": the file is empty"),
        (" \n\n", ": the file is empty"),
        ("date,flow,rain\n", ": no line after the names of the columns"),
        ("date,flow,rain", ": no line after the names of the columns"),
        (DAYS.encode("utf-16"), ", line 1: found byte 0xff, expected text in UTF-8"),
        (ROWS.encode("latin-1"), ", line 3: found byte 0xfc, expected text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", ", line 1: found byte 0x89, expected text in UTF-8"),
        (DAYS.replace("4.5", "4\0").encode(), ", line 5: flow is '4\0', expected a number"),
    ],
)
def test_what_is_no_file_of_days_is_refused(write, content, said):
    assert refused(write(content), days).startswith(said)


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "none.csv", days).startswith(": can't be read")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_rows_are_what_the_lines_say(write, encoding):
    found = rows(write(ROWS.encode(encoding)))
    assert list(found.index) == ["A1", "A2", "A3"] and found.index.name == "basin"
    np.testing.assert_array_equal(found["area"], [1.5, np.nan, -9])


def test_ids_are_text_and_commas_may_be_quoted(write):
    text = ROWS.replace("A1,Zürich", '0012,"Zürich, See"')
    assert list(rows(write(text)).index) == ["0012", "A2", "A3"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A3,", "A1,", ", line 5: basin A1 stands twice; remove one"),
        ("A3,", "A 3,", ", line 5: gauge_id is 'A 3', which is no id of a basin"),
        ("A3,", ",", ", line 5: gauge_id is '', which is no id of a basin"),
        ("-9\n", "-999\n", ", line 5: area of basin A3 is -999, which looks like a mark for a"),
        ("-9\n", "-999.9\n", ", line 5: area of basin A3 is -999.9, which looks like a mark"),
        ("-9\n", "-99.0\n", ", line 5: area of basin A3 is -99, which looks like a mark"),
        ("-9\n", "big\n", ", line 5: area is 'big', expected a number"),
        ("gauge_id", "gauge", ", line 2: found 'gauge,name,area', expected the names"),
    ],
)
def test_damaged_rows_are_refused(write, old, new, said):
    assert refused(write(ROWS.replace(old, new, 1)), rows).startswith(said)
