"""The table of basins: one row for every basin that was asked for, used or dropped."""

from pathlib import Path

import pandas as pd


def write_basins(basins: pd.DataFrame, path: str | Path) -> None:
    """Write basins.csv; the same table gives the same bytes."""
    basins.to_csv(path, index=False, lineterminator="\n")


def read_basins(path: str | Path) -> pd.DataFrame:
    """Read what `write_basins` wrote: ids and notes are text, what is not known is NaN."""
    table = pd.read_csv(path, dtype={"basin": str, "reason": str, "note": str})
    return table.fillna({"reason": "", "note": ""})
