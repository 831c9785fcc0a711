"""The NSE of two ensembles, basin by basin."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from randvec.comparison.statistics import TIE


@dataclass(frozen=True)
class Paired:
    """NSE of a model and of a reference, in the basins where both are defined.

    Attributes
    ----------
    reference, model : str
        Model codes.
    nse : pd.DataFrame
        One row a basin, the codes as columns.
    """

    reference: str
    model: str
    nse: pd.DataFrame

    @property
    def difference(self) -> pd.Series:
        """NSE of the model less that of the reference."""
        return self.nse[self.model] - self.nse[self.reference]

    def outcomes(self) -> dict[str, pd.Series]:
        """Which basins are better with the model, tied, and worse, under the names to print."""
        difference = self.difference
        return {
            f"{self.model} better": difference > TIE,
            f"within {TIE}": difference.abs() <= TIE,
            f"{self.reference} better": difference < -TIE,
        }


def paired(metrics: Mapping[str, pd.DataFrame]) -> Paired:
    """Pair the NSE of two ensembles.

    Parameters
    ----------
    metrics : mapping of model code to pd.DataFrame
        Columns basin, nse; the reference first, then the model.
    """
    reference, model = metrics
    nse = pd.DataFrame({code: table.set_index("basin")["nse"] for code, table in metrics.items()})
    return Paired(reference, model, nse.dropna())
