"""The attributes of Caravan: three csv files for each sub-dataset."""

import logging
from pathlib import Path

import pandas as pd

from randvec.data.caravan_names import ABOUT_100, OTHER_NAME, find_column
from randvec.data.days_and_basins import KEY, read_rows
from randvec.data.delimited import open_delimited
from randvec.errors import InputError

logger = logging.getLogger(__name__)

KINDS = ("caravan", "hydroatlas", "other")


def attribute_files(root: Path, sub_dataset: str) -> list[Path]:
    """The attribute files of a sub-dataset, as far as they are there."""
    folder = root / "attributes" / sub_dataset
    paths = (folder / f"attributes_{kind}_{sub_dataset}.csv" for kind in KINDS)
    return [path for path in paths if path.is_file()]


def read_attributes(root: Path, sub_datasets: list[str], names: list[str]) -> pd.DataFrame:
    """Read columns of all basins of some sub-datasets.

    Parameters
    ----------
    root : path
        The folder that holds ``attributes``.
    sub_datasets : list of str
        Names of folders in it.
    names : list of str
        Columns, by their old or new names; the result has the names as they are given here.

    Returns
    -------
    DataFrame
        Index ``basin``, column ``sub_dataset``, and the columns asked for, float64; NaN where a
        file or a value is missing.

    Raises
    ------
    InputError
        If no sub-dataset has a column, a file is damaged, a basin stands twice, or a value looks
        like a mark for a missing one.
    """
    tables = {sub: _read_sub_dataset(root, sub, names) for sub in sub_datasets}
    lacking = {sub: [n for n in names if n not in table] for sub, table in tables.items()}
    if nowhere := [n for n in names if all(n in missing for missing in lacking.values())]:
        raise InputError(
            f"{root / 'attributes'}: no attribute file of {', '.join(sub_datasets)} has a column "
            f"{', '.join(nowhere)}; put all of attributes_{{{','.join(KINDS)}}}_<sub-dataset>.csv "
            f"there, or change dataset.descriptors{_hint(nowhere)}"
        )
    for sub, missing in lacking.items():
        if missing:
            logger.warning(
                "%s: its attribute files (%s) have no column %s; all of its basins lack them", sub,
                ", ".join(path.name for path in attribute_files(root, sub)) or "none is there",
                ", ".join(missing),
            )  # fmt: skip
    joined = pd.concat([table.assign(sub_dataset=sub) for sub, table in tables.items()])
    if joined.index.has_duplicates:
        basin = joined.index[joined.index.duplicated()][0]
        subs = joined.loc[[basin], "sub_dataset"]
        raise InputError(
            f"{root / 'attributes'}: basin {basin} stands in {' and '.join(subs)}; remove one"
        )
    return joined.reindex(columns=["sub_dataset", *names]).rename_axis("basin")


def _read_sub_dataset(root: Path, sub_dataset: str, names: list[str]) -> pd.DataFrame:
    found: list[pd.DataFrame] = []
    left = list(names)
    for path in attribute_files(root, sub_dataset):
        file = open_delimited(path, KEY, "latin-1")  # for names of gauges, as some write them
        here = {n: column for n in left if (column := find_column(n, file.names)) is not None}
        left = [name for name in left if name not in here]
        table = read_rows(file, here.values(), ABOUT_100)
        found.append(pd.DataFrame({name: table[column] for name, column in here.items()},
                                  index=table.index))  # fmt: skip
    return pd.concat(found, axis=1, join="outer") if found else pd.DataFrame()


def _hint(names: list[str]) -> str:
    new = [n for n in names if "_FAO_" in n]
    old = [n for n in names if n in OTHER_NAME]
    if new:
        return f" ({', '.join(new)} came with Caravan 1.5)"
    return f" ({', '.join(old)} was looked for by both its names)" if old else ""
