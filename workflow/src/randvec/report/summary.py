"""What came out, in words and numbers, for the opening page of the report.

Every number is taken from the tables of the run. The text is reStructuredText.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from randvec import matrix
from randvec.comparison.statistics import TIE
from randvec.evaluation.tables import read_medians, read_performance
from randvec.formatting import equation, number, p_value
from randvec.matrix import PHYSICAL, WITHOUT_STATICS
from randvec.vectors import VECTORS

LEVEL = 0.05  # of the test, after Holm's correction
RARE = "A difference as clear as this would be rare by chance"
MAYBE = "A difference like this may be chance, which does not show that both are equal"
MAIN = "main"  # what comparisons.csv calls the main comparison
SOURCES = {"vectors": "the tables of random vectors", "weights": "the initial weights"}


def write_summary(
    performance: str,
    comparisons: str,
    experiments: Mapping[str, str],
    luck: str | None,
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
    luck : str or None
        Path of the analysis of variance, if there is the experiment on luck.
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
        pd.read_csv(luck) if luck else None,
        scenario,
        list(models),
    )
    Path(output).write_text(found, encoding="utf-8")


def summary(
    performance: pd.DataFrame,
    comparisons: pd.DataFrame,
    experiments: Mapping[str, pd.DataFrame],
    luck: pd.DataFrame | None,
    scenario: str,
    models: list[str],
) -> str:
    """Text of the summary.

    Parameters
    ----------
    performance, comparisons : pd.DataFrame
        As `evaluation.performance.table` gives it, and `comparison.experiments.write_comparisons`.
    experiments : mapping of name to pd.DataFrame
        As `comparison.experiments.medians` gives them.
    luck : pd.DataFrame or None
        As `comparison.variance.write_spread` gives it.
    scenario : str
        Of the main comparison.
    models : list of str
        Of the main comparison, in the order to show them.
    """
    main = performance[performance["scenario"] == scenario]
    main = main[main["model"].isin(models)]
    ensembles = main[main["member"] == "ensemble"].set_index("model").loc[models]
    members = main[main["member"] != "ensemble"].groupby("model")["nse_median"]
    made = {name: comparisons[comparisons["experiment"] == name] for name in (MAIN, *experiments)}
    here = (made[MAIN][["scenario", "reference_scenario"]] == scenario).all(axis=1)
    parts = [
        _basins(ensembles),
        _models(ensembles, members.min(), members.max()),
        *_random_vectors(made[MAIN][here], _tests(made[MAIN])),
        *_comparisons(made[MAIN][here], _tests(made[MAIN])),
        *_ungauged(experiments.get("ungauged_basins"), made.get("ungauged_basins")),
        *_experiments(experiments, made),
        *_luck(luck),
    ]
    return "\n\n".join(parts) + "\n"


def _tests(comparisons: pd.DataFrame) -> int:
    """Number of tests that Holm's correction is over."""
    return int(comparisons["p_value"].notna().sum())


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
    return VECTORS[kind].phrase + (f" ({dimension})" if dimension else "")


def _random_vectors(paired: pd.DataFrame, tests: int) -> Iterable[str]:
    """The first EA-LSTM with a Gaussian vector, against descriptors and against nothing."""
    if row := _gaussian_against(paired, "EP"):
        yield (
            f"**Random vectors against descriptors.** With descriptors the EA-LSTM reaches a "
            f"median NSE of {number(row['reference_median'])} (EP), with random vectors "
            f"{number(row['model_median'])} ({row['model']}). {_verdict(row, tests)}"
        )
    if row := _gaussian_against(paired, WITHOUT_STATICS):
        yield (
            f"**Random vectors against nothing.** The network without static vector reaches a "
            f"median NSE of {number(row['reference_median'])} ({WITHOUT_STATICS}). "
            f"{_verdict(row, tests)}"
        )


def _gaussian_against(paired: pd.DataFrame, reference: str) -> dict | None:
    """The comparison of the first EA-LSTM with a Gaussian vector and a reference, if it is made."""
    for row in paired[paired["reference"] == reference].to_dict("records"):
        cell = matrix.parse(row["model"])
        if (cell.architecture, cell.vector) == ("ea_lstm", "gaussian"):
            return row
    return None


