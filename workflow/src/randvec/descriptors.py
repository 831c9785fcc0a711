"""The descriptors of a basin that the paper uses."""

#: The 27 of Li et al. 2022, by group. The names are those of CAMELS-US (Addor et al. 2017).
PAPER = {
    "climate": ("p_mean", "pet_mean", "p_seasonality", "frac_snow", "aridity", "high_prec_freq",
                "high_prec_dur", "low_prec_freq", "low_prec_dur"),
    "topography": ("elev_mean", "slope_mean", "area_gages2"),
    "vegetation": ("frac_forest", "lai_max", "lai_diff", "gvf_max", "gvf_diff"),
    "soil": ("soil_depth_pelletier", "soil_depth_statsgo", "soil_porosity", "soil_conductivity",
             "max_water_content", "sand_frac", "silt_frac", "clay_frac"),
    "geology": ("carbonate_rocks_frac", "geol_permeability"),
}  # fmt: skip
