"""The static vectors of members, read for their networks: from a table's path to a tensor."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from randvec.errors import InputError


def table_paths(vectors: Sequence[str], members: int) -> list[str] | list[None]:
    """Path of the static vector table of each member, None for one without static vectors.

    Parameters
    ----------
    vectors : sequence of str
        Paths: one for each member, or one for all, or none.
    members : int
        Their number.
    """
    return list(vectors) if len(vectors) == members else [*(vectors or [None])] * members


def read_table(path: str | None) -> pd.DataFrame | None:
    """Column `basin` and the static vector as the network sees it; None without a path."""
    return None if path is None else pd.read_parquet(path)


def by_basin(table: pd.DataFrame | None, basins: Sequence[str], device: str) -> Tensor | None:
    """Static vectors in the order of `basins`, float32 [basin, d]; None without a table.

    Raises
    ------
    InputError
        If a basin has no vector or a value is missing.
    """
    if table is None:
        return None
    table = table.set_index("basin")
    missing = [basin for basin in basins if basin not in table.index]
    if missing:
        raise InputError(f"no static vector for basin {', '.join(missing)}; rebuild the vectors")
    values = table.loc[list(basins)].to_numpy(np.float32)
    if not np.isfinite(values).all():
        basin = basins[int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])]
        raise InputError(f"basin {basin}: its static vector has missing values")
    return torch.tensor(values, device=device)
