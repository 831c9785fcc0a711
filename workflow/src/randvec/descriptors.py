"""The descriptors of a basin: which there are, by attribute file and by group."""

#: The 27 descriptors of Li et al. 2022, and the attribute file that holds them.
DESCRIPTORS = {
    "clim": ("p_mean", "pet_mean", "p_seasonality", "frac_snow", "aridity", "high_prec_freq",
             "high_prec_dur", "low_prec_freq", "low_prec_dur"),
    "topo": ("elev_mean", "slope_mean", "area_gages2"),
    "vege": ("frac_forest", "lai_max", "lai_diff", "gvf_max", "gvf_diff"),
    "soil": ("soil_depth_pelletier", "soil_depth_statsgo", "soil_porosity", "soil_conductivity",
             "max_water_content", "sand_frac", "silt_frac", "clay_frac"),
    "geol": ("carbonate_rocks_frac", "geol_permeability"),
}  # fmt: skip

#: The five groups of descriptors that can be left out or used alone.
GROUPS = {
    "climate": DESCRIPTORS["clim"],
    "topography": DESCRIPTORS["topo"],
    "vegetation": DESCRIPTORS["vege"],
    "soil": DESCRIPTORS["soil"],
    "geology": DESCRIPTORS["geol"],
}

#: Number of descriptors.
COUNT = sum(map(len, DESCRIPTORS.values()))
