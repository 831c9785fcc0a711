"""What may be wrong with the discharge of a user: its unit, or a forcing that is made of it."""

import re
from itertools import product

import pandas as pd

#: No set of catchments has this median of mean discharges [mm/day].
MOST_DISCHARGE = 30

#: The mean discharge is more than so many times the mean precipitation in more than this share of
#: the basins, if it is in m3/s: in 40 % of those of CAMELS-CH, of which 3 % do so in mm/day.
RUNOFF, SHARE = 1.5, 0.25

#: How a column of precipitation may be called, with a unit behind it or not.
PRECIPITATION = re.compile(
    r"(p|pr|rr|tp|pp|pcp|ppt)([ _]?[(\[]?mm(?!hg).*)?|prcp.*|.*prec.*|(.*[ _])?rain.*"
    r"|niederschlag.*|regen.*|pluie.*",
    re.IGNORECASE,
)

#: How a column of areas may be called.
AREA = re.compile(r"((catchment|basin|drainage|watershed|gauge|total)[ _]?)?area.*", re.IGNORECASE)

#: In m3/s discharge over precipitation grows with the area: 20 of the 531 basins of CAMELS-US have
#: a rank correlation of 0.8 then, half of the time or more. In mm/day 2,000 draws had 0.51 at most.
GROWS, FEWEST = 0.7, 20

#: A forcing of this rank correlation with discharge, in the median basin, is made of discharge.
SAME = 0.995

ADVICE = "; if discharge is in m3/s, multiply it by 86.4 and divide by the area in km2"


def wrong_unit(series: pd.DataFrame, descriptors: pd.DataFrame, path: str) -> list[str]:
    """Discharge that is not in mm/day, by its size or because it grows with the area."""
    means = series[series["discharge"] >= 0].drop(columns="date").groupby("basin").mean()
    return _too_much(means, path) or _grows_with_area(means, descriptors, path)


def _too_much(means: pd.DataFrame, path: str) -> list[str]:
    discharge = means["discharge"].median()
    if discharge > MOST_DISCHARGE:
        return [
            f"{path}: in the median basin the mean discharge is {discharge:.3g}, expected mm/day, "
            f"of which no catchment has so much{ADVICE}"
        ]
    for name in _precipitation(means):
        high = int((means["discharge"] > RUNOFF * means[name]).sum())
        if high == len(means) > 0 or high > max(1, SHARE * len(means)):
            return [
                f"{path}: in {high} of {len(means)} basins the mean discharge is more than "
                f"{RUNOFF} times the mean {name} (their medians over all basins are "
                f"{discharge:.3g} and {means[name].median():.3g}), expected both in mm/day{ADVICE}"
            ]
    return []


def _grows_with_area(means: pd.DataFrame, descriptors: pd.DataFrame, path: str) -> list[str]:
    if len(means) < FEWEST:
        return []
    areas = descriptors.drop_duplicates("basin").set_index("basin").reindex(means.index)
    called_so = [name for name in areas if AREA.fullmatch(name)]
    for name, area in product(_precipitation(means), called_so):
        runoff = means["discharge"] / means[name]
        if (grows := runoff.corr(areas[area], method="spearman")) > GROWS:
            return [
                f"{path}: the larger {area} is, the larger is the mean discharge over the mean "
                f"{name} (rank correlation {grows:.2f}), expected both in mm/day{ADVICE}"
            ]
    return []


def _precipitation(means: pd.DataFrame) -> list[str]:
    """The column of precipitation, if one is called so.

    Of several it is the largest: one may be a part of another, as convective rain.
    """
    called_so = [name for name in means if PRECIPITATION.fullmatch(name)]
    return sorted(called_so, key=lambda name: means[name].median())[-1:]


def told_by_forcing(series: pd.DataFrame, path: str) -> list[str]:
    """Forcings that are discharge in another unit, or the water level, which tells it as well."""
    known = series[series["discharge"] >= 0].drop(columns="date")
    names = known.columns.drop(["basin", "discharge"])
    by_basin = [
        days[names].rank().corrwith(days["discharge"].rank())
        for _, days in known.groupby("basin")
        if days["discharge"].nunique() > 2
    ]
    if not by_basin:
        return []
    follows = pd.DataFrame(by_basin).median() > SAME
    return [
        f"{path}: column {name} goes up and down as discharge does, as if it were discharge in "
        "another unit or the water level at the gauge, which is to be predicted; remove it, or "
        "name the columns to be used in dataset.forcings"
        for name in names[follows.to_numpy()]
    ]
