"""Sentences and tables that the summary's parts have in common; the text is reStructuredText."""

from collections.abc import Iterable, Mapping

import pandas as pd

from randvec.comparison.statistics import TIE
from randvec.formatting import equation, number
from randvec.matrix import ea_lstm_with

SIGNIFICANCE = 0.05  # a p-value below it, after Holm's correction, is called clear
RARE = "A difference as clear as this would be rare by chance in the choice of basins"
MAYBE = "A difference like this may be chance, which does not show that both are equal"


def count_tests(comparisons: pd.DataFrame) -> int:
    """Number of tests that Holm's correction is over."""
    return int(comparisons["p_value"].notna().sum())


def gaussian_against(paired: pd.DataFrame, reference: str) -> dict | None:
    """The comparison of the EA-LSTM with a Gaussian vector and a reference, if it is made."""
    paired = paired[paired["reference"] == reference]
    found = paired[paired["model"] == ea_lstm_with("gaussian", paired["model"])]
    return next(iter(found.to_dict("records")), None)


def verdict(row: Mapping, tests: int) -> str:
    """Basin by basin: how often the model of a comparison is better, how much, how clearly."""
    return (
        f"Basin by basin, {row['model']} is better than {row['reference']} in {row['wins']}, worse "
        f"in {row['losses']}, and within {TIE} in {row['ties']}; the median difference is "
        f"{difference(row)}. {RARE if row['p_holm'] < SIGNIFICANCE else MAYBE} "
        f"({equation(row['p_holm'])}, corrected for {tests} comparisons)."
    )


def difference(row: Mapping) -> str:
    """The median difference of a comparison with its interval."""
    low, high = number(row["difference_low"], 3), number(row["difference_high"], 3)
    return f"{number(row['difference_median'], 3)} (95 % interval {low} to {high})"


def list_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table with a row of headings."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: auto", ""]
    for row in (header, *rows):
        lines += [f"   {'* -' if place == 0 else '  -'} {text}" for place, text in enumerate(row)]
    return "\n".join(lines)
