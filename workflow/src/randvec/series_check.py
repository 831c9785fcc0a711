"""Whether scenarios can be trained on the series, before hours go into others."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from randvec import scenarios
from randvec.config import training_period
from randvec.data.selection import choose
from randvec.data.series import Cube, load_cube
from randvec.draws import Parts, check_draws, key_of
from randvec.errors import InputError, first_of
from randvec.nse import is_constant


def check_series(parts: Parts, periods: dict, series: str | Path) -> None:
    """Refuse what can't be trained on the series.

    Parameters
    ----------
    parts : Parts
    periods : dict
        Of the configuration, with ``train`` and perhaps ``validation``.
    series : path
        ``series.parquet``.

    Raises
    ------
    InputError
        As `randvec.draws.check_draws`, `check_years`, `check_changes` and `check_validation`.
    """
    needed = [periods[name] for name in ("train", "validation") if name in periods]
    cube = load_cube(series, needed)
    check_draws(parts, cube.basins)
    check_years(parts, periods, cube)
    check_changes(parts, periods, cube)
    if "validation" in periods:
        check_validation(parts, periods, cube)


def check_years(parts: Parts, periods: dict, cube: Cube) -> None:
    """Refuse a basin without discharge in the last years alone, as of a gauge that was closed.

    All these years end with the training period, so those of the shortest scenario decide.

    Parameters
    ----------
    parts, periods
        As for `check_series`.
    cube : Cube
        With the days of the training.

    Raises
    ------
    InputError
        Naming the scenario and the first such basins.
    """
    found = {scenarios.parse(scenario).years: (name, scenario) for name, scenario in _each(parts)}
    found.pop(None, None)
    if not found:
        return
    name, scenario = found[min(found)]
    first, last = training_period({"periods": periods}, scenario)
    measured = np.isfinite(cube.discharge[:, cube.days(first, last)]).any(axis=1)
    if not measured.all():
        lacking = [cube.basins[row] for row in np.flatnonzero(~measured)]
        raise InputError(
            f"config: {key_of(name)}: scenario '{scenario}' trains on {first} to {last}, where "
            f"there is no discharge of basin {first_of(lacking, 6)}; take such basins off the "
            "list, or this scenario"
        )


def check_changes(parts: Parts, periods: dict, cube: Cube) -> None:
    """Refuse a forcing, or discharge, that never changes in what a scenario trains on.

    It can't be normalised.

    Parameters
    ----------
    parts, periods, cube
        As for `check_years`.

    Raises
    ------
    InputError
        Naming the scenario and the forcing or discharge.
    """
    ends: dict[str, np.ndarray] = {}
    for name, scenario in _each(parts):
        first, last = training_period({"periods": periods}, scenario)
        if first not in ends:
            ends[first] = _ends(cube, first, last)
        rows = _trained(cube, scenario)
        low, high = ends[first][rows, 0].min(axis=0), ends[first][rows, 1].max(axis=0)
        for column in np.flatnonzero(low == high)[:1]:
            what = (*cube.forcings, "discharge")[column]
            advice = "leave it out of dataset.forcings, or this scenario"
            raise InputError(
                f"config: {key_of(name)}: scenario '{scenario}' trains on {first} to {last}, where "
                f"{what} never changes in {len(rows)} basins; "
                + (advice if what in cube.forcings else "leave out this scenario, or such basins")
            )


def check_validation(parts: Parts, periods: dict, cube: Cube) -> None:
    """Refuse a scenario none of whose basins can be scored in the period of validation.

    Parameters
    ----------
    parts, periods, cube
        As for `check_years`, with the days of the validation.

    Raises
    ------
    InputError
        Naming the scenario.
    """
    first, last = periods["validation"]
    scored = np.array([not is_constant(row) for row in cube.discharge[:, cube.days(first, last)]])
    for name, scenario in _each(parts):
        rows = _trained(cube, scenario)
        if not scored[rows].any():
            raise InputError(
                f"config: {key_of(name)}: scenario '{scenario}' trains on {len(rows)} basins, none "
                f"of which has discharge that changes in periods.validation, {first} to {last}; "
                "choose another period, or leave out this scenario"
            )


def _each(parts: Parts) -> Iterator[tuple[str, str]]:
    """Every part with each of its scenarios once."""
    for name, ensembles in parts.items():
        for scenario in dict.fromkeys(scenario for scenario, _ in ensembles):
            yield name, scenario


def _trained(cube: Cube, scenario: str) -> list[int]:
    """Rows of the basins that a scenario trains on."""
    trained, _ = choose(cube.basins, scenarios.parse(scenario).basins)
    return [cube.basins.index(basin) for basin in trained]


def _ends(cube: Cube, first: str, last: str) -> np.ndarray:
    """Least and largest forcings and discharge on days with discharge.

    Returns
    -------
    ndarray of float32 [basin, 2, forcings + 1]
        Beyond all numbers where a basin has no such day, so that others decide.
    """
    days = cube.days(first, last)
    ends = np.full((len(cube.basins), 2, len(cube.forcings) + 1), np.inf, np.float32)
    ends[:, 1] = -np.inf
    for row in range(len(cube.basins)):  # basin by basin, so that copies stay small
        values = np.column_stack([cube.forcing[row, days], cube.discharge[row, days]])
        values = values[np.isfinite(values[:, -1])]
        if len(values):
            ends[row] = values.min(axis=0), values.max(axis=0)
    return ends
