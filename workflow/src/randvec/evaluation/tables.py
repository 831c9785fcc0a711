"""Reads the tables of the evaluation; apart from what computes them, so that figures stay as they
are when that changes and the tables come out the same."""

from pathlib import Path

import pandas as pd

from randvec import matrix

# The vector `none`, and a basin that is called NA, are names in these tables, not missing values.
EMPTY_IS_MISSING = {"keep_default_na": False, "na_values": [""]}


def read_metrics(path: str | Path) -> pd.DataFrame:
    """Read what `randvec.evaluation.metrics.write_metrics` wrote; basin ids stay text."""
    return pd.read_csv(path, dtype={"basin": str}, **EMPTY_IS_MISSING)


def read_performance(path: str | Path) -> pd.DataFrame:
    """Read what `randvec.evaluation.performance.write_performance` wrote; the member stays text."""
    text = dict.fromkeys(["scenario", "model", "architecture", "vector", "member"], str)
    return pd.read_csv(path, dtype=text, **EMPTY_IS_MISSING)


def read_medians(path: str | Path) -> pd.DataFrame:
    """Read what `randvec.comparison.medians.write` wrote."""
    return pd.read_csv(path, **EMPTY_IS_MISSING)


def mark_paper(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a last column ``in_paper``, if it has models that the paper lacks.

    Parameters
    ----------
    table : DataFrame
        With a column ``model``.
    """
    found = [matrix.parse(code).in_paper for code in table["model"]]
    return table if all(found) else table.assign(in_paper=found)
