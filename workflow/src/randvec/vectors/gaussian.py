"""Independent draws from N(0, 1)."""

import numpy as np
import pandas as pd

from randvec.vectors.columns import standardise, table


def make(descriptors: pd.DataFrame, dimension: int, seed: int) -> pd.DataFrame:
    """Independent draws from N(0, 1), standardised over the basins.

    Only the order of the basins is taken from `descriptors`. The draw depends on the seed, the
    number of basins and the dimension.
    """
    draws = np.random.default_rng(seed).standard_normal((len(descriptors), dimension))
    return table(descriptors, standardise(draws), [f"gaussian_{i:03d}" for i in range(dimension)])
