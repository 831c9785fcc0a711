"""What figures read, as tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from safetensors.numpy import load_file

from randvec import matrix
from randvec.data.basins import read_basins
from randvec.evaluation.predictions import read_predictions
from randvec.evaluation.tables import read_medians, read_metrics
from randvec.figures import the_few
from randvec.figures.files import PATTERNS
from randvec.matrix import ea_lstm_with
from randvec.scenarios import FULL


@dataclass(frozen=True)
class FigureInputs:
    """Results of one dataset; a file is read when it is asked for.

    Attributes
    ----------
    results_folder : Path
        ``results/<dataset>``.
    models : list of str
        Model codes in the order to show them.
    seeds : list of int
        Seeds of the members.
    losses_used : tuple of str
        What the models were trained with: ``nse``, ``mse`` or both.
    real : bool
        Whether the basins lie where their coordinates say; those of virtual catchments don't, and
        have no place on a map.
    experiment, kind : str
        What the figure shows besides the main comparison, if it does.
    count : int
        Number of descriptors.
    precipitation : str
        The forcing that is daily precipitation [mm/day]; empty for none.
    climate : tuple of str
        Descriptors that are the aridity, the share of snow, and the seasonality of precipitation.
    published : bool
        Whether published results are of these basins.
    vector_seed : int or None
        Of the vectors of all members; None if each has those of its own seed.
    files : frozenset of str or None
        Those that the figure's entry names; others are refused. None if any may be read.
    """

    results_folder: Path
    models: list[str]
    seeds: list[int]
    losses_used: tuple[str, ...] = ("nse",)
    real: bool = True
    experiment: str = ""
    kind: str = ""
    count: int = 27
    precipitation: str = "prcp"
    climate: tuple[str, ...] = ("aridity", "frac_snow", "p_seasonality")
    published: bool = True
    vector_seed: int | None = None
    files: frozenset[str] | None = None

    def metrics(self, models: Iterable[str] = ()) -> dict[str, pd.DataFrame]:
        """Metrics per basin of the ensembles of some models, of all by default."""
        models = models or self.models
        return {model: read_metrics(self._path("metrics", model)) for model in models}

    def members_path(self, scenario: str, model: str) -> Path:
        """File of the metrics per member and basin of a model in some scenario."""
        return self._path("metrics_of_members", model, scenario=scenario)

    def members_medians(self) -> dict[str, pd.Series]:
        """Median NSE over the basins of every member, by model."""
        tables = {model: read_metrics(self.members_path(FULL, model)) for model in self.models}
        return {model: table.groupby("member")["nse"].median() for model, table in tables.items()}

    def medians(self) -> pd.DataFrame:
        """Medians of the experiment, as `randvec.comparison.medians.medians` gives them."""
        return read_medians(self._path("medians"))

    def comparisons(self) -> pd.DataFrame:
        """Its comparisons, as `randvec.comparison.comparisons.write_comparisons` wrote them."""
        return pd.read_csv(self._path("comparisons"))

    def pair(self) -> tuple[str, str]:
        """The EA-LSTM with physical descriptors and the one with the longest Gaussian vector."""
        return ea_lstm_with("physical", self.models), ea_lstm_with("gaussian", self.models)

    def few(self) -> list[str]:
        """EP, the longest EG and CN, as far as they are there."""
        return the_few(self.models)

    def vectors(self, model: str, seed: int) -> pd.DataFrame:
        """Static vector table of a member: basin and the columns as the network sees them."""
        return pd.read_parquet(self._path("vectors", model, seed))

    def weights(self, model: str, seed: int) -> dict[str, np.ndarray]:
        """Weights of a member, by the names of its network's parameters."""
        return load_file(self._path("weights", model, seed))

    def predictions(self, model: str, basins: list[str]) -> pd.DataFrame:
        """Predictions of a model's ensemble for some basins."""
        return read_predictions(self._path("predictions", model), basins)

    def losses(self) -> dict[str, dict[int, pd.DataFrame]]:
        """Loss tables (epoch, loss) by model and seed."""
        return {
            model: {seed: pd.read_csv(self._path("losses", model, seed)) for seed in self.seeds}
            for model in self.models
        }

    def daily_precipitation(self, basins: list[str]) -> pd.DataFrame:
        """Daily precipitation of some basins: basin, date, precipitation (mm/day)."""
        table = pd.read_parquet(
            self._path("series"),
            columns=["basin", "date", self.precipitation],
            filters=pc.field("basin").isin(pa.array(basins, pa.string())),
        )
        return table.rename(columns={self.precipitation: "precipitation"})

    def basins(self) -> pd.DataFrame:
        """Every basin that was asked for: what was found, and whether it is used."""
        return read_basins(self._path("basins"))

    def descriptors(self) -> pd.DataFrame:
        """The descriptors and the coordinates of the basins that are used."""
        return pd.read_parquet(self._path("descriptors"))

    def aridity(self) -> pd.Series:
        """Potential evaporation over precipitation, by basin."""
        return self.descriptors().set_index("basin")[self.climate[0]]

    def _path(self, need: str, model: str = "", seed: int = 0, scenario: str = FULL) -> Path:
        own = seed if self.vector_seed is None else self.vector_seed
        name = PATTERNS[need].format(
            scenario=scenario,
            model=model,
            seed=seed,
            vector=matrix.parse(model).table(own, self.count) if model else "",
            experiment=self.experiment,
        )
        path = Path(self.results_folder) / name
        if self.files is not None and str(path) not in self.files:
            raise ValueError(
                f"a figure reads {path}, of which Snakemake knows nothing; expected '{need}' among "
                "the needs of its entry in FIGURES, or another model"
            )
        return path
