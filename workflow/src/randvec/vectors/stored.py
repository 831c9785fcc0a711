"""Static vectors in a member's settings: their numbers, or what it takes to make them again.

`randvec.vectors.restored` reads them back.
"""

import hashlib

import numpy as np
import pandas as pd

from randvec.vectors import kind_of

#: Where the table of physical descriptors has their means and standard deviations, in its `attrs`.
SCALING = "scaling"


def describe(name: str, vectors: pd.DataFrame) -> dict:
    """What settings.json keeps of a static vector table.

    Parameters
    ----------
    name : str
        Of the table, as `randvec.vectors.build.build` takes it.
    vectors : DataFrame
        The table.

    Returns
    -------
    dict
        ``basins``; ``digest`` of the numbers; and for a vector of descriptors ``columns``,
        ``values`` by basin, and ``scaling``, by which the descriptors of another basin become its
        vector (None where a part of the vector is drawn). A vector without descriptors is made
        again from its name and the basins.
    """
    found = {"basins": vectors["basin"].tolist(), "digest": digest_of(vectors)}
    kind = kind_of(name)
    if not kind.describes:
        return found
    values = vectors.set_index("basin")
    drawn = kind.random or "-noise_" in name
    return {
        **found,
        "columns": list(values.columns),
        "scaling": None if drawn else vectors.attrs.get(SCALING),
        # As text each number has the digits that tell it from other float32, not from float64.
        "values": {
            basin: [float(str(number)) for number in row]
            for basin, row in zip(values.index, values.to_numpy(np.float32), strict=True)
        },
    }


def digest_of(vectors: pd.DataFrame) -> str:
    """SHA-256 of the numbers of a static vector table, row by row as float32."""
    numbers = vectors.drop(columns="basin").to_numpy(np.float32)
    return hashlib.sha256(np.ascontiguousarray(numbers).tobytes()).hexdigest()
