"""Trained ensembles in Python: simulate other periods, other basins, or your own series.

>>> import randvec
>>> ensemble = randvec.load("results/camels_us_laptop/ensembles/full/EP")
>>> simulated = ensemble.simulate("results/camels_us_laptop/series.parquet")
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from torch import nn

from randvec.data.frame import check_ids, check_units, cube_of, day_twice, days_of, numbers_of
from randvec.data.series import Cube, is_of_workflow, load_cube
from randvec.data.table_files import read_schema
from randvec.errors import InputError
from randvec.evaluation.agreement import check_alike
from randvec.evaluation.ensemble import mean
from randvec.evaluation.members import Member, load_member
from randvec.evaluation.metrics import basin_metrics
from randvec.evaluation.predict import predict
from randvec.evaluation.static_vectors import static_vectors
from randvec.evaluation.tables import read_metrics
from randvec.models.plain_torch import plain_torch
from randvec.scenarios import parse, trained_under
from randvec.training.torch_setup import choose_device


@dataclass(frozen=True)
class Ensemble:
    """Members of one model. `load` makes it.

    Attributes
    ----------
    members : tuple of randvec.evaluation.members.Member
    """

    members: tuple[Member, ...]

    @property
    def forcings(self) -> tuple[str, ...]:
        """Names of the forcings that it needs."""
        return tuple(self.members[0].settings["forcings"])

    @property
    def descriptors(self) -> tuple[str, ...]:
        """Names of the descriptors by which it simulates new basins; empty if it needs none."""
        stored = self.members[0].settings["static_vector"] or {}
        return tuple(stored["columns"]) if stored.get("scaling") else ()

    def simulate(
        self,
        series: pd.DataFrame | str | Path,
        descriptors: pd.DataFrame | None = None,
        vectors: pd.DataFrame | None = None,
        period: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Simulate every day of a period in every basin of `series`.

        Parameters
        ----------
        series : DataFrame or path
            ``basin`` (text), ``date``, the forcings in the units of the training, and where it is
            known ``discharge`` [mm/day]; or the path of such a table as Parquet, as series.parquet.
        descriptors : DataFrame, optional
            ``basin`` and the descriptors, in their own units: basins that were not in the data of
            the training need them, in a model with physical descriptors.
        vectors : DataFrame, optional
            ``basin`` and the static vector as the network sees it, for all members.
        period : (str, str), optional
            First and last day, both included; by default all days that have their warm-up in every
            basin.

        Returns
        -------
        DataFrame
            basin, date, observed [mm/day; NaN where it is not known], simulated [mm/day], the mean
            of the members, and spread [mm/day], their standard deviation, which one member has not.

        Raises
        ------
        InputError
            If a basin has no static vector, forcings are missing, in another unit or begin too late
            for the period, or a table is not as it has to be.
        """
        training = self.members[0].settings["training"]
        length, days = training["sequence_length"], training["predicted_days"]
        period = period and _period(period)
        cube = _cube(series, self.forcings, [period] if period else [], length - 1)
        check_units(cube, self.members[0].scaler)
        period = period or _whole_period(cube, length, days)
        tables = [
            predict(
                member.network,
                cube,
                member.scaler,
                static_vectors(member, cube.basins, descriptors, vectors),
                period,
                length,
                choose_device(),
                days,
            )
            for member in self.members
        ]
        each = [table["simulated"].to_numpy(np.float64) for table in tables]
        spread = np.std(each, axis=0, ddof=1) if len(each) > 1 else np.nan
        return tables[0].assign(simulated=mean(each), spread=spread)

    def score(self, simulated: pd.DataFrame, observed: pd.DataFrame | str | Path) -> pd.DataFrame:
        """Metrics of each basin.

        Parameters
        ----------
        simulated : DataFrame
            What `simulate` gave.
        observed : DataFrame or path
            ``basin``, ``date`` and ``discharge`` [mm/day], such as the series; negative discharge
            is taken for missing.

        Returns
        -------
        DataFrame
            A row a basin, as `randvec.evaluation.metrics.basin_metrics` has it.

        Raises
        ------
        InputError
            If a column is missing, a day is none or stands twice, discharge is no number, or none
            of a basin was observed.
        """
        table = _read(observed, ["basin", "date", "discharge"])
        if missing := {"basin", "date", "discharge"} - set(table):
            raise InputError(f"observed: no column {', '.join(sorted(missing))}")
        check_ids("observed", table["basin"])
        own = table[["basin", "date", "discharge"]].rename(columns={"discharge": "observed"})
        known = pd.Series(numbers_of("observed", table["discharge"]), own.index)
        own = own.assign(
            date=days_of("observed", own["date"]).astype(simulated["date"].dtype),
            observed=known.where(known >= 0),
        )
        if (twice := own.duplicated(["basin", "date"])).any():
            raise day_twice("observed", *own.loc[twice, ["basin", "date"]].iloc[0])
        days = simulated[["basin", "date", "simulated"]]
        paired = days.merge(own, on=["basin", "date"], how="left")
        days_known = paired.groupby("basin")["observed"].count()
        if (unknown := days_known.index[days_known == 0]).size:
            raise InputError(
                f"observed: no day with discharge of basin {', '.join(unknown)} "
                f"among those simulated, {days['date'].min():%Y-%m-%d} to "
                f"{days['date'].max():%Y-%m-%d}"
            )
        return basin_metrics(paired)

    def to_torch(self) -> nn.Module:
        """The network as a plain torch module; of several members a ModuleList.

        As `randvec.models.plain_torch.plain_torch` makes it.
        """
        modules = [plain_torch(member.network) for member in self.members]
        return modules[0] if len(modules) == 1 else nn.ModuleList(modules)


