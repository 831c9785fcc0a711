"""Reads the medians of an experiment; apart from what computes them, so that figures stay as they
are when that changes."""

from pathlib import Path

import pandas as pd


def read_medians(path: str | Path) -> pd.DataFrame:
    """Read what `randvec.evaluation.experiments.write_medians` wrote."""
    # The vector `none` is a name here, not a missing value.
    return pd.read_csv(path, keep_default_na=False, na_values=[""])
