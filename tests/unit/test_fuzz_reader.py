"""Damaged text files end in the right tables or in an error that names the file.

Each case damages one file of a small folder by a seeded random mutation and prepares the tables.
Accepted are: the tables of the unharmed folder; an InputError that names the file, or the basin
where it is incomplete; for lines of streamflow that are gone, the same tables with those days
missing and counted in basins.csv. Anything else fails, another exception and one other number
included.

Left out is what no reader can see, because the result is a file that could be the original: a
digit changed, decimals cut from the last number of a line that still ends, the decimal point of an
attribute gone, two numeric columns of the attributes or two values of one day exchanged, fewer
lines or other ids of existing basins in the user's own basin list.
"""

import string
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import numpy as np
import pandas as pd
import pytest
from small_camels import PERIODS, find_file, prepare_camels, write_camels

from randvec.errors import InputError

SEEDS = {"virtual": range(8), "real": range(100, 103)}
KINDS = ("forcing", "streamflow", "attributes", "list")
ATTRIBUTES = ("clim", "geol", "soil", "topo", "vege")


# Mutations: from the lines of a file (or its bytes) and a random generator to other bytes, or None
# where this draw is one of those that are left out.


def join(lines):
    return "\n".join(lines).encode() + b"\n"


def pick(random, options):
    """One of some strings; numpy's own choice would drop a final zero character."""
    return options[int(random.integers(len(options)))]


def any_line(lines, random):
    return int(random.integers(len(lines)))


def cut_file(lines, random, kind):
    whole = join(lines)
    cut = whole[: random.integers(len(whole))]
    if kind == "list" and cut.strip() and len(cut.split()[-1]) == 8:
        return None  # a shorter list is a list
    return cut


def cut_last_characters(lines, random, kind):
    return join(lines)[: -int(random.integers(1, 9))] if kind != "list" else None


def cut_line(lines, random, kind):
    at = any_line(lines, random)
    line = lines[at]
    keep = int(random.integers(len(line)))
    own_end = max(line.rfind(separator) for separator in "\t; .")
    if kind == "forcing" and at > 3 and keep > own_end + 1:
        return None  # what is left of the last number is a number
    if kind == "attributes" and keep > line.rfind(";"):
        return None
    if kind == "list" and keep == 0:
        return None
    return join([*lines[:at], line[:keep], *lines[at + 1 :]])


def delete_line(lines, random, kind):
    at = any_line(lines, random)
    return join(lines[:at] + lines[at + 1 :]) if kind != "list" else None


def delete_lines(lines, random, kind):
    at = any_line(lines, random)
    many = int(random.integers(2, 40))
    return join(lines[:at] + lines[at + many :]) if kind != "list" else None


def double_line(lines, random, kind):
    at = any_line(lines, random)
    return join([*lines[: at + 1], *lines[at:]])


def exchange_lines(lines, random, kind):
    first, second = sorted(random.choice(len(lines), 2, replace=False))
    lines = list(lines)
    lines[first], lines[second] = lines[second], lines[first]
    return join(lines)


def blank_line(lines, random, kind):
    at = any_line(lines, random)
    return join([*lines[:at], pick(random, ["", " ", "\t"]), *lines[at:]])


def letter_for_character(lines, random, kind):
    whole = join(lines).decode()
    at = int(random.integers(len(whole)))
    letter = pick(random, string.ascii_letters)
    return (whole[:at] + letter + whole[at + 1 :]).encode()


def letter_in_number(lines, random, kind):
    at = any_line(lines, random)
    digits = [index for index, character in enumerate(lines[at]) if character.isdigit()]
    if not digits:
        return None
    index = pick(random, digits)
    letter = pick(random, "eEoOlIxnaNfdDjJ+_,'\"#")
    line = lines[at][:index] + letter + lines[at][index + int(random.integers(2)) :]
    return join([*lines[:at], line, *lines[at + 1 :]])


