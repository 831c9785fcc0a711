"""Training losses on normalised discharge."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

NSE_EPSILON = 0.1  # mm/day; keeps basins with hardly any discharge from dominating


def loss_weights(loss: str, basins: Sequence[str], basin_std: Mapping[str, float]) -> Tensor:
    """Weight of each basin in the loss, [basin].

    Parameters
    ----------
    loss : {"nse", "mse"}
        The config's key of that name.
    basins : sequence of str
    basin_std : mapping of str to float
        Standard deviation of each basin's discharge [mm/day].
    """
    if loss == "mse":
        return torch.ones(len(basins))
    std = torch.tensor([basin_std[basin] for basin in basins], dtype=torch.float32)
    return nse_weights(std)


def nse_weights(basin_std: Tensor) -> Tensor:
    """Weights of the basin-averaged NSE loss, from each basin's discharge std [mm/day].

    The std is not normalised although the discharge is: so in Kratzert et al. (2019),
    doi:10.5194/hess-23-5089-2019, and in the code of Li et al. (2022).
    """
    return 1 / (basin_std + NSE_EPSILON) ** 2


def weighted_squared_error(simulated: Tensor, observed: Tensor, weights: Tensor) -> Tensor:
    """Mean over the predicted days of a batch of weights * (simulated - observed)².

    With `nse_weights` this is the basin-averaged NSE loss, with ones the mean squared error.

    Parameters
    ----------
    simulated, observed : Tensor [days, (member,) batch]
        Days whose observed value is NaN don't count.
    weights : Tensor [(member,) batch]

    Returns
    -------
    Tensor [(member,)]

    Raises
    ------
    ValueError
        If the network gave another shape than that of the discharge.
    """
    if simulated.shape != observed.shape:
        raise ValueError(
            f"the network gave discharge of shape {list(simulated.shape)}, expected "
            f"{list(observed.shape)}: [days, member, batch], the days that are predicted alone"
        )
    known = observed.isfinite()
    errors = (weights * (simulated - observed.where(known, 0)) ** 2).where(known, 0)
    errors, known = (each.movedim(0, -2).flatten(-2) for each in (errors, known))
    counted = known.sum(dim=-1, dtype=errors.dtype)
    # Exactly the mean where nothing is missing, whatever the device makes of a mean.
    return errors.mean(dim=-1) * (torch.full_like(counted, errors.shape[-1]) / counted)
