"""What stands for a missing value in files of all sources."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

#: Words in csv.
MISSING_WORDS = ("", "NA", "NaN", "nan")

#: Numbers that some data sets write for one. Where a value is expected they are refused.
MARKS = (-99.99, -999, -999.9, -999.99, -9999, -32767, -32768, -99999, -999999)

#: Numbers that some write for one and that may be real; so they count by what stands beside them.
MAY_MARK = (-99, -99.9, -777, -888, 999, 999.9, 9999, 9999.9, 99999)


def is_mark(values: ArrayLike, marks: Iterable[float] = MARKS) -> np.ndarray:
    """Whether numbers are marks, in single precision: a file may have held them in either."""
    return np.isin(np.asarray(values, np.float32), np.array([*marks], np.float32))
