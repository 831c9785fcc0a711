"""The standardised descriptors, filled up with Gaussian columns."""

import pandas as pd

from randvec.vectors import gaussian, physical


def make(descriptors: pd.DataFrame, dimension: int, seed: int) -> pd.DataFrame:
    """The standardised descriptors, filled up to `dimension` with Gaussian columns."""
    random = gaussian.make(descriptors, dimension - (descriptors.shape[1] - 1), seed)
    return physical.make(descriptors).merge(random, on="basin", validate="one_to_one")
