"""CAMELS-US as a source, in the folder that the user names; nothing is written there."""

from pathlib import Path

from randvec.data.camels_us import read_basin_list, source_files
from randvec.data.made_from import is_gone
from randvec.data.sources import Source


def source(dataset: dict, results: str) -> Source:
    """CAMELS-US; parameters and errors as of `randvec.data.sources.describe`."""
    folder, basins = dataset["folder"], dataset["basins"]
    wanted = read_basin_list(basins)

    def files() -> list[str]:
        if Path(results, "series.parquet").exists() and is_gone(folder):
            # A missing file: Snakemake goes on with what was read before, which has been checked.
            return [f"{folder}/basin_mean_forcing"]
        return [basins, *source_files(folder, dataset["forcing"], wanted)]

    return Source(folder, basins, files)