def load(folder: str | Path) -> Ensemble:
    """Read an ensemble, or one member, that the workflow has trained.

    Parameters
    ----------
    folder : path
        ``results/<dataset>/ensembles/<scenario>/<model>``, the folder of one of its members, or a
        folder that holds folders of members.

    Raises
    ------
    InputError
        If no member is there, members were not trained alike, or as
        `randvec.evaluation.members.load_member`.
    """
    return load_members(_members_of(Path(folder)))


def load_members(folders: Iterable[str | Path]) -> Ensemble:
    """The ensemble of the members in some folders; raises as `load`."""
    files = ("weights.safetensors", "settings.json")
    members = tuple(load_member(*(Path(one) / file for file in files)) for one in folders)
    check_alike({member.name: member.settings for member in members})
    return Ensemble(members)


def _members_of(folder: Path) -> list[Path]:
    if (folder / "settings.json").is_file():
        return [folder]
    scores = folder / "metrics_of_members.csv"
    if scores.is_file():
        folder = folder.resolve()
        scenario, members = parse(folder.parent.name), folder.parents[2] / "members"
        seeds = sorted(read_metrics(scores)["member"].unique())
        return [members / trained_under(scenario, s) / folder.name / f"seed{s}" for s in seeds]
    found = [path.parent for path in folder.glob("seed*/settings.json")]
    if not found:
        raise InputError(
            f"{folder}: no ensemble and no member is there; expected a folder as "
            "results/<dataset>/ensembles/full/EP, with its members beside ensembles/, or "
            "results/<dataset>/members/full/EP/seed1"
        )
    return sorted(found, key=lambda path: (len(path.name), path.name))


def _cube(
    series: pd.DataFrame | str | Path,
    forcings: Sequence[str],
    periods: Sequence[Sequence[str]],
    warm_up: int,
) -> Cube:
    """The series with the forcings that a network needs, in its order."""
    if not isinstance(series, pd.DataFrame) and is_of_workflow(read_schema(series), forcings):
        return load_cube(series, periods, warm_up).order(forcings)
    return cube_of(_read(series, ["basin", "date", *forcings, "discharge"]), forcings)


def _read(series: pd.DataFrame | str | Path, columns: Sequence[str]) -> pd.DataFrame:
    """The table itself, or those of the columns that a Parquet file has."""
    if isinstance(series, pd.DataFrame):
        return series
    found = read_schema(series).names
    return pd.read_parquet(series, columns=[name for name in columns if name in found])


def _period(period: Sequence[str]) -> list[str]:
    try:
        first, last = (_day(day) for day in period)
        if not first <= last:
            raise ValueError
    except (ValueError, TypeError):
        raise InputError(
            f"period: found {period}, expected first and last day, as ('1990-10-01', '1991-09-30')"
        ) from None
    return [f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"]


def _day(day: object) -> pd.Timestamp:
    """The day itself; pandas would take a year or a month for its first day."""
    if isinstance(day, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise ValueError
    if pd.api.types.is_number(day):
        raise TypeError
    return pd.Timestamp(day)


def _whole_period(cube: Cube, length: int, days: int) -> list[str]:
    """All days that windows of some length, which give their last days, can simulate everywhere."""
    known = np.isfinite(cube.forcing).all(axis=2)
    start = known.argmax(axis=1).max()
    first = start + length - days
    last = len(cube.dates) - 1 - known[:, ::-1].argmax(axis=1).max()
    if not known.any(axis=1).all() or last - start + 1 < length:
        raise InputError(
            f"series: every basin needs forcing on the same {length} days in a row, the length of "
            "a window; give more days, or simulate basins of other periods one by one"
        )
    return [str(cube.dates[first]), str(cube.dates[last])]
