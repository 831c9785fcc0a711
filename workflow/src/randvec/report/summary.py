"""What came out, in words and numbers, for the opening page of the report.

Every number is taken from the tables of the run. The text is reStructuredText.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from pathlib import Path

import pandas as pd

from randvec import matrix
from randvec.comparison import recovered
from randvec.comparison.recovered import Recovered
from randvec.evaluation.tables import read_medians, read_performance
from randvec.experiments import KINDS, MAIN
from randvec.formatting import number, p_value
from randvec.report.answer import answer
from randvec.report.sentences import SIGNIFICANCE, count_tests, difference, list_table
from randvec.scenarios import FULL
from randvec.vectors import VECTORS

BEYOND = "†"  # marks a model that the paper lacks


@dataclass(frozen=True)
class Outcome:
    """What came out of an experiment.

    Attributes
    ----------
    kind : str
        A key of `randvec.experiments.KINDS`.
    medians : pd.DataFrame
        As `randvec.comparison.medians.medians` gives them.
    tables : list of pd.DataFrame
        Its further tables, in the order of its kind.
    """

    kind: str
    medians: pd.DataFrame
    tables: Sequence[pd.DataFrame] = field(default_factory=list)


def write_summary(
    performance: str,
    comparisons: str,
    answer: str | Sequence,
    kinds: Mapping[str, str],
    tables: Iterable[str],
    models: Iterable[str],
    citation: str,
    output: str,
) -> None:
    """Write the summary of a run.

    Parameters
    ----------
    performance, comparisons, answer : str
        Paths of the tables; empty instead of the last one where the models allow no answer.
    kinds : mapping of str to str
        Name and kind of every experiment.
    tables : iterable of str
        Paths of the medians and the further tables of each, one experiment after the other.
    models : iterable of str
        Of the main comparison, in the order to show them.
    citation : str
        Of the data; empty for virtual catchments.
    output : str
        File to write.
    """
    paths = iter(tables)
    outcomes = {}
    for name, kind in kinds.items():
        first, *more = islice(paths, len(KINDS[kind].tables))
        outcomes[name] = Outcome(kind, read_medians(first), [pd.read_csv(path) for path in more])
    tables = read_performance(performance), pd.read_csv(comparisons)
    answered = recovered.read(answer) if answer else None
    found = summary(*tables, answered, outcomes, list(models), citation)
    Path(output).write_text(found, encoding="utf-8")


def summary(
    performance: pd.DataFrame,
    comparisons: pd.DataFrame,
    answered: Recovered | None,
    experiments: Mapping[str, Outcome],
    models: list[str],
    citation: str = "",
) -> str:
    """Text of the summary.

    Parameters
    ----------
    performance, comparisons : pd.DataFrame
        As `evaluation.performance.table` gives it, and `comparison.comparisons.write_comparisons`.
    answered : randvec.comparison.recovered.Recovered or None
        The answer is the first paragraph.
    experiments : mapping of name to Outcome
    models : list of str
        Of the main comparison, in the order to show them.
    citation : str
        Of the data.
    """
    main = performance[performance["scenario"] == FULL]
    main = main[main["model"].isin(models)]
    ensembles = main[main["member"] == "ensemble"].set_index("model").loc[models]
    members = main[main["member"] != "ensemble"].groupby("model")["nse_median"]
    made = {name: comparisons[comparisons["experiment"] == name] for name in (MAIN, *experiments)}
    parts = [
        answer(answered),
        _basins(ensembles) + (f" The data are those of {citation}." if citation else ""),
        _models(ensembles, members.min(), members.max()),
        *_comparisons(made[MAIN], count_tests(made[MAIN])),
        *(
            import_module(KINDS[found.kind].paragraph).paragraph(
                found.medians, made[name], *found.tables
            )
            for name, found in experiments.items()
            if KINDS[found.kind].paragraph
        ),
        *_experiments({name: found.medians for name, found in experiments.items()}, made),
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
            model if matrix.parse(model).in_paper else f"{model} {BEYOND}",
            _vector(row["vector"], row["dimension"]),
            number(row["nse_median"]),
            f"{number(lowest[model])} to {number(highest[model])}",
            str(row["nse_failures"]),
        )
        for model, row in ensembles.iterrows()
    ]
    header = ("Model", "Static vector", "Median NSE", "Medians of members", "Basins with NSE ≤ 0")
    if all(matrix.parse(model).in_paper for model in ensembles.index):
        return list_table(header, rows)
    return f"{list_table(header, rows)}\n\n{BEYOND} Not in Li et al. (2022)."


def _vector(kind: str, dimension: int) -> str:
    return VECTORS[kind].phrase + (f" ({dimension})" if dimension else "")


def _comparisons(paired: pd.DataFrame, tests: int) -> Iterable[str]:
    if paired.empty:
        return
    yield (
        "**Each model against others.** The difference of NSE is taken basin by basin. p is of the "
        f"two-sided Wilcoxon signed-rank test, after Holm's correction for the {tests} comparisons "
        "of the main comparison. An interval is of the median difference, and for it alone; the "
        "test is of all differences together, so that the one may leave out zero where the other "
        "is not clear. Both know of chance in the choice of basins alone: the same model with "
        "other seeds differs a little as well."
    )
    kind = paired["reference"].map(lambda code: matrix.parse(code).vector)
    without, physical = kind == "none", kind == "physical"
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
            difference(row),
            f"{row['wins']} / {row['ties']} / {row['losses']}",
            p_value(row["p_holm"]),
        )
        for row in paired.to_dict("records")
    ]
    yield list_table(("Models", "Median difference", "Better / tied / worse", "p"), rows)


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
        "of an experiment share, and how many of its comparisons are clear "
        f"(p below {SIGNIFICANCE} after Holm's correction for the comparisons of that experiment). "
        "Each experiment has a part of its own in this report."
    )
    yield "\n".join(lines)


def _clear(comparisons: pd.DataFrame) -> str:
    """How many of an experiment's comparisons are clear, if it makes any."""
    if not (tests := count_tests(comparisons)):
        return ""
    return f"; {int((comparisons['p_holm'] < SIGNIFICANCE).sum())} of {tests} comparisons are clear"


def _range(table: pd.DataFrame) -> str:
    """The lowest and the highest median, and whose they are."""
    if table["nse_median"].isna().all():
        return "no defined NSE"
    lowest, highest = (
        table.loc[place] for place in (table["nse_median"].idxmin(), table["nse_median"].idxmax())
    )
    return f"from {_ensemble(lowest)} to {_ensemble(highest)}"


def _ensemble(row: pd.Series) -> str:
    scenario = "" if row["scenario"] == FULL else f", {row['scenario']}"
    return f"{number(row['nse_median'])} ({row['model']}{scenario})"
