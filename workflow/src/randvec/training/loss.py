"""Training losses on normalised discharge."""

NSE_EPSILON = 0.1  # mm/day; keeps basins with hardly any discharge from dominating


def nse_weights(basin_std):
    """Weights of the basin-averaged NSE loss, from each basin's discharge std [mm/day].

    The std is not normalised although the discharge is: so in Kratzert et al. (2019), eq. 12,
    doi:10.5194/hess-23-5089-2019, and in the code of Li et al. (2022).
    """
    return 1 / (basin_std + NSE_EPSILON) ** 2


def weighted_squared_error(simulated, observed, weights):
    """Mean over the batch of weights * (simulated - observed)², all [(member,) batch].

    With `nse_weights` this is the basin-averaged NSE loss, with ones the mean squared error.
    """
    return (weights * (simulated - observed) ** 2).mean(dim=-1)
