"""CAMELS-CH (Höge et al. 2023, doi:10.5194/essd-15-5755-2023): 331 basins of Switzerland.

Layout, in the given folder or up to two levels below it:

    timeseries/observation_based/CAMELS_CH_obs_based_<basin>.csv       daily, 1981 to 2020
    static_attributes/CAMELS_CH_<kind>_attributes[_obs].csv

The basins reach beyond the borders. Ids have four digits: 2xxx Switzerland, 3xxx Austria, 4xxx
Germany, 5xxx France, 6xxx Italy. A file of attributes begins with a line of comment, that of the
topography is in Latin-1; a missing value is NaN. Versions before 0.7 have semicolons for commas and
`time_series` for `timeseries`.

Usable where no list names any: the 298 streams, not the 33 lakes.

Terms: CC BY 4.0 as far as is known, cite the paper. See docs/data.md.
"""

from randvec.data.camels_csv import CsvReader, Layout
from randvec.data.days_and_basins import KEY
from randvec.data.delimited import TEXT, read_columns

#: What comes nearest to precipitation, radiation, largest and smallest temperature of the paper, in
#: its order. Sunshine stands for radiation; there is no humidity. Snow water equivalent begins in
#: 1998 and is modelled.
FORCINGS = ("precipitation", "rel_sun_dur", "temperature_max", "temperature_min")

#: What comes nearest to the 27 of the paper: its nine of climate and three of topography; forests
#: by kind, meadows and fields for leaf area and greenness; seven for its eight of soil, as there is
#: one depth for two; both of geology. Ice is a group of its own: the basins of the paper have
#: hardly any glaciers, many of these do, and their meltwater makes the regime.
DESCRIPTORS = {
    "climate": ("p_mean", "pet_mean", "p_seasonality", "frac_snow", "aridity", "high_prec_freq",
                "high_prec_dur", "low_prec_freq", "low_prec_dur"),
    "topography": ("elev_mean", "slope_mean", "area"),
    "vegetation": ("ewood_perc", "dwood_perc", "mixed_wood_perc", "grass_perc", "crop_perc"),
    "soil": ("root_depth", "porosity", "conductivity", "tot_avail_water", "sand_perc",
             "silt_perc", "clay_perc"),
    "geology": ("carbonate_sedimentary", "geo_log10_permeability"),
    "glacier": ("ice_perc",),
}  # fmt: skip

#: The authors' readme.txt advises against them for rainfall and runoff, as against the lakes.
CANAL = "a canal between two lakes; the authors of CAMELS-CH advise against it"
DOUBTFUL = {
    "2327": ("discharge since 1999 is irregular; the authors of CAMELS-CH advise against it",),
    "2446": (CANAL,),
    "2447": (CANAL,),
}

#: Water level is left out: it tells the discharge.
LAYOUT = Layout(
    title="CAMELS-CH",
    series=tuple(
        f"{folder}/observation_based/CAMELS_CH_obs_based_{{}}.csv"
        for folder in ("timeseries", "time_series")
    ),
    attributes=tuple(
        f"CAMELS_CH_{kind}_attributes{ending}.csv"
        for kind, ending in (
            ("topographic", ""), ("climate", "_obs"), ("geology", ""), ("glacier", ""),
            ("humaninfluence", ""), ("hydrogeology", ""), ("landcover", ""), ("soil", ""),
        )
    ),
    folders=("static_attributes", ""),
    forcings={
        "precipitation": "precipitation(mm/d)",
        "rel_sun_dur": "rel_sun_dur(%)",
        "temperature_max": "temperature_max(degC)",
        "temperature_mean": "temperature_mean(degC)",
        "temperature_min": "temperature_min(degC)",
        "swe": "swe(mm)",
    },
    discharge="discharge_spec(mm/d)",
    encoding="latin-1",
    notes=DOUBTFUL,
)  # fmt: skip


def forcings(dataset: dict) -> list[str]:
    """The forcings where the configuration names none."""
    return list(FORCINGS)


def descriptors(dataset: dict) -> dict[str, list[str]]:
    """The descriptors by group where the configuration names none."""
    return {group: list(names) for group, names in DESCRIPTORS.items()}


class CamelsCH(CsvReader):
    """CAMELS-CH; methods as of `randvec.data.reader.Reader`."""

    layout = LAYOUT

    def _usable(self, basins: set[str]) -> set[str]:
        kind = "water_body_type"
        table = read_columns(self._open(self._topography_file), {KEY: TEXT, kind: TEXT})
        return basins.intersection(table[KEY][table[kind] == "stream"])
