"""The performance table: one row per scenario, model and ensemble or member."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from randvec.data.basins import read_basins
from randvec.evaluation.agreement import check_ensembles
from randvec.evaluation.metrics import METRICS
from randvec.evaluation.tables import mark_paper, read_metrics

COLUMNS = [
    "scenario",
    "model",
    "architecture",
    "vector",
    "dimension",
    "member",
    "basins",
    "nse_median",
    "nse_mean",
    "nse_failures",
    *(f"{name}_median" for name in METRICS if name != "nse"),
    "basins_undefined",
    "basins_dropped",
]


def row(
    scenario: str,
    model: str,
    architecture: str,
    vector: str,
    dimension: int,
    member: str | int,
    metrics: pd.DataFrame,
    dropped: int,
) -> dict:
    """Sum up the basins of one ensemble or member.

    Parameters
    ----------
    scenario, model, architecture, vector : str
        What was trained, on what.
    dimension : int
        Length of the static vector, 0 for none.
    member : str or int
        ``ensemble`` or the seed of the member.
    metrics : pd.DataFrame
        As `randvec.evaluation.metrics.basin_metrics` gives them.
    dropped : int
        Basins that were asked for and left out before training.

    Returns
    -------
    dict
        One value per name in `COLUMNS`. Medians and means are over the basins with defined NSE (and
        where that one metric is defined); `basins` counts all that are in `metrics`,
        `basins_undefined` those without NSE, `nse_failures` those with NSE at or below zero.
    """
    defined = metrics[metrics["nse"].notna()]
    medians = {f"{name}_median": defined[name].median() for name in METRICS}
    return {
        "scenario": scenario,
        "model": model,
        "architecture": architecture,
        "vector": vector,
        "dimension": int(dimension),
        "member": str(member),
        "basins": len(metrics),
        "nse_mean": defined["nse"].mean(),
        "nse_failures": int((defined["nse"] <= 0).sum()),
        **medians,
        "basins_undefined": len(metrics) - len(defined),
        "basins_dropped": dropped,
    }


def table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Rows of `row`, in the order given, with the columns in `COLUMNS`."""
    return pd.DataFrame(list(rows), columns=COLUMNS)


def collect(
    ensembles: Iterable[tuple],
    metrics: Iterable[str],
    metrics_of_members: Iterable[str],
    settings: Sequence[str],
    configured: Sequence[Mapping],
    basins: str,
    output: str,
) -> None:
    """Write the performance table of a run.

    Parameters
    ----------
    ensembles : iterable of (scenario, model, architecture, vector, dimension)
        What was trained. A dimension of None is the number of used basins (one-hot), of which a
        scenario may train or test a part only.
    metrics, metrics_of_members : iterable of str
        For each metrics.csv of the ensemble and metrics_of_members.csv.
    settings, configured
        Of all members, as `randvec.evaluation.agreement.check_ensembles` takes them.
    basins : str
        Path of basins.csv.
    output : str
        Path of performance.csv.

    Raises
    ------
    InputError
        As `check_ensembles`.
    """
    check_ensembles(settings, configured)
    used = read_basins(basins)["used"]
    dropped = int((~used).sum())
    rows = []
    for (*named, dimension), ensemble, members in zip(
        ensembles, metrics, metrics_of_members, strict=True
    ):
        scores = {"ensemble": read_metrics(ensemble)}
        scores |= dict(list(read_metrics(members).groupby("member")))
        for name, of_basins in scores.items():
            size = int(used.sum()) if dimension is None else dimension
            rows.append(row(*named, size, name, of_basins, dropped))
    write_performance(table(rows), output)


def write_performance(performance: pd.DataFrame, path: Path) -> None:
    """Write the table as CSV: shortest numbers that read back exactly, undefined as empty."""
    mark_paper(performance).to_csv(path, index=False, lineterminator="\n")
