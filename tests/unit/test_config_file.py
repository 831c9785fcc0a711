"""A key that stands twice in a configuration is named, as YAML would take the last one only."""

import pytest

from randvec.config_file import read_yaml, refuse_doubled_keys
from randvec.errors import InputError

DOUBLED = """
training:
  hidden: 8
periods: &all
  train: [1990-10-01, 1991-09-30]
training:
  epochs: 2
"""


def write(folder, text, name="mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_section_that_stands_twice(tmp_path):
    path = write(tmp_path, DOUBLED)
    with pytest.raises(InputError) as caught:
        refuse_doubled_keys([path])
    assert str(caught.value).startswith(f"{path}, line 6: key 'training' stands in line 2 already")


def test_a_key_that_stands_twice_in_a_section_below(tmp_path):
    path = write(tmp_path, "training:\n  more: [{epoch: 1, rate: 0.1, epoch: 2}]\n")
    with pytest.raises(InputError, match="line 2: key 'epoch' stands in line 2 already"):
        read_yaml(path)


def test_what_stands_once_in_each_section_is_read(tmp_path):
    text = (
        "a: &one {epochs: 1}\nb: {<<: *one, <<: *one, epochs: 2}\nc: [{epochs: 3}, {epochs: 4}]\n"
    )
    path = write(tmp_path, text)
    other = write(tmp_path, '{\n\t"a": 1}', "mine.json")  # YAML has no tabs
    refuse_doubled_keys([path, other, tmp_path / "nowhere.yaml"])
    expected = {"a": {"epochs": 1}, "b": {"epochs": 2}, "c": [{"epochs": 3}, {"epochs": 4}]}
    assert read_yaml(path) == expected
