"""Columns of numbers over the basins, as static vectors hold them."""

import numpy as np
import pandas as pd

from randvec.errors import InputError


def scaling(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every column over the basins.

    Parameters
    ----------
    values : ndarray, shape (basins, d)

    Returns
    -------
    mean, spread : ndarray, shape (d,)
        As in the code of Li et al. (2022) the sample standard deviation is used (n - 1 in the
        denominator; that of forcing and discharge has n). That of a constant column counts as 1.

    Raises
    ------
    InputError
        For fewer than two basins, which have no standard deviation.
    """
    if len(values) < 2:
        raise InputError(
            f"static vectors: {len(values)} basin, expected 2 or more to standardise them over; "
            "add basins, or take models without a static vector (CN)"
        )
    spread = values.std(axis=0, ddof=1)
    # A constant column may show a spread of rounding errors only.
    constant = spread <= 1e-12 * np.maximum(np.abs(values).max(axis=0), 1e-300)
    return values.mean(axis=0), np.where(constant, 1.0, spread)


def standardise(values: np.ndarray) -> np.ndarray:
    """Give every column [basin, d] mean 0 and standard deviation 1; as `scaling` has them."""
    mean, spread = scaling(values)
    return (values - mean) / spread


def varies(standardised: np.ndarray) -> np.ndarray:
    """Which columns of standardised values [basin, d] are not the same in all basins."""
    return standardised.std(axis=0) > 0.5  # it is about 1 where they differ, else a rounding error


def table(descriptors: pd.DataFrame, values: np.ndarray, names: list[str]) -> pd.DataFrame:
    """The static vectors of the basins of `descriptors`: ``basin`` and float32 columns.

    Parameters
    ----------
    descriptors : DataFrame
        ``basin``, in the order of the rows of `values`.
    values : ndarray, shape (basins, d)
    names : list of str
        Of the columns.
    """
    if values.shape != (len(descriptors), len(names)):
        raise ValueError(
            f"static vectors of shape {values.shape}, expected {len(descriptors)} basins and "
            f"{len(names)} columns; without describes=True in VECTORS there are no descriptors"
        )
    columns = pd.DataFrame(values.astype(np.float32), columns=names)
    columns.insert(0, "basin", descriptors["basin"].to_numpy())
    return columns
