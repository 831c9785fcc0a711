"""The columns of Caravan: old and new names, units and what values are possible."""

from collections.abc import Collection

#: Caravan 1.5 put columns after FAO Penman-Monteith beside those of ERA5-Land, which got an ending.
#: They are the same numbers under either name.
CHANGED = ("potential_evaporation_sum", "pet_mean", "aridity", "moisture_index", "seasonality")
OTHER_NAME = {old: f"{old}_ERA5_LAND" for old in CHANGED}
OTHER_NAME |= {new: old for old, new in OTHER_NAME.items()}

#: Part of a column's name: what no day on Earth exceeds, and the unit. No mark for a missing value
#: that other data sets use (-999, -9999) is inside.
BOUNDS = {
    "precipitation": (-1, 2000, "mm/day"), "temperature": (-100, 70, "degC"),
    "solar_radiation": (-50, 1500, "W/m2"), "thermal_radiation": (-800, 500, "W/m2"),
    "pressure": (30, 115, "kPa"), "evaporation": (-100, 200, "mm/day"),
    "snow_depth": (-1, 1e6, "mm"), "soil_water": (-0.1, 1.1, "m3/m3"), "wind": (-150, 150, "m/s"),
    "streamflow": (-10000, 5000, "mm/day"),
}  # fmt: skip

#: How attributes begin in which -99 and -99.99 are no marks: the climate moisture index, which goes
#: from -100 to 100, temperatures in 0.1 degC and elevations of HydroATLAS, and longitudes. In the
#: first two 44 of 14,708 basins have -99; the other marks stand nowhere.
ABOUT_100 = ("cmi_ix_", "tmp_dc_", "ele_mt_", "gauge_lon")


def find_column(name: str, header: Collection[str]) -> str | None:
    """The column that a file has for a name, which may be from before or after Caravan 1.5."""
    return next((known for known in (name, OTHER_NAME.get(name)) if known in header), None)
