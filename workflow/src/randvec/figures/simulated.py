"""Hydrographs of a simulation: all of its models, in a good, a median and a bad basin."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from randvec import matrix
from randvec.evaluation.metrics import basin_metrics
from randvec.figures import style
from randvec.figures.hydrographs import days_of_water_year, stacked
from randvec.formatting import number

#: Basins that are shown, by the percentile of what they are ranked by.
PERCENTILES = (90, 50, 10)

#: Models whose NSE the title of a panel tells.
TOLD = 4

#: Days between the markers of a model.
APART = 30


def make(simulated: Mapping[str, pd.DataFrame], series: str, precipitation: str) -> Figure:
    """Draw the figure.

    Parameters
    ----------
    simulated : mapping of str to DataFrame
        By model what `randvec.trained.Ensemble.simulate` gave.
    series : str
        Path of series.parquet.
    precipitation : str
        The forcing that is daily precipitation [mm/day]; empty for none.
    """
    ranked = _rank(next(iter(simulated.values())))
    places = [round(percentile / 100 * (len(ranked) - 1)) for percentile in PERCENTILES]
    basins = list(dict.fromkeys(ranked.index[place] for place in places))
    titles = {basin: _title(basin, simulated) for basin in basins}
    falling = None
    if precipitation:
        columns = ["basin", "date", precipitation]
        falling = pd.read_parquet(series, columns=columns, filters=[("basin", "in", basins)])
        falling = falling.rename(columns={precipitation: "precipitation"})
    return hydrographs(simulated, titles, falling)


@style.journal
def hydrographs(
    simulated: Mapping[str, pd.DataFrame],
    titles: Mapping[str, str],
    precipitation: pd.DataFrame | None,
) -> Figure:
    """Draw one water year of each basin.

    Parameters
    ----------
    simulated : mapping of str to DataFrame
        By model basin, date, observed, simulated and spread [mm/day].
    titles : mapping of str to str
        Of the panel of each basin that is shown.
    precipitation : DataFrame or None
        Columns basin, date, precipitation [mm/day].
    """
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    for basin in titles:
        own = {model: table[table["basin"] == basin] for model, table in simulated.items()}
        year = days_of_water_year(_known(next(iter(own.values()))))
        tables[basin] = {m: table.set_index("date").loc[year] for m, table in own.items()}
    shown = {basin: next(iter(of_basin.values())).index for basin, of_basin in tables.items()}
    told = []
    if any(table["spread"].notna().any() for table in simulated.values()):
        told = [Patch(color="black", alpha=0.25, lw=0, label="± standard deviation of members")]
    return stacked(
        titles, shown, precipitation, lambda ax, basin: _discharge(ax, tables[basin]), told
    )


def _rank(table: pd.DataFrame) -> pd.Series:
    """Basins by NSE, or where it is defined in none by mean simulated discharge."""
    nse = basin_metrics(table).set_index("basin")["nse"].dropna()
    if nse.empty:
        nse = table.groupby("basin")["simulated"].mean()
    return nse.sort_values(kind="stable")


def _title(basin: str, simulated: Mapping[str, pd.DataFrame]) -> str:
    """The NSE of the first models in a basin, or why there is none."""
    tables = {m: table[table["basin"] == basin] for m, table in list(simulated.items())[:TOLD]}
    scores = {model: basin_metrics(table)["nse"].iloc[0] for model, table in tables.items()}
    if all(map(np.isnan, scores.values())):
        known = any(table["observed"].notna().any() for table in tables.values())
        return f"{basin}: {'NSE is undefined' if known else 'no discharge is known'}"
    return f"{basin}: NSE " + ", ".join(f"{model} {number(nse)}" for model, nse in scores.items())


def _known(table: pd.DataFrame) -> pd.DataFrame:
    """The table itself, or with simulated discharge where none was observed."""
    return table if table["observed"].notna().any() else table.assign(observed=table["simulated"])


def _discharge(ax: Axes, days: Mapping[str, pd.DataFrame]) -> None:
    for model, table in days.items():
        look = style.look(model)
        low, high = (table["simulated"] + sign * table["spread"] for sign in (-1, 1))
        ax.fill_between(table.index, low.clip(lower=0), high, color=look.colour, alpha=0.25, lw=0)
    observed = next(iter(days.values()))["observed"]
    if np.isfinite(observed).any():
        ax.plot(observed.index, observed, color="black", lw=0.9, label="observed")
    for place, (model, table) in enumerate(days.items()):
        look = style.look(model)
        label = f"{model}: {matrix.parse(model).statics.title}"
        # Models with the same static vector have the same line: their markers tell them apart.
        first = round(APART * (place + 0.5) / len(days))
        marked = dict(marker=look.marker, ms=4, markevery=(first, APART), mec="white", mew=0.4)
        drawn = dict(color=look.colour, lw=1, ls=look.line, label=label)
        ax.plot(table.index, table["simulated"], **drawn, **marked)
