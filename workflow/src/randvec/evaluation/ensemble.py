"""The ensemble: the mean of its members' discharge, per basin and day."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.errors import InputError, first_of
from randvec.evaluation.agreement import check_members
from randvec.evaluation.metrics import basin_metrics, write_metrics
from randvec.evaluation.predictions import read_predictions, write_predictions


def average(members: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Average the simulated discharge of members.

    Parameters
    ----------
    members : mapping of name to pd.DataFrame
        Predictions per member, named by its file: basin, date, observed, simulated (mm/day). The
        order of the mapping is the order of summation.

    Returns
    -------
    pd.DataFrame
        The same columns; simulated is the mean in float64, rounded to float32.

    Raises
    ------
    InputError
        If there is no member, members differ in basins, days or observed discharge, or a simulated
        value is not finite. The message names the member.
    """
    if not members:
        raise InputError("an ensemble of no members: name at least one seed under `seeds`")
    first_name, first = next(iter(members.items()))
    each = []
    for name, member in members.items():
        _check_same_days(first_name, first, name, member)
        simulated = member["simulated"].to_numpy(np.float64)
        if not np.isfinite(simulated).all():
            row = member.iloc[int(np.argmin(np.isfinite(simulated)))]
            raise InputError(
                f"{name}: simulated discharge of basin {row['basin']} on {row['date']:%Y-%m-%d} is "
                f"{row['simulated']}, expected a finite number: its training diverged; delete this "
                "member and train it again, with a lower learning rate if it repeats"
            )
        each.append(simulated)
    return first[["basin", "date", "observed"]].assign(simulated=mean(each))


def mean(simulated: Sequence[np.ndarray]) -> np.ndarray:
    """Mean of the members' discharge [row], summed in their order in float64, as float32."""
    total = np.zeros(len(simulated[0]), np.float64)
    for member in simulated:
        total += member
    return (total / len(simulated)).astype(np.float32)


def read_members(paths: Mapping[int, Path]) -> dict[str, pd.DataFrame]:
    """Read the predictions of the members that belong to an ensemble.

    Parameters
    ----------
    paths : mapping of seed to Path
        The predictions.parquet of every member.

    Returns
    -------
    dict of str to pd.DataFrame
        Predictions by path, in the order of seeds, which is the order of summation in `average`.

    Raises
    ------
    InputError
        If a member's file is missing or lacks a column.
    """
    return {str(paths[seed]): read_predictions(paths[seed]) for seed in sorted(paths)}


def evaluate(
    paths: Mapping[int, str],
    settings: Mapping[int, str],
    configured: Mapping,
    vectors: Iterable[str | None],
    period: Sequence[str],
    predictions: str,
    metrics: str,
    members: str,
) -> None:
    """Average the members of a model and score the mean and every member.

    Parameters
    ----------
    paths, settings : mapping of seed to str
        The predictions.parquet and settings.json of every member.
    configured, vectors
        What their settings have to be, as `randvec.evaluation.agreement.check_members` takes it.
    period : sequence of str
        First and last day that they have to simulate, both inclusive.
    predictions, metrics, members : str
        Files to write: the ensemble's predictions and metrics, and the metrics of the members,
        with the seed in a first column ``member``.

    Raises
    ------
    InputError
        As `check_members`, `read_members` and `average`, and if the days are others.
    """
    check_members(settings, configured, vectors)
    found = read_members(paths)
    ensemble = average(found)
    _check_period(next(iter(found)), ensemble, period)
    write_predictions(ensemble, predictions)
    write_metrics(basin_metrics(ensemble), metrics)
    scores = {seed: basin_metrics(found[str(paths[seed])]) for seed in sorted(paths)}
    table = pd.concat(scores, names=["member"]).reset_index("member")
    write_metrics(table, members)


def _check_period(name: str, table: pd.DataFrame, period: Sequence[str]) -> None:
    days = [f"{day:%Y-%m-%d}" for day in (table["date"].min(), table["date"].max())]
    if days != list(period):
        raise InputError(
            f"{name}: the days {' to '.join(days)}, expected {' to '.join(period)}, which is "
            "periods.test of the configuration: delete it and it is simulated again"
        )


def _check_same_days(first_name: str, first: pd.DataFrame, name: str, member: pd.DataFrame) -> None:
    """Raise InputError unless both members cover the same basins, days and observations."""
    hint = "members of one ensemble must come from the same data: delete it and train it again"
    ours, theirs = set(first["basin"]), set(member["basin"])
    if ours != theirs:
        raise InputError(
            f"{name}: {len(theirs)} basins, expected the {len(ours)} of {first_name} "
            f"(lacking: {_some(ours - theirs)}; not expected: {_some(theirs - ours)}): {hint}"
        )
    if len(first) != len(member) or not (
        np.array_equal(first["basin"], member["basin"])
        and np.array_equal(first["date"], member["date"])
    ):
        raise InputError(
            f"{name}: {len(member)} rows whose basins and days are not those of {first_name} "
            f"({len(first)} rows), in the same order: {hint}"
        )
    differs = ~np.isclose(first["observed"], member["observed"], rtol=0, atol=0, equal_nan=True)
    if differs.any():
        row = member.iloc[int(np.argmax(differs))]
        raise InputError(
            f"{name}: observed discharge of basin {row['basin']} on {row['date']:%Y-%m-%d} is "
            f"{row['observed']}, expected {first['observed'].iloc[int(np.argmax(differs))]} as in "
            f"{first_name}: {hint}"
        )


def _some(names: set[str]) -> str:
    return first_of(sorted(names), 3) or "none"
