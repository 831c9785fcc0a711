"""CAMELS-DE (Loritz et al. 2024, doi:10.5194/essd-16-5625-2024): 1,582 basins of Germany.

Layout, in the given folder or up to two levels below it:

    timeseries/CAMELS_DE_hydromet_timeseries_<basin>.csv       daily, 1951 to 2020
    CAMELS_DE_<kind>_attributes.csv                            there or in `attributes`

Ids begin with DE and a sign of the federal state: DE110000, DEA10000. A missing value is empty.
Files of simulated discharge (`timeseries_simulated`) lie beside the observed and are not read.

Terms: CC BY 4.0, cite the paper. See docs/data.md.
"""

from randvec.data.camels_csv import CsvReader, Layout

#: The five of the paper in its order, with relative humidity for vapour pressure. Of the statistics
#: over a basin the mean; temperature_max and temperature_min are those of the day.
FORCINGS = (
    "precipitation_mean", "radiation_global_mean", "temperature_max", "temperature_min",
    "humidity_mean",
)  # fmt: skip

#: What comes nearest to the 27 of the paper: seven of its nine of climate, as there is no potential
#: evaporation; the range of elevations for the slope; the cover of land for leaf area and
#: greenness; the soil of the topmost 30 cm, on which its deeper layers hang closely; and of geology
#: what lets water through, and carbonate.
DESCRIPTORS = {
    "climate": ("p_mean", "p_seasonality", "frac_snow", "high_prec_freq", "high_prec_dur",
                "low_prec_freq", "low_prec_dur"),
    "topography": ("elev_mean", "elev_5", "elev_95", "area"),
    "vegetation": ("forests_and_seminatural_areas_perc", "agricultural_areas_perc",
                   "wetlands_perc"),
    "soil": ("clay_0_30cm_mean", "silt_0_30cm_mean", "sand_0_30cm_mean",
             "coarse_fragments_0_30cm_mean", "bulk_density_0_30cm_mean",
             "soil_organic_carbon_0_30cm_mean"),
    "geology": ("aquifer_perc", "aquitard_perc", "geochemical_rocktype_carbonatic_perc"),
}  # fmt: skip

_STATISTICS = ("mean", "min", "median", "max", "stdev")
_COLUMNS = (
    *(f"precipitation_{one}" for one in _STATISTICS),
    *(f"humidity_{one}" for one in _STATISTICS),
    *(f"radiation_global_{one}" for one in _STATISTICS),
    "temperature_mean", "temperature_min", "temperature_max",
)  # fmt: skip

#: Water level is left out: it tells the discharge.
LAYOUT = Layout(
    title="CAMELS-DE",
    series=("timeseries/CAMELS_DE_hydromet_timeseries_{}.csv",),
    attributes=tuple(
        f"CAMELS_DE_{kind}_attributes.csv"
        for kind in (
            "topographic", "climatic", "humaninfluence", "hydrogeology", "landcover", "soil",
        )
    ),
    folders=("", "attributes"),
    forcings={name: name for name in _COLUMNS},
    discharge="discharge_spec_obs",
)  # fmt: skip


def forcings(dataset: dict) -> list[str]:
    """The forcings where the configuration names none."""
    return list(FORCINGS)


def descriptors(dataset: dict) -> dict[str, list[str]]:
    """The descriptors by group where the configuration names none."""
    return {group: list(names) for group, names in DESCRIPTORS.items()}


class CamelsDE(CsvReader):
    """CAMELS-DE; methods as of `randvec.data.reader.Reader`."""

    layout = LAYOUT
