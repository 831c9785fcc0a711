"""Virtual catchments as a source, which a rule writes in the layout of CAMELS-US."""

from randvec.data.camels_us_source import CamelsUS, descriptors, forcings
from randvec.data.virtual.layout import basin_ids, layout

__all__ = ["Virtual", "descriptors", "forcings"]


class Virtual(CamelsUS):
    """Virtual catchments; see `randvec.data.reader.Reader`."""

    def __init__(self, dataset: dict):
        folder = f"results/{dataset['name']}/camels"
        super().__init__({**dataset, "folder": folder, "basins": f"{folder}/basins.txt"})

    def files(self) -> list[str]:
        """See `Reader`; files that need not be there yet."""
        return layout(self.folder, self.dataset["virtual"]["basins"])

    def basins(self) -> list[str]:
        """See `Reader`."""
        return sorted(basin_ids(self.dataset["virtual"]["basins"]))
