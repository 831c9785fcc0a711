"""Files of separated values: each damage gets one sentence that names the line."""

import gzip
import random

import numpy as np
import pytest

from randvec.data.days_and_basins import read_days, read_rows
from randvec.data.delimited import open_delimited, read_header
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
    return read_days(open_delimited(path, "date"), COLUMNS, BOUNDS).rename(columns=COLUMNS)


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
        lambda text: text.replace(",", "\t"),
        lambda text: text + "\n\n",
        lambda text: "# a comment, with comma\n# and another\n" + text,
        lambda text: text.replace("1990-01-02,,", "1990-01-02,NA,"),
        lambda text: text.replace(",4.5,", ", 4.5 ,"),
        lambda text: text.replace(",4.5,", ',"4.5",'),
        lambda text: text.replace("1990-01-02", "1990-01-02 00:00:00"),
        lambda text: text.replace("1990-01-02", "1990-01-02T00:00"),
        lambda text: text.replace("date,flow", 'date , "flow"'),
        lambda text: text.replace("4,4.5,9\n", "4,4.5,9\n  \n"),
    ],
)
def test_what_is_no_fault(write, change):
    expected = days(write(DAYS))
    assert days(write(change(DAYS))).equals(expected)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",4.5,", ",4.5x,", ", line 5: flow is '4.5x', expected a number or nothing where"),
        (",4.5,", ",1.2.3,", ", line 5: flow is '1.2.3', expected a number"),
        (",4.5,", ",1e400,", ", line 5: flow is '1e400', expected a number"),
        (
            ",4.5,",
            ',"4,5",',
            ", line 5: flow is '4,5', expected a number or nothing where it is "
            "missing, with '.' for ','; correct it, get the original file, or leave this column "
            "out in the configuration",
        ),
        (",4.5,", ",-inf,", ", line 5: flow is '-inf', expected a number"),
        (",4.5,", ",−4.5,", ", line 5: flow is '−4.5', expected a number"),
        (",4.5,9", ",4.5,-999", ", line 5: rain is -999, expected 0 to 2000 mm/day; compare"),
        (",4.5,9", ",4.5", ", line 5: 2 values, expected 3 as in line 1; the line is cut"),
        (",4.5,9", ',"4,5",9,', ", line 5: 4 values, expected 3"),
        (",4.5,9", ',"4.5,9', ", line 5: 1 values, expected 3"),
        (",9\n", ',"9\n', ", line 5: 1 values, expected 3"),
        ("1990-01-03", "\n1990-01-03", ", line 4: the line is empty; remove it"),
        ("date", "\ndate", ", line 1: the line is empty, expected the names of the columns"),
        ("1990-01-04", "1990-01-04 06:00", ", line 5: date is '1990-01-04 06:00', expected a day"),
        (
            "1990-01-04",
            "03.01.1990",
            ", line 5: date is '03.01.1990', expected a day as 1990-10-01",
        ),
        ("1990-01-04", "1990-02-30", ", line 5: date is '1990-02-30', expected a day"),
        ("1990-01-04", "", ", line 5: date is '', expected a day as 1990-10-01"),
        ("1990-01-04", "1990-01-03", ", line 5: 1990-01-03 after 1990-01-03: a day is doubled"),
        ("1990-01-04", "1990-01-02", ", line 5: 1990-01-02 after 1990-01-03: a day is out of"),
        ("1990-01-04", "1990-01-06", ", line 5: 1990-01-06 after 1990-01-03: days are missing, 2"),
        ("date,flow", "date,flows", ", line 1: expected one column flow, found date, flows, rain"),
        ("date,flow", "flow,flow", ", line 1: expected one column date, found flow, flow"),
        ("date,flow,rain\n", "", ", line 1: expected one column date, found 1990-01-01"),
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
        (DAYS.replace("4.5", "4\0").encode(), ", line 5: found byte 0x00, expected text in UTF-8"),
        (DAYS.encode("utf-16-le"), ", line 1: found byte 0x00, expected text in UTF-8"),
        # A fixed time in its header, as every worker has to name the test alike.
        (
            gzip.compress(DAYS.encode(), mtime=0),
            ": expected text in UTF-8, found a file compressed by gzip",
        ),
        (b"PK\x03\x04\x14\x00", ": expected text in UTF-8, found an Excel workbook or a zip"),
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
        ("gauge_id", "gauge", ", line 2: expected one column gauge_id, found gauge"),
    ],
)
def test_damaged_rows_are_refused(write, old, new, said):
    assert refused(write(ROWS.replace(old, new, 1)), rows).startswith(said)


def test_lines_between_two_quotation_marks_are_not_lost(write):
    """A value that goes over lines would take the basins in them with it."""
    text = ROWS.replace("Zürich", '"Zürich').replace("Genf", 'Genf"')
    assert refused(write(text), rows).startswith(", line 3: 1 values, expected 3")
    text = ROWS.replace("Zürich", '"Zü\nrich"')
    assert refused(write(text), rows).startswith(", line 3: 1 values, expected 3")


def test_a_quotation_mark_that_nothing_closes_names_its_line_in_a_long_file(write):
    text = ROWS.replace("Bern", '"Bern') + "".join(f"B{n},Basel,1\n" for n in range(20_000))
    assert refused(write(text), rows).startswith(", line 4: 1 values, expected 3")


@pytest.mark.parametrize(
    ("name", "value", "fine"),
    [("area", "-99", False), ("area", "-99.99", False), ("lon", "-99", True),
     ("lon_2", "-99.99", True), ("lon", "-999", False), ("lon", "-9999", False)],
)  # fmt: skip
def test_numbers_about_minus_100_are_marks_but_in_some_columns(write, name, value, fine):
    path = write(f"gauge_id,{name}\nA1,{value}\n")

    def read(path):
        return read_rows(open_delimited(path, "gauge_id"), [name], about_100=("lon",))

    if fine:
        assert read(path).loc["A1", name] == float(value)
    else:
        assert f"{name} of basin A1 is {value}, which looks like a mark" in refused(path, read)


def test_the_header_alone(write, tmp_path):
    for text in (DAYS, "\ufeff" + DAYS, "# ü, \n" + DAYS.replace(",", ";"), DAYS[:15] + "\r"):
        assert read_header(write(text)) == ["date", "flow", "rain"]
    for content, said in [
        ("", ": the file is empty"),
        ("# a\n\n" + DAYS, ", line 2: the line is empty, expected the names"),
        (DAYS.encode("utf-16"), ", line 1: found byte 0xff, expected text in UTF-8"),
    ]:
        assert refused(write(content), read_header).startswith(said)
    assert refused(tmp_path / "none.csv", read_header).startswith(": can't be read")


def test_bytes_changed_at_random_are_read_or_refused_in_one_line(write):
    draw = random.Random(1)
    for _ in range(600):
        text = draw.choice([DAYS, ROWS]).encode()
        at = draw.randrange(len(text))
        new = bytes(draw.choice(b'",;\t\n\r#-.0e\0 x\xff') for _ in range(draw.randrange(4)))
        path = write(text[:at] + new + text[at + draw.randrange(4) :])
        for read in (days, rows, read_header):
            try:
                read(path)
            except InputError as error:
                assert str(error).startswith(str(path)) and "\n" not in str(error)
