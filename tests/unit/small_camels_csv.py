"""A few made-up basins in the layouts of CAMELS-CH and CAMELS-DE, with their traps."""

import numpy as np
import pandas as pd

from randvec.data import camels_ch, camels_de

DAYS = pd.date_range("1981-01-01", "1981-03-01").strftime("%Y-%m-%d")

CH = ("2004", "2009", "2446", "5002")  # a lake, a stream, a canal, a stream without temperatures
DE = ("DE110000", "DEA10000")

CH_NAMES = (
    "date,discharge_vol(m3/s),discharge_spec(mm/d),waterlevel(m),precipitation(mm/d),"
    "temperature_min(degC),temperature_mean(degC),temperature_max(degC),rel_sun_dur(%),swe(mm)"
)


def _number(draw, missing):
    return missing if draw is None else f"{draw:.2f}"


def _rows(columns, missing):
    """Lines of days; a column is a function of the number of the day."""
    return [
        ",".join([day, *(_number(column(number), missing) for column in columns)])
        for number, day in enumerate(DAYS)
    ]


def _warm(number):
    return 3 + 10 * np.sin(number / 9)


def write_ch(folder):
    """Write `CH`; discharge is missing in the first four days, and negative once in the canal."""
    series = folder / "timeseries/observation_based"
    series.mkdir(parents=True)
    for basin in CH:
        flow = [lambda n, b=basin: None if n < 4 else -0.5 if (b, n) == ("2446", 7) else n / 10]
        warm = [lambda n, d=d: _warm(n) + d for d in (-4, 0, 4)]
        if basin == "5002":
            warm = [lambda n: None] * 3
        columns = [*flow * 2, lambda n: 400, lambda n: n % 7, *warm, lambda n: n % 100, lambda n: 0]
        lines = [CH_NAMES, *_rows(columns, "NaN")]
        path = series / f"CAMELS_CH_obs_based_{basin}.csv"
        path.write_text("\n".join(lines) + "\n")
    _write_attributes(folder / "static_attributes", camels_ch.LAYOUT, camels_ch, CH)
    return folder


def write_de(folder):
    """Write `DE`; discharge is missing in the first four days, simulated discharge is beside."""
    (folder / "timeseries").mkdir(parents=True)
    (folder / "timeseries_simulated").mkdir()
    names = ["discharge_vol_obs", "discharge_spec_obs", "water_level_obs"]
    names += camels_de.LAYOUT.forcings
    for basin in DE:
        flow = [lambda n: None if n < 4 else n / 10] * 3
        weather = [lambda n: n % 7] * 15
        columns = [*flow, *weather, _warm, lambda n: _warm(n) - 4, lambda n: _warm(n) + 4]
        lines = [",".join(["date", *names]), *_rows(columns, "")]
        text = "\n".join(lines) + "\n"
        (folder / f"timeseries/CAMELS_DE_hydromet_timeseries_{basin}.csv").write_text(text)
        beside = folder / f"timeseries_simulated/CAMELS_DE_discharge_sim_{basin}.csv"
        beside.write_text("date,discharge_vol_obs,discharge_spec_obs\n")
    _write_attributes(folder, camels_de.LAYOUT, camels_de, DE)
    return folder


def _write_attributes(folder, layout, source, basins):
    """Every descriptor in a file of its kind, and columns of text beside them."""
    swiss = source is camels_ch
    folder.mkdir(exist_ok=True)
    held = dict.fromkeys(layout.attributes, ())
    order = {"climate": "clim", "topography": "topo", "vegetation": "land", "soil": "soil",
             "geology": "geology", "glacier": "land"}  # fmt: skip
    for group, names in source.DESCRIPTORS.items():
        file = next(name for name in held if f"_{order[group]}" in name or order[group] in name)
        held[file] = (*held[file], *names)
    for number, (file, names) in enumerate(held.items()):
        topography = number == 0
        header = ["gauge_id", *(["gauge_name"] if topography else []), *names]
        header += ["water_body_type", "gauge_lat", "gauge_lon"] if topography else ["dominant"]
        lines = [",".join(header)]
        for row, basin in enumerate(basins):
            values = [f"{10 * (column + 1) + row}.25" for column in range(len(names))]
            kind = "lake" if basin == "2004" else "stream"
            name = ["Zürich"] if topography else []
            end = [kind, f"47.{row}", f"8.{row}"] if topography else ["crop_perc"]
            lines.append(",".join([basin, *name, *values, *end]))
        if swiss:
            lines.insert(0, "# Made up, with (km2), commas and all")
        text = "\n".join(lines) + "\n"
        (folder / file).write_bytes(text.encode("latin-1" if swiss else "utf-8"))
