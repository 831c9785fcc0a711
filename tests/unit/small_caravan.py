"""A small Caravan: made-up sub-datasets, as csv or netCDF, with old or new names."""

import numpy as np
import pandas as pd

from randvec.data.caravan import DESCRIPTORS, FORCINGS

DAYS = 40
KINDS = {
    "caravan": ("p_mean", "frac_snow", "high_prec_freq", "high_prec_dur", "low_prec_freq",
                "low_prec_dur"),
    "other": ("gauge_lat", "gauge_lon", "area"),
}  # fmt: skip
PET = "potential_evaporation_sum"
OLD, NEW = {"pet": PET, "aridity": "aridity"}, {
    "pet": f"{PET}_ERA5_LAND", "aridity": "aridity_ERA5_LAND",
}  # fmt: skip


def series(seed=1, first="1981-01-02", names=OLD):
    generator = np.random.default_rng(seed)
    days = pd.DataFrame({"date": pd.date_range(first, periods=DAYS).astype("datetime64[s]")})
    for name in (*FORCINGS, names["pet"], "streamflow"):
        days[name] = generator.uniform(0, 9, DAYS).round(2)
    days.loc[3, "streamflow"] = np.nan
    return days


def write_csv(root, sub, basin, days):
    path = root / "timeseries" / "csv" / sub / f"{basin}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    days.to_csv(path, index=False)
    return path


def write_netcdf(root, sub, basin, days):
    import h5py

    path = root / "timeseries" / "netcdf" / sub / f"{basin}.nc"
    path.parent.mkdir(parents=True, exist_ok=True)
    first = days["date"].iloc[0]
    with h5py.File(path, "w") as file:
        for name in days.columns.drop("date"):
            file[name] = days[name].to_numpy(np.float32)
            file[name].attrs["_FillValue"] = np.array([np.nan], np.float32)
        file["date"] = (days["date"] - first).dt.days.to_numpy()
        file["date"].attrs["units"] = np.bytes_(f"days since {first:%Y-%m-%d} 00:00:00")
        file["date"].attrs["calendar"] = np.bytes_("proleptic_gregorian")
    return path


def write_attributes(root, sub, basins, seed=1, names=OLD, **columns):
    """Three files; `columns` replaces values, a list over the basins each."""
    generator = np.random.default_rng(seed)
    wanted = [name for group in DESCRIPTORS.values() for name in group]
    wanted += ["gauge_lat", "gauge_lon", names["aridity"]]
    table = pd.DataFrame({"gauge_id": basins})
    for name in dict.fromkeys([*wanted, *columns]):
        table[name] = columns.get(name, generator.uniform(1, 60, len(basins)).round(4))
    folder = root / "attributes" / sub
    folder.mkdir(parents=True, exist_ok=True)
    known = {name for names in KINDS.values() for name in names} | {names["aridity"]}
    columns = {
        "caravan": [*KINDS["caravan"], names["aridity"]],
        "other": list(KINDS["other"]),
        "hydroatlas": [name for name in table.columns[1:] if name not in known],
    }
    for kind, chosen in columns.items():
        part = table[["gauge_id", *chosen]]
        if kind == "other":
            part = part.assign(gauge_name="Ätna, at the bridge", country="Nowhere")
        part.to_csv(folder / f"attributes_{kind}_{sub}.csv", index=False, encoding="utf-8")


def write_caravan(root):
    """Two sub-datasets of two and one basins: csv with old names, netCDF with new ones."""
    for seed, basin in enumerate(("first_007", "first_102101A"), 1):
        write_csv(root, "first", basin, series(seed))
    write_attributes(root, "first", ["first_007", "first_102101A", "first_unused"])
    write_netcdf(root, "second", "SECOND_1.2", series(3, "1981-01-01", NEW))
    write_attributes(root, "second", ["SECOND_1.2"], seed=2, names=NEW)
    return root
