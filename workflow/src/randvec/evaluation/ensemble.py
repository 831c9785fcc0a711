"""The ensemble: the mean of its members' discharge, per basin and day."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from randvec.errors import InputError

SCHEMA = pa.schema(
    [
        ("basin", pa.string()),
        ("date", pa.timestamp("ms")),
        ("observed", pa.float32()),
        ("simulated", pa.float32()),
    ]
)


def average(members: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Average the simulated discharge of members.

    Parameters
    ----------
    members : mapping of name to pd.DataFrame
        Predictions per member, named by its file: basin, date, observed, simulated (mm/day). The
        order of the mapping is the order of summation.

    Returns
    -------
    pd.DataFrame
        The same columns; simulated is the mean in float64, rounded to float32.

    Raises
    ------
    InputError
        If there is no member, members differ in basins, days or observed discharge, or a simulated
        value is not finite. The message names the member.
    """
    if not members:
        raise InputError("an ensemble of no members: name at least one seed under `seeds`")
    first_name, first = next(iter(members.items()))
    total = np.zeros(len(first), np.float64)
    for name, member in members.items():
        _check_same_days(first_name, first, name, member)
        simulated = member["simulated"].to_numpy(np.float64)
        if not np.isfinite(simulated).all():
            row = member.iloc[int(np.argmin(np.isfinite(simulated)))]
            raise InputError(
                f"{name}: simulated discharge of basin {row['basin']} on {row['date']:%Y-%m-%d} is "
                f"{row['simulated']}, expected a finite number: its training diverged; delete this "
                "member and train it again, with a lower learning rate if it repeats"
            )
        total += simulated
    mean = (total / len(members)).astype(np.float32)
    return first[["basin", "date", "observed"]].assign(simulated=mean)


def average_files(paths: Mapping[int, Path]) -> pd.DataFrame:
    """Average the members whose predictions lie in files.

    Parameters
    ----------
    paths : mapping of seed to Path
        The predictions.parquet of every member that belongs to the ensemble.

    Returns
    -------
    pd.DataFrame
        As `average`, summed in the order of seeds.

    Raises
    ------
    InputError
        If a member's file is missing, and for all that `average` refuses.
    """
    return average({str(paths[seed]): read_predictions(paths[seed]) for seed in sorted(paths)})


def read_predictions(path: Path, basins: list[str] | None = None) -> pd.DataFrame:
    """Read predictions.parquet, of all basins or some.

    Parameters
    ----------
    path : Path
        File of a member or an ensemble.
    basins : list of str, optional
        Basins to read; all by default.

    Returns
    -------
    pd.DataFrame
        Columns basin (text), date (datetime64), observed, simulated (mm/day, float32).

    Raises
    ------
    InputError
        If the file is missing or lacks a column.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            f"{path}: no such file, expected the predictions of a member or ensemble: run the "
            "workflow for this file, or take its seed or model out of the config"
        )
    found = pq.read_schema(path).names
    if missing := [name for name in SCHEMA.names if name not in found]:
        raise InputError(
            f"{path}: columns {', '.join(found)}, expected also {', '.join(missing)}: delete the "
            "file and let the workflow make it again"
        )
    filters = None if basins is None else [("basin", "in", basins)]
    return pq.read_table(path, columns=SCHEMA.names, filters=filters).to_pandas()


def write_predictions(predictions: pd.DataFrame, path: Path) -> None:
    """Write predictions.parquet: the same table always gives the same bytes."""
    table = pa.Table.from_pandas(predictions, schema=SCHEMA, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")


def _check_same_days(first_name: str, first: pd.DataFrame, name: str, member: pd.DataFrame) -> None:
    """Raise InputError unless both members cover the same basins, days and observations."""
    hint = "members of one ensemble must come from the same data: delete it and train it again"
    ours, theirs = set(first["basin"]), set(member["basin"])
    if ours != theirs:
        raise InputError(
            f"{name}: {len(theirs)} basins, expected the {len(ours)} of {first_name} "
            f"(lacking: {_some(ours - theirs)}; not expected: {_some(theirs - ours)}): {hint}"
        )
    if len(first) != len(member) or not (
        np.array_equal(first["basin"], member["basin"])
        and np.array_equal(first["date"], member["date"])
    ):
        raise InputError(
            f"{name}: {len(member)} rows whose basins and days are not those of {first_name} "
            f"({len(first)} rows), in the same order: {hint}"
        )
    differs = ~np.isclose(first["observed"], member["observed"], rtol=0, atol=0, equal_nan=True)
    if differs.any():
        row = member.iloc[int(np.argmax(differs))]
        raise InputError(
            f"{name}: observed discharge of basin {row['basin']} on {row['date']:%Y-%m-%d} is "
            f"{row['observed']}, expected {first['observed'].iloc[int(np.argmax(differs))]} as in "
            f"{first_name}: {hint}"
        )


def _some(names: set[str]) -> str:
    shown = sorted(names)[:3]
    return ", ".join(shown) + (" and more" if len(names) > 3 else "") if shown else "none"
