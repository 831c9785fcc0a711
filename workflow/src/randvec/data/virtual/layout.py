"""Names of the files of virtual catchments, known before they are written."""

ATTRIBUTE_FILES = ("clim", "geol", "name", "soil", "topo", "vege")
BASINS_PER_REGION = 8
FORCING = "maurer_extended"
REGIONS = 18  # hydrologic regions of the conterminous United States


def basin_ids(basins: int) -> list[str]:
    """Eight-digit ids, sorted; the first two digits are the hydrologic region."""
    return sorted(f"{1 + i // BASINS_PER_REGION % REGIONS:02d}{1 + i:06d}" for i in range(basins))


def forcing_file(basin: str) -> str:
    """Path of a basin's forcing below the folder."""
    name = f"{basin}_lump_maurer_forcing_leap.txt"
    return f"basin_mean_forcing/{FORCING}/{basin[:2]}/{name}"


def streamflow_file(basin: str) -> str:
    """Path of a basin's streamflow below the folder."""
    return f"usgs_streamflow/{basin[:2]}/{basin}_streamflow_qc.txt"


def attribute_file(kind: str) -> str:
    """Path of an attribute file below the folder."""
    return f"camels_attributes_v2.0/camels_{kind}.txt"


def layout(folder: str, basins: int) -> list[str]:
    """Paths of all files that `randvec.data.virtual.write.write_catchments` makes.

    Parameters
    ----------
    folder : str
        Where they go.
    basins : int
        Number of catchments; ids and regions depend on it alone.
    """
    ids = basin_ids(basins)
    names = [
        *map(forcing_file, ids),
        *map(streamflow_file, ids),
        *map(attribute_file, ATTRIBUTE_FILES),
        "basins.txt",
    ]
    return [f"{folder}/{name}" for name in names]
