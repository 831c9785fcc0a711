"""A table of series as the file that the workflow has of it."""

from pathlib import Path

import pandas as pd

from randvec.data.series import SeriesWriter


def write_series(frame: pd.DataFrame, path: str | Path) -> None:
    """Write basin, date, forcings and discharge; the days of a basin in order."""
    with SeriesWriter(path) as series:
        for basin, days in frame.groupby("basin"):
            series.add(basin, days)