def point_lost(lines, random, kind):
    at = any_line(lines, random)
    points = [index for index, character in enumerate(lines[at]) if character == "."]
    if not points or kind == "attributes" or at < 2:
        return None
    index = pick(random, points)
    line = lines[at][:index] + lines[at][index + 1 :]
    return join([*lines[:at], line, *lines[at + 1 :]])


def separator_lost(lines, random, kind):
    at = any_line(lines, random)
    places = [index for index, character in enumerate(lines[at]) if character in "\t; "]
    if not places:
        return None
    index = pick(random, places)
    line = lines[at][:index] + lines[at][index + 1 :]
    return join([*lines[:at], line, *lines[at + 1 :]])


def columns_of(lines, random):
    separator = next((mark for mark in "\t;" if mark in lines[-1]), None)
    width = len(lines[-1].split(separator))
    if width < 2:
        return None, None
    return separator, random.choice(width, 2, replace=False)


def swap(line, separator, pair):
    words = line.split(separator)
    if len(words) <= max(pair):
        return line
    words[pair[0]], words[pair[1]] = words[pair[1]], words[pair[0]]
    return (separator or " ").join(words)


def swap_columns(lines, random, kind):
    separator, pair = columns_of(lines, random)
    if pair is None or (kind == "attributes" and 0 not in pair):
        return None
    first = {"forcing": 4, "streamflow": 0, "attributes": 1}[kind]
    return join([*lines[:first], *(swap(line, separator, pair) for line in lines[first:])])


def swap_columns_with_names(lines, random, kind):
    separator, pair = columns_of(lines, random)
    if pair is None or kind == "streamflow":
        return None
    first = {"forcing": 3, "attributes": 0}[kind]
    return join([*lines[:first], *(swap(line, separator, pair) for line in lines[first:])])


def wrong_id(lines, random, kind):
    if kind == "forcing":
        return None  # there is none in it
    at = any_line(lines, random) or 1
    other = f"{random.integers(90_000_000, 99_999_999)}"
    other = pick(random, [other, other[:7], other + "0", "", "Machias", "09e99999"])
    if kind == "list" and not other:
        return None
    separator = {"streamflow": " ", "attributes": ";", "list": "\n"}[kind]
    line = separator.join([other, *lines[at].split(separator)[1:]])
    return join([*lines[:at], line, *lines[at + 1 :]])


def empty(lines, random, kind):
    return pick(random, [b"", b"\n", b" \n\n", b"\xef\xbb\xbf"])


def line_ends(lines, random, kind):
    return join(lines).replace(b"\n", pick(random, [b"\r\n", b"\r"]))


def byte_order_mark(lines, random, kind):
    return b"\xef\xbb\xbf" + join(lines)


def other_encoding(lines, random, kind):
    return join(lines).decode().encode(pick(random, ["utf-16", "utf-16-le", "utf-32", "cp037"]))


def foreign_character(lines, random, kind):
    whole = join(lines)
    at = int(random.integers(len(whole)))
    character = pick(random, ["é", "−", "٣", "\x00", "\x0c", "\x85", "\u2028", "\xa0"])
    encoding = "latin-1" if ord(character) < 256 and random.integers(2) else "utf-8"
    return whole[:at] + character.encode(encoding) + whole[at + 1 :]


def part_of_itself_again(lines, random, kind):
    at, start = any_line(lines, random), any_line(lines, random)
    return join([*lines[:at], *lines[start : start + 5], *lines[at:]])


MUTATIONS = (
    cut_file, cut_last_characters, cut_line, delete_line, delete_lines, double_line,
    exchange_lines, blank_line, letter_for_character, letter_in_number, point_lost, separator_lost,
    swap_columns, swap_columns_with_names, wrong_id, empty, line_ends, byte_order_mark,
    other_encoding, foreign_character, part_of_itself_again,
)  # fmt: skip


@dataclass
class Small:
    """A small CAMELS folder, the tables that it gives, and its files by kind."""

    folder: Path
    expected: object
    files: dict


