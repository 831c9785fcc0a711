"""A configuration and its schema: checked, its defaults filled in, and put into one form.

Two configurations that mean the same come out equal, order of the keys included: Snakemake compares
the parameters of a rule as text, and a rewritten configuration must not train anything again.
"""

import copy
import math
from collections.abc import Collection
from datetime import date
from pathlib import Path

import jsonschema

from randvec.errors import InputError, first_of, meant

#: A message has at most ten lines.
MOST_ERRORS = 8


def complete(config: dict, schema: dict) -> dict:
    """Check a configuration against its schema and fill in what it leaves out.

    Parameters
    ----------
    config : dict
        As YAML gives it; it stays as it is. An empty section or key counts as one left out.
    schema : dict
        The JSON schema.

    Returns
    -------
    dict
        With the defaults, keys in the order of the schema (names of the user's own sorted), whole
        numbers as int and other numbers as float, ``~`` in paths replaced.

    Raises
    ------
    InputError
        For a key that the schema does not know, one that is missing, or a value that it does not
        allow; all such values at once, up to `MOST_ERRORS`.
    """
    _check_names(config, "")
    found = _without_empty(plain(config), schema, schema, "")
    _check_keys(found, schema, schema, "")
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(found))
    if errors:
        lines = [_say(jsonschema.exceptions.best_match([error])) for error in errors]
        raise InputError(first_of(lines, MOST_ERRORS, "\n"))
    return _in_one_form(found, schema, schema, "", fill=True)


def refuse_unknown(key: str, known: Collection[str], where: str) -> None:
    """Raise InputError for a key that is not among the known ones, and name the nearest of those.

    `where` is what stands before the key in the configuration, for example ``training.``.
    """
    if key not in known:
        raise InputError(f"config: unknown key '{where}{key}'; {meant(str(key), known, where)}")


def plain(value):
    """Turn the dates that YAML made of unquoted days back into text, at any depth."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _check_names(section: dict, where: str) -> None:
    """Refuse keys that YAML takes for numbers or for true and false."""
    for key, value in section.items():
        if not isinstance(key, str):
            raise InputError(
                f"config: {where}{key}: YAML takes this name for no text; put it in quotation marks"
            )
        if isinstance(value, dict):
            _check_names(value, f"{where}{key}.")


def _without_empty(value, schema: dict, whole: dict, where: str):
    """Sections without content as {}, and no key without a value."""
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, item in value.items():
        of_key = _schema_of(key, _resolved(schema, whole), whole)
        if item is not None:
            kept[key] = _without_empty(item, of_key, whole, f"{where}{key}.")
        elif of_key.get("type") == "object":
            kept[key] = {}
        elif key in schema.get("required", ()):
            raise InputError(
                f"config: {where}{key} is empty; expected: {of_key.get('description', 'a value')}"
            )
    return kept


def _check_keys(section: dict, schema: dict, whole: dict, where: str) -> None:
    """Refuse keys that the schema does not know, and name the nearest that it knows."""
    schema = _resolved(schema, whole)
    known = schema.get("properties", {})
    for key, value in section.items():
        if schema.get("additionalProperties") is False:
            refuse_unknown(key, known, where)
        if isinstance(value, dict):
            _check_keys(value, _schema_of(key, schema, whole), whole, f"{where}{key}.")


def _in_one_form(value, schema: dict, whole: dict, where: str, fill: bool):
    """The value as `complete` gives it; no default is filled into what the schema calls partial."""
    schema = _resolved(schema, whole)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        defaults = {key: of["default"] for key, of in known.items() if fill and "default" in of}
        value = {**copy.deepcopy(defaults), **value}
        order = [*(key for key in known if key in value), *sorted(value.keys() - known.keys())]
        return {
            key: _in_one_form(
                value[key], of_key := _schema_of(key, schema, whole), whole, f"{where}{key}.",
                fill and not of_key.get("partial"),
            )
            for key in order
        }  # fmt: skip
    if isinstance(value, list):
        of_item = schema.get("items", {})
        return [
            _in_one_form(item, of_item, whole, f"{where}{number}.", fill)
            for number, item in enumerate(value, 1)
        ]
    if schema.get("type") in ("integer", "number"):
        if not math.isfinite(value):
            raise InputError(f"config: {where[:-1]} is {value}; expected a finite number")
        return int(value) if schema["type"] == "integer" else float(value)
    return str(Path(value).expanduser()) if schema.get("format") == "path" else value


def _resolved(schema: dict, whole: dict) -> dict:
    """The schema itself, or the one that it refers to with what it says besides."""
    if "$ref" in schema:
        found = whole
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _schema_of(key: str, schema: dict, whole: dict) -> dict:
    """The schema of a key's value; one that allows anything if there is none."""
    of_name = schema.get("additionalProperties")
    found = schema.get("properties", {}).get(key, of_name if isinstance(of_name, dict) else {})
    return _resolved(found, whole)


def _is_number(value) -> bool:
    """Whether a text is a number, as of 1e-3, which YAML reads as text."""
    try:
        return isinstance(value, str) and math.isfinite(float(value))
    except ValueError:
        return False


def _say(error: jsonschema.ValidationError) -> str:
    place = "".join(
        f", entry {part + 1}" if isinstance(part, int) else f".{part}"
        for part in error.absolute_path
    ).removeprefix(".")
    expected = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    message = error.message if len(error.message) < 200 else f"{error.message[:200]}..."
    if error.validator == "type" and _is_number(error.instance):
        asked = "write 1e-3 as 1.0e-3" if "e" in error.instance.lower() else "no quotation marks"
        message += f"; YAML takes it for text, {asked}"
    return f"config: {place + ': ' if place else ''}{message}" + (expected and f" ({expected})")
