"""What the summary says of ungauged basins: the limit of the claim."""

import pandas as pd

from randvec.comparison.pairs import EP
from randvec.formatting import number
from randvec.matrix import WITHOUT_STATICS
from randvec.report.sentences import count_tests, gaussian_against, verdict


def paragraph(medians: pd.DataFrame, comparisons: pd.DataFrame) -> str:
    """A random vector in basins that were left out of training.

    Parameters
    ----------
    medians, comparisons : pd.DataFrame
        As `randvec.comparison` gives them for the experiment.
    """
    left_out = medians["scenario"].str.startswith("folds-")
    parts = {"left out of training": medians[left_out], "trained on": medians[~left_out]}
    listed = "; ".join(
        f"{what} {', '.join(f'{number(nse)} ({model})' for model, nse in values)}"
        for what, rows in parts.items()
        if (values := list(zip(rows["model"], rows["nse_median"], strict=True)))
    )
    return f"**Ungauged basins.** Median NSE in basins {listed}. {_fails(comparisons)}".rstrip()


def _fails(comparisons: pd.DataFrame) -> str:
    """The random vector against descriptors and against nothing, in ungauged basins."""
    left_out = comparisons["scenario"].str.startswith("folds-")
    paired = comparisons[left_out & (comparisons["scenario"] == comparisons["reference_scenario"])]
    rows = [gaussian_against(paired, reference) for reference in (EP, WITHOUT_STATICS)]
    return " ".join(verdict(row, count_tests(comparisons)) for row in rows if row)
