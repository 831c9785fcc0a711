"""Whether the basins of a run suffice for what its scenarios draw from them, and their years."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from randvec import matrix, scenarios
from randvec.config import training_period
from randvec.data.selection import choose
from randvec.data.series import OTHERS
from randvec.errors import InputError, first_of

#: Scenario and model of all that the main comparison, ``main``, and each experiment consist of.
Parts = Mapping[str, Sequence[tuple[str, str]]]


def check_draws(parts: Parts, used: Sequence[str], listed: int | None = None) -> None:
    """Refuse what can't be trained or compared over the basins of the data.

    Parameters
    ----------
    parts : Parts
    used : sequence of str
        The basins that are left.
    listed : int, optional
        How many were asked for, for messages.

    Raises
    ------
    InputError
        As `check_trained` and `check_shared` do.
    """
    of = f"{len(used)} of {listed}" if listed else len(used)
    left = f" (basins of the data: {of})"
    check_trained(parts, used, left)
    check_shared(parts, used, left)


def check_trained(parts: Parts, basins: Sequence[str], left: str = "") -> None:
    """Refuse scenarios of too many or all basins, and static vectors where one is trained on.

    A static vector that never changes in training is one more bias: no network can learn what it
    says about a basin. Standardised over one basin it is zero. The number of basins decides.

    Parameters
    ----------
    parts : Parts
    basins : sequence of str
    left : str
        What to say of their number.

    Raises
    ------
    InputError
        Naming the scenario and the models.
    """
    for name, ensembles in parts.items():
        models: dict[str, list[str]] = {}
        for scenario, code in ensembles:
            models.setdefault(scenario, []).append(code)
        for scenario, codes in models.items():
            where = f"config: {_key(name)}: scenario '{scenario}'"
            choice = scenarios.parse(scenario).basins
            try:
                trained, _ = choose(basins, choice)
            except InputError as error:
                raise InputError(f"{where}{left}: {error}") from None
            if choice and choice.get("count") == len(basins):
                raise InputError(
                    f"{where} draws all {len(basins)} basins{left}, as full does; ask for fewer, "
                    "or for full"
                )
            static = [code for code in codes if matrix.parse(code).dimension != 0]
            if len(trained) == 1 and static:
                raise InputError(
                    f"{where} trains on one basin{left}, where a static vector tells a network "
                    f"nothing, as in {first_of(static, 4)}; train on more basins, or only models "
                    "without one (CN)"
                )


def check_shared(parts: Parts, basins: Sequence[str], left: str = "") -> None:
    """Refuse subsets that share no basin in an experiment, which compares on those they share.

    Parameters
    ----------
    parts : Parts
    basins : sequence of str
        The very basins that are drawn from.
    left : str
        What to say of their number.

    Raises
    ------
    InputError
        Naming the experiment.
    """
    for name, ensembles in parts.items():
        choices = [scenarios.parse(scenario).basins or {} for scenario, _ in ensembles]
        drawn = [set(choose(basins, choice)[1]) for choice in choices if "count" in choice]
        if name != "main" and drawn and not set.intersection(*drawn):
            raise InputError(
                f"config: {_key(name)} draws subsets of basins that share none{left}, so they "
                "can't be compared; draw them with the same seed"
            )


def check_series(parts: Parts, periods: dict, series: str | Path) -> None:
    """Refuse what can't be trained on the series: as `check_years` and `check_forcings`."""
    check_years(parts, periods, series)
    check_forcings(parts, periods, series)


def check_forcings(parts: Parts, periods: dict, series: str | Path) -> None:
    """Refuse a forcing that never changes in what a scenario trains on: it can't be normalised.

    Parameters
    ----------
    parts, periods, series
        As for `check_years`.

    Raises
    ------
    InputError
        Naming the scenario and the forcing.
    """
    ranges: dict[str, pd.DataFrame] = {}
    for name, ensembles in parts.items():
        for scenario in dict.fromkeys(scenario for scenario, _ in ensembles):
            first, last = training_period({"periods": periods}, scenario)
            if first not in ranges:
                ranges[first] = _ranges(series, first, last)
            trained, _ = choose(list(ranges[first].index), scenarios.parse(scenario).basins)
            found = ranges[first].loc[trained]
            for forcing in found.columns.levels[0]:
                if found[forcing, "min"].min() == found[forcing, "max"].max():
                    raise InputError(
                        f"config: {_key(name)}: scenario '{scenario}' trains on {first} to {last}, "
                        f"where {forcing} never changes in {len(trained)} basins; leave it out of "
                        "dataset.forcings, or this scenario"
                    )


def _ranges(series: str | Path, first: str, last: str) -> pd.DataFrame:
    """Least and largest value of each forcing by basin, on the days with discharge."""
    forcings = [name for name in pq.read_schema(series).names if name not in OTHERS]
    days = pq.read_table(
        series, columns=["basin", *forcings], filters=_measured(first, last)
    ).group_by("basin")
    ends = [(name, end) for name in forcings for end in ("min", "max")]
    found = days.aggregate(ends).to_pandas().set_index("basin").sort_index()
    found = found[[f"{name}_{end}" for name, end in ends]]
    return found.set_axis(pd.MultiIndex.from_tuples(ends), axis=1)


def _measured(first: str, last: str) -> pc.Expression:
    """The rows of series.parquet with discharge, of some days."""
    within = (pc.field("date") >= pd.Timestamp(first)) & (pc.field("date") <= pd.Timestamp(last))
    return within & pc.is_finite(pc.field("discharge"))


def check_years(parts: Parts, periods: dict, series: str | Path) -> None:
    """Refuse a basin without discharge in the last years alone, as of a gauge that was closed.

    All these years end with the training period, so those of the shortest scenario decide.

    Parameters
    ----------
    parts : Parts
    periods : dict
        Of the configuration, with ``train``.
    series : path
        ``series.parquet``.

    Raises
    ------
    InputError
        Naming the scenario and the first such basin.
    """
    found = {
        scenarios.parse(scenario).years: (name, scenario)
        for name, ensembles in parts.items()
        for scenario, _ in ensembles
    }
    found.pop(None, None)
    if not found:
        return
    name, scenario = found[min(found)]
    first, last = training_period({"periods": periods}, scenario)
    measured = pq.read_table(series, columns=["basin"], filters=_measured(first, last))
    trained = measured["basin"].unique()
    lacking = sorted({*basins_of(series)} - {*trained.to_pylist()})
    if lacking:
        raise InputError(
            f"config: {_key(name)}: scenario '{scenario}' trains on {first} to {last}, where there "
            f"is no discharge of basin {first_of(lacking, 6)}; take such basins off the list, or "
            "this scenario"
        )


def basins_of(series: str | Path) -> list[str]:
    """The basins of series.parquet, sorted, without its numbers."""
    names = pq.read_table(series, columns=["basin"], read_dictionary=["basin"])["basin"]
    return sorted(names.unique().to_pylist())


def _key(part: str) -> str:
    return "models" if part == "main" else f"experiments.{part}.scenarios"
