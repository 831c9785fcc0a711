"""YAML files in which no key stands twice: YAML lets the last one win without a word."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import yaml

from randvec.errors import InputError

#: Of the key ``<<``, which may stand more than once.
MERGE = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in a section."""

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        first: dict[str, int] = {}
        for key, _ in node.value:
            if key.tag == MERGE:
                continue
            line = key.start_mark.line + 1
            if key.value in first:
                raise InputError(
                    f"{self.name}, line {line}: key '{key.value}' stands in line "
                    f"{first[key.value]} already, and only the last of them would count; put all "
                    "of it in one place"
                )
            if isinstance(key, yaml.ScalarNode):
                first[key.value] = line
        return node


def read_yaml(path: str | Path) -> dict:
    """Read a YAML file.

    Raises
    ------
    InputError
        Naming file and line of a key that stands twice in a section.
    """
    with Path(path).open(encoding="utf-8") as file:
        return yaml.load(file, _Loader)


def refuse_doubled_keys(paths: Iterable[str | Path]) -> None:
    """Raise InputError as `read_yaml`; what is no YAML, as some JSON, or no file is left alone."""
    for path in paths:
        if Path(path).is_file():
            with suppress(yaml.YAMLError):
                read_yaml(path)
