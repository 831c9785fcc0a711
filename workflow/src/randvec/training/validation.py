"""How well members do, while they train, in a period that they do not learn from."""

import copy
from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor, nn

from randvec.data.scaler import Scaler
from randvec.errors import InputError
from randvec.nse import is_constant, nse
from randvec.training.forward import check_forcing, in_millimetres, simulate
from randvec.training.windows import Windows


class Validation:
    """The median NSE of a network over the basins that it is trained on, in another period.

    It draws no random number and leaves the network in training as it is.

    Parameters
    ----------
    network : torch.nn.Module
        One as `randvec.models.build.build` makes it; a copy is used.
    windows : randvec.training.windows.Windows
    scaler : randvec.data.scaler.Scaler
    period : sequence of str
        First and last day, both included.
    predicted_days : int

    Raises
    ------
    InputError
        If the period can't be simulated, or discharge varies in no basin.
    """

    def __init__(
        self,
        network: nn.Module,
        windows: Windows,
        scaler: Scaler,
        period: Sequence[str],
        predicted_days: int,
    ) -> None:
        cube = windows.cube
        check_forcing(cube, period, windows.sequence_length, predicted_days)
        self.network = copy.deepcopy(network).to(windows.forcing.device)
        self.windows = windows
        self.scaler = scaler
        self.days = cube.days(*period)
        self.predicted_days = predicted_days
        self.observed = cube.discharge[:, self.days]
        if median_nse(self.observed, self.observed) is None:
            raise InputError(
                f"no basin has discharge that varies from {period[0]} to {period[1]}; choose "
                "another periods.validation or leave it out"
            )

    def score(self, weights: Mapping[str, Tensor], statics: Tensor | None) -> float:
        """Median NSE with some weights, by name, and static vectors [basin, d] or None."""
        self.network.load_state_dict(weights)
        simulated = simulate(self.network, self.windows, statics, self.days, self.predicted_days)
        return median_nse(self.observed, in_millimetres(simulated, self.scaler))


def median_nse(observed: np.ndarray, simulated: np.ndarray) -> float | None:
    """Median of the basins' Nash-Sutcliffe efficiencies.

    Parameters
    ----------
    observed, simulated : ndarray [basin, day]
        Discharge [mm/day]; NaN in `observed` marks a missing day.

    Returns
    -------
    float or None
        Basins whose discharge never changes are left out; None if no other is there.
    """
    pairs = zip(observed, simulated, strict=True)
    scores = [nse(own, other) for own, other in pairs if not is_constant(own)]
    return float(np.median(scores)) if scores else None