def small(folder):
    endings = {"forcing": "_leap.txt", "streamflow": "_qc.txt", "list": "basins.txt"}
    files = {kind: sorted(folder.rglob(f"*{end}")) for kind, end in endings.items()}
    files["attributes"] = [find_file(folder, f"camels_{kind}.txt") for kind in ATTRIBUTES]
    return Small(folder, prepare_camels(folder), files)


@pytest.fixture(scope="module")
def virtual(tmp_path_factory):
    return small(write_camels(tmp_path_factory.mktemp("virtual")))


@pytest.fixture(scope="module")
def real(camels_folder, tmp_path_factory):
    """Three real basins of different climates, cut to the days that the periods need."""
    folder = tmp_path_factory.mktemp("real")
    basins = ("01022500", "06889200", "11528700")
    for basin in basins:
        for kind, ending, head in (("basin_mean_forcing/maurer_extended", "leap", 4),
                                   ("usgs_streamflow", "qc", 0)):  # fmt: skip
            source = next((camels_folder / kind).rglob(f"{basin}*_{ending}.txt"))
            lines = source.read_text().splitlines()
            years = [line for line in lines[head:] if wanted(line)]
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / source.name).write_bytes(join([*lines[:head], *years]))
    for kind in ATTRIBUTES:
        source = next(camels_folder.rglob(f"camels_{kind}.txt"))
        lines = source.read_text().splitlines()
        kept = [line for line in lines if line[:8] in (*basins, "gauge_id")]
        (folder / source.name).write_bytes(join(kept))
    (folder / "basins.txt").write_bytes(join(basins))
    return small(folder)


def wanted(line):
    words = line.split()
    year, month = (int(word) for word in words[int(len(words) == 6) :][:2])
    return year in (1991, 1992) or (year == 1990 and month >= 10)


def check(damaged, small):
    """Prepare the damaged folder and say what came of it: the same, missing days, or refused."""
    try:
        found = prepare_camels(small.folder)
    except InputError as error:
        basin = damaged.name[:8]
        assert damaged.name in str(error) or f"({basin}: forcing from" in str(error) or (
            damaged.parent.parent.name == "usgs_streamflow"
            and f"({basin}: no day with discharge" in str(error)
        ), str(error)  # fmt: skip
        return "refused"
    pd.testing.assert_frame_equal(found.descriptors, small.expected.descriptors)
    lost = found.series["discharge"].isna() & small.expected.series["discharge"].notna()
    series = small.expected.series.assign(
        discharge=small.expected.series["discharge"].mask(lost)
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.series, series)
    if not lost.any():
        return "same"
    assert damaged.name.endswith("_streamflow_qc.txt")
    counts = [f"missing_days_{name}" for name in PERIODS]
    more = found.basins[counts].to_numpy().sum() - small.expected.basins[counts].to_numpy().sum()
    days = found.series.loc[lost, "date"]
    assert more == (days >= PERIODS["train"][0]).sum()
    return "missing days"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("base", ["virtual", pytest.param("real", marks=pytest.mark.camels)])
def test_no_damage_goes_unseen(request, base, kind):
    small = request.getfixturevalue(base)
    outcomes = []
    for mutation in MUTATIONS:
        for seed in SEEDS[base]:
            random = np.random.default_rng([seed, KINDS.index(kind), MUTATIONS.index(mutation)])
            path = small.files[kind][random.integers(len(small.files[kind]))]
            original = path.read_bytes()
            mutated = mutation(original.decode().splitlines(), random, kind)
            if mutated is None:
                continue
            try:
                path.write_bytes(mutated)
                outcomes.append(check(path, small))
            except Exception as error:
                copyfile(path, path.with_suffix(".damaged"))
                error.add_note(f"{mutation.__name__}, seed {seed}: {path.with_suffix('.damaged')}")
                raise
            finally:
                path.write_bytes(original)
    print(base, kind, {outcome: outcomes.count(outcome) for outcome in set(outcomes)})
    # Too few cases, or all of one kind, would prove little.
    assert len(outcomes) > 10 * len(SEEDS[base]) and {"same", "refused"} <= set(outcomes)
