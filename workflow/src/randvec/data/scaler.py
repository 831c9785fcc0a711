"""Means and standard deviations of the training period, which normalise what the networks see."""

from dataclasses import asdict, dataclass

import numpy as np

from randvec.data.series import Cube
from randvec.errors import InputError


@dataclass(frozen=True)
class Scaler:
    """Population means and standard deviations over all basins and valid days.

    The published constants of the 531 basins (Kratzert et al. 2019, doi:10.5194/hess-23-5089-2019)
    have n, not n - 1, in the denominator.

    Attributes
    ----------
    forcing_mean, forcing_std : tuple of float
        Of each forcing, in its own unit.
    discharge_mean, discharge_std : float
        mm/day.
    basin_std : dict of str to float
        Standard deviation of each basin's own discharge, mm/day.
    """

    forcing_mean: tuple[float, ...]
    forcing_std: tuple[float, ...]
    discharge_mean: float
    discharge_std: float
    basin_std: dict[str, float]

    def to_dict(self) -> dict:
        """The same as plain lists and numbers; JSON keeps every bit of them."""
        plain = asdict(self)
        return {**plain, **{key: list(plain[key]) for key in ("forcing_mean", "forcing_std")}}

    @classmethod
    def from_dict(cls, plain: dict) -> "Scaler":
        """What `to_dict` gave."""
        tuples = {key: tuple(plain[key]) for key in ("forcing_mean", "forcing_std")}
        return cls(**{**plain, **tuples})


def fit_scaler(cube: Cube, first: str, last: str) -> Scaler:
    """Means and standard deviations of a period's valid days.

    A day of a basin is valid if its discharge and all its forcings are there. Days with missing
    discharge would otherwise count with their placeholder.

    Parameters
    ----------
    cube : Cube
    first, last : str
        ISO dates, both inclusive.

    Raises
    ------
    InputError
        If a basin has no valid day, or a forcing or all discharge is constant.
    """
    days = cube.days(first, last)
    valid = np.isfinite(cube.discharge[:, days]) & np.isfinite(cube.forcing[:, days]).all(axis=2)
    if not valid.any(axis=1).all():
        empty = [
            b for b, any_day in zip(cube.basins, valid.any(axis=1), strict=True) if not any_day
        ]
        raise InputError(
            f"no valid training day from {first} to {last} in basin {', '.join(empty)}; "
            "leave the basin out of the list or choose another period"
        )
    forcing, discharge = (
        values[:, days][valid].astype(np.float64) for values in (cube.forcing, cube.discharge)
    )
    forcing_mean = forcing.mean(axis=0)
    spread = (*_std(forcing, forcing_mean), discharge.std())
    if min(spread) == 0:
        name = (*cube.forcings, "discharge")[spread.index(0)]
        raise InputError(
            f"{name} never changes from {first} to {last} in the {len(cube.basins)} basins of the "
            "training; it can't be normalised, so look at the data or choose another period"
        )
    return Scaler(
        forcing_mean=tuple(forcing_mean.tolist()),
        forcing_std=tuple(float(value) for value in spread[:-1]),
        discharge_mean=float(discharge.mean()),
        discharge_std=float(spread[-1]),
        basin_std={
            basin: float(of_basin.std())
            for basin, of_basin in zip(cube.basins, _by_basin(discharge, valid), strict=True)
        },
    )


def _std(values: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """As numpy's std over the rows, but that it overwrites its values: a copy would be large."""
    values -= mean
    np.multiply(values, values, out=values)
    return np.sqrt(values.sum(axis=0) / len(values))


def _by_basin(values: np.ndarray, valid: np.ndarray) -> list[np.ndarray]:
    """Cut the values of all valid days [basin, day] into those of each basin."""
    return np.split(values, np.cumsum(valid.sum(axis=1))[:-1])
