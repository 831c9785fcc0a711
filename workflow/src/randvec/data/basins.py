"""The table of basins: one row for every basin that was asked for, used or dropped."""

from pathlib import Path

import pandas as pd


def write_basins(basins: pd.DataFrame, path: str | Path) -> None:
    """Write basins.csv; the same table gives the same bytes."""
    basins.to_csv(path, index=False, lineterminator="\n")


def read_basins(path: str | Path) -> pd.DataFrame:
    """Read what `write_basins` wrote: ids and notes are text, what is not known is NaN."""
    text = {"basin": str, "reason": str, "note": str}
    # Or else a basin that is called NA would have no name.
    table = pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])
    return table.fillna({"reason": "", "note": ""})
