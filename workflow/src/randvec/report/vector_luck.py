"""What the summary says of the draw of the vectors and of the initial weights."""

import pandas as pd

from randvec.formatting import equation, number

SOURCES = {"vectors": "the tables of random vectors", "weights": "the initial weights"}


def paragraph(medians: pd.DataFrame, comparisons: pd.DataFrame, spread: pd.DataFrame) -> str:
    """What each of the two spreads the members' medians by.

    Parameters
    ----------
    medians, comparisons : pd.DataFrame
        As `randvec.comparison` gives them for the experiment.
    spread : pd.DataFrame
        As `randvec.comparison.variance.write` wrote it.
    """
    said = []
    for model, table in spread.groupby("model", sort=False):
        rows = table.set_index("source")
        said += [
            f"With {model}, {of} spread the members' median NSE by "
            f"{number(rows['sd'][source], 3)}, where chance alone would give "
            f"{number(rows['by_chance'][source], 3)} ({equation(rows['p_value'][source])})."
            for source, of in SOURCES.items()
        ]
    return (
        "**Vectors and initial weights.** The standard deviation of the means over a crossed "
        f"design, and the F-test of the analysis of variance. {' '.join(said)}"
    )
