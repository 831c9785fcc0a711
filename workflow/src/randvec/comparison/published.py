"""Published results to hold one's own against, told apart by their source and their settings.

No number of the results of Li et al. (2022) was at hand, so none stands here.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Reference:
    """One published network, trained on 531 CAMELS-US basins with the NSE loss.

    Attributes
    ----------
    source : str
        Authors, year and DOI.
    network : str
        As the source calls it.
    nearest_model : str
        Model of the matrix that has the same architecture and kind of static vector.
    members : int
        Members of the ensemble.
    member_nse_median, member_nse_median_std : float
        Mean and standard deviation over the members of the median NSE over the basins.
    member_nse_mean, member_nse_failures : float
        Mean over the members of the mean NSE and of the number of basins with NSE at or below 0.
    nse_median, nse_mean : float
        Of the ensemble, over the basins.
    nse_failures : int
        Basins where the ensemble's NSE is zero or below.
    settings : str
        Basins, forcing and periods, and where the training differs from that of Li et al. (2022).
    """

    source: str
    network: str
    nearest_model: str
    members: int
    member_nse_median: float
    member_nse_median_std: float
    member_nse_mean: float
    member_nse_failures: float
    nse_median: float
    nse_mean: float
    nse_failures: int
    settings: str


KRATZERT = "Kratzert et al. 2019, doi:10.5194/hess-23-5089-2019"
SETTINGS = (
    "531 basins, extended Maurer forcing, trained 1999-10-01 to 2008-09-30, tested 1989-10-01 to "
    "1999-09-30 as in Li et al. 2022; but 30 epochs instead of 20, with a learning rate of 1e-4 "
    "from epoch 21, and 8 members instead of 5"
)
#: SHA-256 of the sorted ids of those basins, one a line.
BASINS = "2b1c659265d81bd7e6f2895b2230a47b2ec432d8add43924b006bde092ffda98"

PUBLISHED = [
    Reference(
        KRATZERT, "LSTM without statics", "CN", 8,
        0.593, 0.008, 0.394, 28.0, 0.642, 0.493, 20, SETTINGS,
    ),
    Reference(
        KRATZERT, "LSTM with statics", "CP", 8,
        0.732, 0.002, 0.687, 1.75, 0.759, 0.719, 2, SETTINGS,
    ),
    Reference(
        KRATZERT, "EA-LSTM", "EP", 8,
        0.712, 0.005, 0.673, 2.75, 0.741, 0.705, 2, SETTINGS,
    ),
]  # fmt: skip


def write_published(path: str | Path) -> None:
    """Write `PUBLISHED` as CSV, one row a network, the columns as in `Reference`."""
    columns = [field.name for field in fields(Reference)]
    table = pd.DataFrame([asdict(row) for row in PUBLISHED], columns=columns)
    table.to_csv(path, index=False, lineterminator="\n")


def applies(source: str, basins: Iterable[str]) -> bool:
    """Whether these are the basins of the published results."""
    listed = "\n".join(sorted(basins)).encode()
    return source == "camels_us" and hashlib.sha256(listed).hexdigest() == BASINS
