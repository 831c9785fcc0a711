"""Trained members of small made-up catchments, in the folders of a run."""

import numpy as np
import pandas as pd
from small_data import BASINS, SETTINGS, TEST, TRAIN, make_cube
from small_series import write_series

from randvec.data.camels_us_series import COLUMNS as FORCING
from randvec.evaluation.metrics import basin_metrics, write_metrics
from randvec.evaluation.predict import predict_members
from randvec.evaluation.predictions import read_predictions
from randvec.training.member import train
from randvec.vectors.build import build

GROUPS = {"climate": ["p_mean"], "soil": ["slope", "depth"]}
SEEDS = (1, 2)


def make_descriptors():
    """Three descriptors of the basins, and coordinates."""
    return pd.DataFrame(
        {
            "basin": BASINS,
            "p_mean": [2.5, 3.25, 1.0],
            "slope": [10.0, 30.0, 20.0],
            "depth": [0.1, 0.7, 0.3],
            "gauge_lat": 45.0,
            "gauge_lon": -100.0,
        }
    )


def make_series(**changes):
    """The series of the basins as a table."""
    cube = make_cube(**changes)
    table = pd.DataFrame(cube.forcing.reshape(-1, len(FORCING)), columns=FORCING)
    table.insert(0, "basin", np.repeat(BASINS, len(cube.dates)))
    table.insert(1, "date", np.tile(cube.dates, len(BASINS)).astype("datetime64[s]"))
    return table.assign(discharge=cube.discharge.ravel())


def make_ensemble(folder, model, vector, architecture="ea_lstm", **changes):
    """Train and simulate two members as the workflow does; gives the folder of the ensemble."""
    series = folder / "series.parquet"
    if not series.exists():
        write_series(make_series(), series)
    tables = [vector.format(seed=seed) for seed in SEEDS] if vector else []
    for name in dict.fromkeys(tables):
        (folder / "vectors").mkdir(exist_ok=True)
        build(name, make_descriptors(), GROUPS).to_parquet(folder / f"vectors/{name}.parquet")
    members = [folder / f"members/full/{model}/seed{seed}" for seed in SEEDS]
    files = {"weights": "weights.safetensors", "settings": "settings.json", "losses": "loss.csv"}
    paths = [{key: str(member / name) for key, name in files.items()} for member in members]
    train(
        series=str(series),
        vectors=[str(folder / f"vectors/{name}.parquet") for name in dict.fromkeys(tables)],
        architecture=architecture,
        training=SETTINGS | {"predicted_days": 5, "epochs": 1} | changes,
        period=TRAIN,
        validation=None,
        basins=None,
        seeds=SEEDS,
        code="digest",
        outputs=[{**own, "epochs": []} for own in paths],
    )
    predictions = [str(member / "predictions.parquet") for member in members]
    predict_members(
        series=str(series),
        weights=[own["weights"] for own in paths],
        settings=[own["settings"] for own in paths],
        period=TEST,
        basins=None,
        outputs=predictions,
    )
    ensemble = folder / f"ensembles/full/{model}"
    ensemble.mkdir(parents=True)
    scores = [basin_metrics(read_predictions(path)) for path in predictions]
    table = pd.concat(dict(zip(SEEDS, scores, strict=True)), names=["member"])
    write_metrics(table.reset_index("member"), ensemble / "metrics_of_members.csv")
    return ensemble
