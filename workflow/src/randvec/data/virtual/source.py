"""Virtual catchments as a source, which a rule writes below the results."""

from randvec.data.sources import Source
from randvec.data.virtual.layout import layout


def source(dataset: dict, results: str) -> Source:
    """Virtual catchments; parameters as of `randvec.data.sources.describe`."""
    folder = f"{results}/camels"
    files = layout(folder, dataset["virtual"]["basins"])
    return Source(folder, f"{folder}/basins.txt", lambda: files)
