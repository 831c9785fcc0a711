"""neuralhydrology on the same text files: its own dataset, loader, network, training and testing.

EA-LSTM is its `ealstm`, CT-LSTM its `cudalstm`. It has no SR-LSTM_EA and no FM-LSTM; the nearest
are `ealstm` on a linear embedding of the static vector (without the ReLU), and `cudalstm` without a
static vector (without the modulation).

Its `predict_last_n` predicts as many days of a window as ours. Its tester would still take a window
a day; here it gets those that give each day once, as the others.
"""

import contextlib
import io
import logging
import tempfile
import warnings
from pathlib import Path

import pandas as pd
from neuralhydrology.evaluation import get_tester
from neuralhydrology.training.basetrainer import BaseTrainer
from neuralhydrology.utils.config import Config

from benchmarks.cases import Case
from benchmarks.data import TRAINED, Data, settings

FORCINGS = ["prcp(mm/day)", "srad(W/m2)", "tmax(C)", "tmin(C)", "vp(Pa)"]


class Peer:
    """Their trainer and tester on the windows of a round."""

    def __init__(self, case: Case, data: Data):
        logging.disable(logging.INFO)
        warnings.simplefilter("ignore", pd.errors.PerformanceWarning)
        self.predicted_days = case.predicted_days
        config = Config(_config(case, data))
        self.trainer = BaseTrainer(config)
        self.trainer.initialize_training()
        # The windows of a round instead of all; they stand in the same order as ours.
        dataset = self.trainer.loader.dataset
        self.all_samples = len(dataset)
        _keep(dataset, data.chosen.tolist())
        self.tester = get_tester(config, config.run_dir, period="validation", init_model=False)
        for basin in self.tester.basins:
            dataset = self.tester.cached_datasets[basin] = self.tester._get_dataset(basin)
            _keep(dataset, range(0, len(dataset), case.predicted_days))
        self.epoch = 0

    def train(self) -> int:
        """An epoch of the windows of a round; returns their number."""
        self.epoch += 1
        self.trainer._train_epoch(self.epoch)
        self.trainer.experiment_logger.summarise()
        return len(self.trainer.loader.dataset)

    def evaluate(self) -> int:
        """Predict the basins of a round without computing metrics; returns how many windows."""
        # Their table has a row a day from the last day of the first window to that of the last.
        rows = [len(basin["1D"]["xr"]["date"]) for basin in self.predict().values()]
        return sum((count - 1) // self.predicted_days + 1 for count in rows)

    def predict(self) -> dict:
        """Their results for the basins of a round."""
        # It prints at every call how it would compute the metrics.
        with contextlib.redirect_stdout(io.StringIO()):
            return self.tester.evaluate(model=self.trainer.model, save_results=False, metrics=[])


def _keep(dataset, chosen):
    """Reduce one of their datasets to some of its windows."""
    kept = [dataset.lookup_table[index] for index in chosen]
    dataset.lookup_table = dict(enumerate(kept))
    dataset.num_samples = len(kept)


def _config(case: Case, data: Data) -> dict:
    """Their settings for a case; what they don't say is theirs."""
    config = {
        "experiment_name": f"{case.size}-{case.architecture}-{case.static_size}",
        "run_dir": Path(tempfile.mkdtemp(prefix="run_", dir=data.folder)),
        "device": "cuda:0" if data.device == "cuda" else data.device,
        **_data_settings(case, data),
        **_network_settings(case),
        "validate_n_random_basins": case.basins,
        "cache_validation_data": True,
        "log_tensorboard": False,
        "log_n_figures": 0,
        "save_weights_every": 1,
        "verbose": 0,
        "seed": 1,
    }
    if case.architecture == "sr_lstm_ea":
        embedding = {"type": "fc", "hiddens": [512], "activation": "linear", "dropout": 0.0}
        config["statics_embedding"] = embedding
    return config


def _data_settings(case: Case, data: Data) -> dict:
    """What they read."""
    camels = data.folder / "camels"
    first_basins = data.folder / f"first_{case.basins}_basins.txt"
    first_basins.write_text("\n".join(data.evaluated.basins) + "\n")
    statics = [] if case.architecture == "fm_lstm" else list(data.vectors.columns[1:])
    days = {
        "train_start_date": TRAINED[0],
        "train_end_date": TRAINED[1],
        "validation_start_date": data.period[0],
        "validation_end_date": data.period[1],
    }
    return {
        "train_basin_file": camels / "basins.txt",
        "validation_basin_file": first_basins,
        **{key: pd.Timestamp(day).strftime("%d/%m/%Y") for key, day in days.items()},
        "dataset": "camels_us",
        "data_dir": camels,
        "forcings": ["maurer_extended"],
        "dynamic_inputs": FORCINGS,
        "static_attributes": statics,
        "target_variables": ["QObs(mm/d)"],
        "clip_targets_to_zero": ["QObs(mm/d)"],
    }


def _network_settings(case: Case) -> dict:
    """Their network and its training."""
    values = settings(case)
    return {
        "model": "ealstm" if case.architecture in ("ea_lstm", "sr_lstm_ea") else "cudalstm",
        "head": "regression",
        "output_activation": "linear",
        "hidden_size": case.hidden,
        "initial_forget_bias": values["forget_bias"],
        "output_dropout": values["dropout"],
        "seq_length": case.days,
        "predict_last_n": case.predicted_days,
        "batch_size": case.batch,
        "epochs": 1,
        "loss": "NSE",
        "optimizer": "Adam",
        "learning_rate": {0: values["learning_rate"][0]["rate"]},
        "clip_gradient_norm": values["gradient_clip"],
        "num_workers": 0,
    }
