"""Virtual catchments as text files in the official CAMELS layout."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd

from randvec.data.units import CUBIC_MM_IN_CUBIC_FOOT
from randvec.data.virtual import hydrology, weather
from randvec.data.virtual.landscape import climate_descriptors, draw_land, draw_parameters
from randvec.data.virtual.layout import attribute_file, basin_ids, forcing_file, streamflow_file
from randvec.errors import InputError

logger = logging.getLogger(__name__)

OBSERVATION_ERROR = 0.05  # standard deviation of the logarithm of the gauge's relative error
ICE_SHARE = 0.05  # share of the days with frost all day whose discharge is flagged as estimated
HEADER = "Year\tMnth\tDay\tHr\tdayl(s)\tprcp(mm/day)\tsrad(W/m2)\tswe(mm)\ttmax(C)\ttmin(C)\tvp(Pa)"


def write_catchments(folder: str, basins: int, seed: int, first: str, last: str) -> None:
    """Make virtual catchments and write them in the layout and format of CAMELS-US.

    Parameters
    ----------
    folder : str
        Where the files of `randvec.data.virtual.layout.layout` go.
    basins : int
        Number of catchments.
    seed : int
        The same seed gives the same bytes.
    first, last : str
        First and last day of the record, ISO dates.

    Raises
    ------
    InputError
        For fewer than two catchments, or a record that is shorter than a year.
    """
    dates = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    if basins < 2:
        raise InputError(f"dataset.virtual.basins is {basins}, expected 2 or more")
    if len(dates) < 365:
        raise InputError(
            f"dataset.virtual: the record from first, {first}, to last, {last}, has {len(dates)} "
            "days, expected a year or more; move one of them"
        )
    random = np.random.default_rng(seed)
    climate = weather.draw_climates(basins, random)
    days = weather.simulate(climate, dates, random)
    by_weather = climate_descriptors(days, dates)
    land = draw_land(climate, by_weather, random)
    parameters = draw_parameters(pd.concat([by_weather, land], axis=1), random)
    runoff = hydrology.simulate(days, parameters)
    logger.info("simulated %d catchments over %d days", basins, len(dates))
    ids = basin_ids(basins)
    area = land["area_gages2"].to_numpy() * 1e6
    calendar = [(day.year, day.month, day.day) for day in dates.tolist()]
    for index, basin in enumerate(ids):
        _write_forcing(Path(folder, forcing_file(basin)), index, climate, area, calendar, days)
    error = np.exp(random.normal(0, OBSERVATION_ERROR, runoff.discharge.shape))
    flow = runoff.discharge * error * area * 1e6 / (CUBIC_MM_IN_CUBIC_FOOT * 86400)
    flags = _flags(days, random)
    for index, basin in enumerate(ids):
        path = Path(folder, streamflow_file(basin))
        _write_streamflow(path, basin, calendar, flow[:, index], flags[:, index])
    _write_attributes(Path(folder), ids, by_weather, land, random)
    _write(Path(folder, "basins.txt"), ids)


def _flags(days: weather.Weather, random: np.random.Generator) -> np.ndarray:
    """Flags of the discharge, shape (days, basins): A (approved), A:e (estimated), M (missing).

    Some days with frost all day are estimated, for ice at the gauge. Every third basin has one to
    three gaps of days to weeks.
    """
    ice = (days.tmax < 0) & (random.uniform(size=days.tmax.shape) < ICE_SHARE)
    flags = np.where(ice, "A:e", "A")
    for index in range(2, flags.shape[1], 3):
        for _ in range(random.integers(1, 4)):
            start = random.integers(0, len(flags))
            flags[start : start + random.integers(3, 40), index] = "M"
    return flags


def _write_forcing(path, index, climate, area, calendar, days) -> None:
    head = [
        f"{climate.latitude[index]:7.2f}",
        f"{climate.elevation[index]:7.2f}",
        f"{area[index]:10.0f}",
        HEADER,
    ]
    columns = (days.day_length, days.prcp, days.srad, np.zeros_like(days.prcp), days.tmax,
               days.tmin, days.vp)  # fmt: skip
    values = np.stack([column[:, index] for column in columns], axis=1)
    form = "%d\t%d\t%d\t12" + "\t%.2f" * len(columns)
    rows = [form % (*day, *row) for day, row in zip(calendar, values.tolist(), strict=True)]
    _write(path, [*head, *rows])


def _write_streamflow(path, basin, calendar, flow, flags) -> None:
    flow = np.where(flags == "M", -999.0, flow)
    rows = [
        f"{basin} {year} {month:02d} {day:02d} {value:8.2f} {flag}"
        for (year, month, day), value, flag in zip(
            calendar, flow.tolist(), flags.tolist(), strict=True
        )
    ]
    _write(path, rows)


def _write_attributes(folder, ids, by_weather, land, random) -> None:
    """Official files, but for that of the signatures, with the official columns and spelling."""
    basins = len(ids)
    land = land.assign(
        glim_1st_class_frac=random.uniform(0.5, 1, basins),
        geol_2nd_class="NA",
        glim_2nd_class_frac=0.0,
        geol_porostiy=random.uniform(0.05, 0.25, basins),
        huc_02=[basin[:2] for basin in ids],
        gauge_name=[f"Virtual catchment {1 + index}" for index in range(basins)],
        water_frac=0.0,
        organic_frac=0.0,
        other_frac=0.0,
        dom_land_cover_frac=random.uniform(0.4, 1, basins),
        root_depth_50=random.uniform(0.12, 0.25, basins),
        root_depth_99=random.uniform(1.4, 2.2, basins),
    )
    files = {
        "clim": by_weather,
        "geol": land[["geol_1st_class", "glim_1st_class_frac", "geol_2nd_class",
                      "glim_2nd_class_frac", "carbonate_rocks_frac", "geol_porostiy",
                      "geol_permeability"]],
        "name": land[["huc_02", "gauge_name"]],
        "soil": land[["soil_depth_pelletier", "soil_depth_statsgo", "soil_porosity",
                      "soil_conductivity", "max_water_content", "sand_frac", "silt_frac",
                      "clay_frac", "water_frac", "organic_frac", "other_frac"]],
        "topo": land[["gauge_lat", "gauge_lon", "elev_mean", "slope_mean", "area_gages2",
                      "area_geospa_fabric"]],
        "vege": land[["frac_forest", "lai_max", "lai_diff", "gvf_max", "gvf_diff",
                      "dom_land_cover_frac", "dom_land_cover", "root_depth_50", "root_depth_99"]],
    }  # fmt: skip
    for kind, table in files.items():
        rows = [";".join(["gauge_id", *table.columns])]
        for basin, row in zip(ids, table.itertuples(index=False), strict=True):
            words = (word if isinstance(word, str) else f"{word:.6f}" for word in row)
            rows.append(";".join([basin, *words]))
        _write(folder / attribute_file(kind), rows)


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