def _verdict(row: Mapping, tests: int) -> str:
    """Basin by basin: how often the model of a comparison is better, how much, how clearly."""
    return (
        f"Basin by basin, {row['model']} is better than {row['reference']} in {row['wins']}, worse "
        f"in {row['losses']}, and within {TIE} in {row['ties']}; the median difference is "
        f"{_difference(row)}. {RARE if row['p_holm'] < LEVEL else MAYBE} "
        f"({equation(row['p_holm'])}, corrected for {tests} comparisons)."
    )


def _difference(row: Mapping) -> str:
    low, high = number(row["difference_low"], 3), number(row["difference_high"], 3)
    return f"{number(row['difference_median'], 3)} (95 % interval {low} to {high})"


def _comparisons(paired: pd.DataFrame, tests: int) -> Iterable[str]:
    if paired.empty:
        return
    yield (
        "**Each model against others.** The difference of NSE is taken basin by basin. p is of the "
        f"two-sided Wilcoxon signed-rank test, after Holm's correction for the {tests} comparisons "
        "of the main comparison. An interval is for its own difference alone, so it may leave out "
        "zero where p is not small."
    )
    without = paired["reference"] == WITHOUT_STATICS
    physical = paired["reference"].isin(PHYSICAL.values())
    yield from _differences(
        "Against descriptors, in the same architecture or in EP", paired[physical]
    )
    yield from _differences("Against the network without static vector", paired[without])
    yield from _differences("Against others", paired[~physical & ~without])


def _differences(title: str, paired: pd.DataFrame) -> Iterable[str]:
    """A table of comparisons, if there are any."""
    if paired.empty:
        return
    yield f"{title}:"
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


def _ungauged(medians: pd.DataFrame | None, comparisons: pd.DataFrame | None) -> Iterable[str]:
    """The limit of the claim: a random vector in basins that were left out of training."""
    if medians is None:
        return
    left_out = medians["scenario"].str.startswith("folds-")
    parts = {"left out of training": medians[left_out], "trained on": medians[~left_out]}
    listed = "; ".join(
        f"{what} {', '.join(f'{number(nse)} ({model})' for model, nse in values)}"
        for what, rows in parts.items()
        if (values := list(zip(rows["model"], rows["nse_median"], strict=True)))
    )
    yield f"**Ungauged basins.** Median NSE in basins {listed}. {_fails(comparisons)}".rstrip()


def _fails(comparisons: pd.DataFrame) -> str:
    """The random vector against descriptors and against nothing, in ungauged basins."""
    left_out = comparisons["scenario"].str.startswith("folds-")
    paired = comparisons[left_out & (comparisons["scenario"] == comparisons["reference_scenario"])]
    rows = [_gaussian_against(paired, reference) for reference in ("EP", WITHOUT_STATICS)]
    return " ".join(_verdict(row, _tests(comparisons)) for row in rows if row)


def _experiments(
    experiments: Mapping[str, pd.DataFrame], made: Mapping[str, pd.DataFrame]
) -> Iterable[str]:
    if not experiments:
        return
    lines = [
        f"* {name.replace('_', ' ')} ({table['basins'].max()} basins): {_range(table)}"
        f"{_clear(made[name])}"
        for name, table in experiments.items()
    ]
    yield (
        "**Experiments.** Lowest and highest median NSE of the ensembles, over the basins that all "
        f"of an experiment share, and how many of its comparisons are clear (p below {LEVEL} after "
        "Holm's correction for the comparisons of that experiment). Each experiment has a part of "
        "its own in this report."
    )
    yield "\n".join(lines)


def _clear(comparisons: pd.DataFrame) -> str:
    """How many of an experiment's comparisons are clear, if it makes any."""
    if not (tests := _tests(comparisons)):
        return ""
    return f"; {int((comparisons['p_holm'] < LEVEL).sum())} of {tests} comparisons are clear"


def _luck(spread: pd.DataFrame | None) -> Iterable[str]:
    """What each source of luck spreads the members' medians by."""
    if spread is None:
        return
    said = []
    for model, table in spread.groupby("model", sort=False):
        rows = table.set_index("source")
        said += [
            f"With {model}, {of} spread the members' median NSE by "
            f"{number(rows['sd'][source], 3)}, where chance alone would give "
            f"{number(rows['by_chance'][source], 3)} ({equation(rows['p_value'][source])})."
            for source, of in SOURCES.items()
        ]
    yield (
        "**Luck.** The standard deviation of the means over a crossed design, and the F-test of "
        f"the analysis of variance. {' '.join(said)}"
    )


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


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
    for row in (header, *rows):
        lines += [f"   {'* -' if place == 0 else '  -'} {text}" for place, text in enumerate(row)]
    return "\n".join(lines)
