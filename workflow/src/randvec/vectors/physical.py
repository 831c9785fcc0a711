"""The standardised physical descriptors."""

import numpy as np
import pandas as pd

from randvec.vectors.columns import scaling, table
from randvec.vectors.stored import SCALING


def make(descriptors: pd.DataFrame) -> pd.DataFrame:
    """Standardised physical descriptors, one column each.

    Parameters
    ----------
    descriptors : DataFrame
        ``basin`` and the descriptors of descriptors.parquet, coordinates left out.

    Returns
    -------
    DataFrame
        As `randvec.vectors.build.build` gives it. Its `attrs` keep mean and standard deviation of
        each descriptor, which other basins need.
    """
    names = list(descriptors.columns.drop("basin"))
    mean, spread = scaling(descriptors[names].to_numpy(np.float64))
    made = scaled(descriptors, names, mean, spread)
    made.attrs[SCALING] = {"mean": mean.tolist(), "standard_deviation": spread.tolist()}
    return made


def scaled(
    descriptors: pd.DataFrame, names: list[str], mean: np.ndarray, spread: np.ndarray
) -> pd.DataFrame:
    """Descriptors scaled by given means and standard deviations, in the order of `names`."""
    return table(descriptors, (descriptors[names].to_numpy(np.float64) - mean) / spread, names)
