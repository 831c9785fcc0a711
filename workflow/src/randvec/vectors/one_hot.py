"""One column for each basin."""

import numpy as np
import pandas as pd

from randvec.vectors.columns import table


def make(descriptors: pd.DataFrame) -> pd.DataFrame:
    """A 1 in the basin's own column and 0 elsewhere, not scaled; as many columns as basins."""
    names = [f"is_{basin}" for basin in descriptors["basin"]]
    return table(descriptors, np.eye(len(descriptors)), names)
