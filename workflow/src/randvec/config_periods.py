"""Checks of the periods of a configuration."""

from datetime import date, timedelta
from itertools import combinations

from randvec.data.virtual.layout import FORCING
from randvec.errors import InputError
from randvec.simulation.section import dataset_of

#: Years that a day may have: measured discharge begins in the nineteenth century.
YEARS = (1800, 2200)


def check_periods(config: dict) -> None:
    """Check the periods, those of simulations too, and that a virtual record holds them.

    Raises
    ------
    InputError
        For a period that ends before it starts, periods that overlap or leave the record with
        their warm-up, or as `randvec.simulation.section.dataset_of`.
    """
    days = {name: period_of(f"periods.{name}", of) for name, of in config["periods"].items()}
    for (name, one), (other, two) in combinations(days.items(), 2):
        if one[0] <= two[1] and two[0] <= one[1]:
            raise InputError(
                f"config: periods.{name} and periods.{other} overlap; a score on days that were "
                "learnt from or chosen by says nothing, so move one of them"
            )
    days = {f"periods.{name}": period for name, period in days.items()}
    for name, simulation in config["simulate"].items():
        key = f"simulate.{name}.period"
        simulated = period_of(key, simulation["period"])
        if dataset_of(config, name) is None:
            days[key] = simulated
    if config["dataset"]["source"] == "virtual":
        _check_virtual_record(config, days)


def _check_virtual_record(config: dict, days: dict) -> None:
    if config["dataset"]["forcing"] != FORCING:
        raise InputError(f"config: dataset.forcing: virtual catchments have {FORCING} alone")
    record = config["dataset"]["virtual"]
    first, last = (_day(f"dataset.virtual.{end}", record[end]) for end in ("first", "last"))
    warm_up = timedelta(days=config["training"]["sequence_length"] - 1)
    for name, (start, end) in days.items():
        if start - warm_up < first or end > last:
            raise InputError(
                f"config: {name} with its {warm_up.days} days of warm-up needs "
                f"{start - warm_up} to {end}, but the virtual record is {first} to {last}; "
                "change dataset.virtual.first and last, or the period"
            )


def period_of(key: str, period: list[str]) -> list[date]:
    """First and last day of the period under a key; raises as `check_periods`."""
    days = [_day(key, text) for text in period]
    if days[0] > days[1]:
        raise InputError(f"config: {key} ends before it starts: {period}")
    return days


def _day(key: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"config: {key} has '{text}', which is no day of the calendar") from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise InputError(
            f"config: {key} has '{text}', expected a day of the years {YEARS[0]} to {YEARS[1]}"
        )
    return day
