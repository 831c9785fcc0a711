"""The standardised physical descriptors."""

import numpy as np
import pandas as pd

from randvec.vectors.columns import standardise, table


def make(descriptors: pd.DataFrame) -> pd.DataFrame:
    """Standardised physical descriptors, one column each.

    Parameters
    ----------
    descriptors : DataFrame
        ``basin`` and the descriptors of descriptors.parquet, coordinates left out.
    """
    names = list(descriptors.columns.drop("basin"))
    return table(descriptors, standardise(descriptors[names].to_numpy(np.float64)), names)
