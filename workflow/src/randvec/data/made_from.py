"""What the tables of a dataset were made from, kept beside them.

Tables outlive the folder that they were read from, which may be on a disk that is not mounted. They
are used without it only if the configuration still asks for exactly what they hold.
"""

import json
from pathlib import Path

from randvec.data.reader import is_gone
from randvec.data.sources import asked_basins
from randvec.errors import InputError, first_of

SHOWN = 3  # basins in a message

#: Tables beside series.parquet, besides what they were made from.
MADE_WITH_IT = ("descriptors.parquet", "used_basins.parquet", "basins.csv")


def made_from(config: dict) -> dict:
    """The settings that decide what series.parquet, descriptors.parquet and basins.csv hold.

    Parameters
    ----------
    config : dict
        As `randvec.config_schema.complete` gives it.

    Returns
    -------
    dict
        Plain values by key of the configuration; the basin list as its sorted ids.
    """
    dataset = config["dataset"]
    found = {f"dataset.{key}": value for key, value in dataset.items() if key != "name"}
    if "basins" in dataset:
        found["dataset.basins"] = asked_basins(dataset)
    found.pop("dataset.sources", None)  # says where files are fetched, not what they hold
    found |= {f"periods.{name}": period for name, period in config["periods"].items()}
    return found | {"training.sequence_length": config["training"]["sequence_length"]}


def write_made_from(settings: dict, path: str | Path) -> None:
    """Write what `made_from` gave as JSON; the same settings give the same bytes."""
    Path(path).write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def check_made_from(config: dict, results: str | Path) -> None:
    """Refuse tables of other settings where the folder to read from is gone.

    Parameters
    ----------
    config : dict
        As for `made_from`.
    results : path
        ``results/<dataset>``.

    Raises
    ------
    InputError
        If there are tables, ``dataset.folder`` is gone, and the tables were made from anything else
        than the configuration asks for, what they were made from is not known, or one is missing.
    """
    series, record = Path(results, "series.parquet"), Path(results, "made_from.json")
    folder = config["dataset"].get("folder")
    if folder is None or not series.exists() or not is_gone(folder):
        return
    advice = (
        f"there are no data at {Path(folder).absolute()} (dataset.folder) to make it anew; put "
        "the folder back (CAMELS-US comes by the target `fetch`), or choose another dataset.name"
    )
    if not record.is_file():
        raise InputError(
            f"{series}: {record} is missing, which says what it was made from; {advice}"
        )
    for beside in map(record.with_name, MADE_WITH_IT):
        if not beside.is_file():
            raise InputError(f"{series}: {beside} is missing, which was made with it; {advice}")
    made = json.loads(record.read_text(encoding="utf-8"))
    asked = made_from(config)
    keys = [key for key in {**made, **asked} if made.get(key) != asked.get(key)]
    if keys:
        found = "; ".join(_difference(key, made.get(key), asked.get(key)) for key in sorted(keys))
        raise InputError(
            f"{series} was made from other settings than the configuration has ({found}), and "
            f"{advice}, or go back to the settings of {record}"
        )


def _difference(key: str, made, asked) -> str:
    if key != "dataset.basins" or made is None or asked is None:
        return f"{key}: made from {_said(made)}, asked for {_said(asked)}"
    lacking, surplus = (
        sorted(set(ours) - set(theirs)) for ours, theirs in ((asked, made), (made, asked))
    )
    parts = [
        f"{len(names)} {what}: {first_of(names, SHOWN)}"
        for names, what in ((lacking, "not in it"), (surplus, "not asked for"))
        if names
    ]
    return f"{key}: {'; '.join(parts)}"


def _said(value) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " to ".join(value) if len(value) == 2 else f"{len(value)} names"
    return "nothing" if value is None else str(value)
