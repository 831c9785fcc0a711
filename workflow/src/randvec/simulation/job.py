"""A simulation from files to files: it reads basins, simulates them and draws hydrographs."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from randvec.data.prepare import prepare, write
from randvec.data.series import SeriesWriter
from randvec.data.sources import reader
from randvec.errors import InputError
from randvec.evaluation.metrics import basin_metrics, write_metrics
from randvec.evaluation.predictions import write_predictions
from randvec.figures import simulated
from randvec.figures.style import save
from randvec.trained import Ensemble, load_members

logger = logging.getLogger(__name__)


def simulate(
    *,
    name: str,
    models: Sequence[str],
    period: Sequence[str],
    dataset: dict | None,
    run: str,
    folder: str,
    members: Mapping[str, Sequence[str]],
    sequence_length: int,
    precipitation: str,
    workers: int,
) -> None:
    """Simulate a period with the members of some models.

    Written are for each model predictions.parquet and metrics.csv, which is empty for basins
    without discharge, hydrographs.png and .pdf, and the tables of the basins if they are not those
    of the run.

    Parameters
    ----------
    name, models, period, dataset, run, folder, members
        As the attributes of `randvec.simulation.section.Simulation`.
    sequence_length : int
        Days in a window.
    precipitation : str
        The forcing that is daily precipitation [mm/day]; empty for none.
    workers : int
        Processes that read.

    Raises
    ------
    InputError
        If a member is not there, basins can't be read, or as `randvec.trained.Ensemble.simulate`.
    """
    ensembles = {model: _load(members[model]) for model in models}
    described = None
    if dataset:
        _read_basins(dataset, f"simulate.{name}", period, sequence_length, workers, folder)
        described = pd.read_parquet(f"{folder}/descriptors.parquet")
    series = f"{folder if dataset else run}/series.parquet"
    found = {}
    for model, ensemble in ensembles.items():
        logger.info("%s, %d members, %s to %s", model, len(ensemble.members), *period)
        first, last = ensemble.members[0].settings["train_period"]
        if period[0] <= last and first <= period[1]:
            logger.warning(
                "%s was trained on %s to %s: where these days are simulated, scores in basins of "
                "the training say how well they were learnt", model, first, last
            )  # fmt: skip
        known = described if ensemble.descriptors else None
        found[model] = ensemble.simulate(series, known, period=period)
    for model, predictions in found.items():
        Path(folder, model).mkdir(parents=True, exist_ok=True)
        write_predictions(predictions, f"{folder}/{model}/predictions.parquet")
        write_metrics(basin_metrics(predictions), f"{folder}/{model}/metrics.csv")
    save(simulated.make(found, series, precipitation), Path(folder, "hydrographs"))


def _load(folders: Sequence[str]) -> Ensemble:
    for folder in folders:
        if not Path(folder, "weights.safetensors").is_file():
            raise InputError(
                f"{folder}: no trained member is there, and simulate trains none; ask for the "
                "target members first, with the model among those of the configuration"
            )
    return load_members(folders)


def _read_basins(
    dataset: dict, section: str, period: Sequence[str], length: int, workers: int, folder: str
) -> None:
    """Read basins, of which discharge may be missing, and write their tables."""
    source = reader(dataset)
    source.for_training = False
    with SeriesWriter(f"{folder}/series.parquet") as series:
        prepared = prepare(
            source,
            series.add,
            descriptors=dataset["descriptors"],
            periods={"period": period},
            sequence_length=length,
            incomplete=dataset["incomplete_basins"],
            workers=workers,
            listed=dataset.get("basins", section),
            section=section,
        )
        write(prepared, f"{folder}/descriptors.parquet", f"{folder}/basins.csv")
