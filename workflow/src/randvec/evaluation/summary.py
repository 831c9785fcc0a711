"""What came out, in words and numbers, for the opening page of the report.

Every number is taken from the tables of the run. The text is reStructuredText.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from randvec import matrix
from randvec.evaluation.statistics import TIE
from randvec.evaluation.tables import read_medians, read_performance

VECTORS = {
    "physical": "physical descriptors",
    "gaussian": "random",
    "one_hot": "one-hot",
    "mixed": "descriptors and random",
    "none": "none",
}
LEVEL = 0.05  # of the test, after Holm's correction
RARE = "A difference as clear as this would be rare by chance"
MAYBE = "A difference like this may be chance, which does not show that both are equal"
NOTHING = "–"  # printed for what is undefined


def write_summary(
    performance: str,
    comparisons: str,
    experiments: Mapping[str, str],
    scenario: str,
    models: Iterable[str],
    output: str,
) -> None:
    """Write the summary of a run.

    Parameters
    ----------
    performance, comparisons : str
        Paths of the tables.
    experiments : mapping of name to str
        Path of the medians of every experiment.
    scenario : str
        Of the main comparison.
    models : iterable of str
        Of the main comparison, in the order to show them.
    output : str
        File to write.
    """
    found = summary(
        read_performance(performance),
        pd.read_csv(comparisons),
        {name: read_medians(path) for name, path in experiments.items()},
        scenario,
        list(models),
    )
    Path(output).write_text(found, encoding="utf-8")


def summary(
    performance: pd.DataFrame,
    comparisons: pd.DataFrame,
    experiments: Mapping[str, pd.DataFrame],
    scenario: str,
    models: list[str],
) -> str:
    """Text of the summary.

    Parameters
    ----------
    performance, comparisons : pd.DataFrame
        As `evaluation.performance.table` and `evaluation.statistics.comparisons` give them.
    experiments : mapping of name to pd.DataFrame
        As `evaluation.experiments.medians` gives them.
    scenario : str
        Of the main comparison.
    models : list of str
        Of the main comparison, in the order to show them.
    """
    main = performance[performance["scenario"] == scenario]
    main = main[main["model"].isin(models)]
    ensembles = main[main["member"] == "ensemble"].set_index("model").loc[models]
    members = main[main["member"] != "ensemble"].groupby("model")["nse_median"]
    paired = comparisons[
        (comparisons["scenario"] == scenario)
        & (comparisons["reference_scenario"] == scenario)
        & comparisons["model"].isin(models)
        & comparisons["reference"].isin(models)
    ]
    tests = int(comparisons["p_value"].notna().sum())
    parts = [
        _basins(ensembles),
        _models(ensembles, members.min(), members.max()),
        *_random_vectors(paired, tests),
        *_comparisons(paired, tests),
        *_experiments(experiments),
    ]
    return "\n\n".join(parts) + "\n"


def _basins(ensembles: pd.DataFrame) -> str:
    first = ensembles.iloc[0]
    used, dropped, undefined = first[["basins", "basins_dropped", "basins_undefined"]]
    return (
        f"**What came out.** Each model is judged by the Nash-Sutcliffe efficiency (NSE) of its "
        f"ensemble in the test period: 1 is perfect, 0 no better than the observed mean. Of "
        f"{used + dropped} basins, {dropped} were dropped before training because their records "
        f"or descriptors are incomplete, and {undefined} have no defined NSE; the medians are over "
        f"the other {used - undefined}."
    )


def _models(ensembles: pd.DataFrame, lowest: pd.Series, highest: pd.Series) -> str:
    rows = [
        (
            model,
            _vector(row["vector"], row["dimension"]),
            number(row["nse_median"]),
            f"{number(lowest[model])} to {number(highest[model])}",
            str(row["nse_failures"]),
        )
        for model, row in ensembles.iterrows()
    ]
    header = ("Model", "Static vector", "Median NSE", "Medians of members", "Basins with NSE ≤ 0")
    return _table(header, rows)


def _vector(kind: str, dimension: int) -> str:
    return f"{VECTORS[kind]} ({dimension})" if dimension else VECTORS[kind]


def _random_vectors(paired: pd.DataFrame, tests: int) -> Iterable[str]:
    """A paragraph on the first EA-LSTM with a Gaussian vector against the one with descriptors."""
    for row in paired.to_dict("records"):
        cell = matrix.parse(row["model"])
        if (cell.architecture, cell.vector, row["reference"]) == ("ea_lstm", "gaussian", "EP"):
            p = p_value(row["p_holm"])
            yield (
                f"**Random vectors against descriptors.** With descriptors the EA-LSTM reaches a "
                f"median NSE of {number(row['reference_median'])} (EP), with random vectors "
                f"{number(row['model_median'])} ({row['model']}). Basin by basin, the random "
                f"vector is better in {row['wins']}, worse in {row['losses']}, and within {TIE} in "
                f"{row['ties']}; the median difference is {_difference(row)}. "
                f"{RARE if row['p_holm'] < LEVEL else MAYBE} "
                f"(p {p if p.startswith('<') else f'= {p}'}, corrected for {tests} comparisons)."
            )
            return


def _difference(row: Mapping) -> str:
    low, high = number(row["difference_low"], 3), number(row["difference_high"], 3)
    return f"{number(row['difference_median'], 3)} (95 % interval {low} to {high})"


def _comparisons(paired: pd.DataFrame, tests: int) -> Iterable[str]:
    if paired.empty:
        return
    yield (
        "**Each model against its reference**, the model of its architecture with descriptors, or "
        "EP. The difference of NSE is taken basin by basin. p is of the two-sided Wilcoxon "
        f"signed-rank test, after Holm's correction for the {tests} comparisons of this run."
    )
    rows = [
        (
            f"{row['model']} − {row['reference']}",
            _difference(row),
            f"{row['wins']} / {row['ties']} / {row['losses']}",
            p_value(row["p_holm"]),
        )
        for row in paired.to_dict("records")
    ]
    yield _table(("Models", "Median difference", "Better / tied / worse", "p"), rows)


def _experiments(experiments: Mapping[str, pd.DataFrame]) -> Iterable[str]:
    if not experiments:
        return
    lines = [
        f"* {name.replace('_', ' ')} ({table['basins'].max()} basins): "
        + (_ungauged(table) if name == "ungauged_basins" else _range(table))
        for name, table in experiments.items()
    ]
    yield (
        "**Experiments.** Median NSE of the ensembles, over the basins that all of an experiment "
        "share. Each experiment has a part of its own in this report."
    )
    yield "\n".join(lines)


def _range(table: pd.DataFrame) -> str:
    """The lowest and the highest median, and whose they are."""
    if table["nse_median"].isna().all():
        return "no defined NSE"
    lowest, highest = (
        table.loc[place] for place in (table["nse_median"].idxmin(), table["nse_median"].idxmax())
    )
    return f"from {_cell(lowest)} to {_cell(highest)}"


def _cell(row: pd.Series) -> str:
    scenario = "" if row["scenario"] == "full" else f", {row['scenario']}"
    return f"{number(row['nse_median'])} ({row['model']}{scenario})"


def _ungauged(table: pd.DataFrame) -> str:
    """Medians in basins that were left out of training, and in the same basins trained on."""
    left_out = table["scenario"].str.startswith("folds-")
    parts = {"left out of training": table[left_out], "trained on": table[~left_out]}
    return "; ".join(
        f"{what} {', '.join(f'{number(nse)} ({model})' for model, nse in values)}"
        for what, rows in parts.items()
        if (values := list(zip(rows["model"], rows["nse_median"], strict=True)))
    )


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
    for row in (header, *rows):
        lines += [f"   {'* -' if place == 0 else '  -'} {text}" for place, text in enumerate(row)]
    return "\n".join(lines)


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus sign, a dash where it is undefined."""
    return NOTHING if np.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def p_value(value: float) -> str:
    """A p-value to three digits, and none smaller than 0.001."""
    return "< 0.001" if value < 0.001 else number(value, 3)
