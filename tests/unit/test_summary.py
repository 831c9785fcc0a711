"""The opening page's text: which numbers of the tables it tells, and how."""

import docutils.core
import numpy as np
import pandas as pd
import pytest
from docutils import nodes

from randvec.evaluation import experiments, performance, statistics, summary

MODELS = ["EP", "EG-4", "CN"]


def row(model, vector, dimension, member, nse, failures):
    values = dict.fromkeys(performance.COLUMNS)
    return values | {
        "scenario": "full",
        "model": model,
        "vector": vector,
        "dimension": dimension,
        "member": member,
        "basins": 20,
        "nse_median": nse,
        "nse_failures": failures,
        "basins_undefined": 1,
        "basins_dropped": 3,
    }


PERFORMANCE = pd.DataFrame(
    [
        row("CN", "none", 0, "ensemble", -0.25, 11),
        row("CN", "none", 0, "1", -0.5, 12),
        row("CN", "none", 0, "2", np.nan, 0),
        row("EG-4", "gaussian", 4, "ensemble", 0.614, 1),
        row("EG-4", "gaussian", 4, "1", 0.59, 1),
        row("EG-4", "gaussian", 4, "2", 0.57, 1),
        row("EP", "physical", 27, "ensemble", 0.655, 0),
        row("EP", "physical", 27, "1", 0.6, 1),
        row("EP", "physical", 27, "2", 0.62, 1),
        row("EG-8", "gaussian", 8, "ensemble", 0.9, 0),  # of an experiment
        row("EG-8", "gaussian", 8, "1", 0.9, 0),
    ]
)


def compared(model, reference, p_holm, scenario="full"):
    values = dict.fromkeys(statistics.COLUMNS, 0.123)
    return values | {
        "scenario": scenario,
        "model": model,
        "reference_scenario": "full",
        "reference": reference,
        "model_median": 0.61,
        "reference_median": 0.66,
        "difference_median": -0.0371,
        "difference_low": -0.05,
        "difference_high": -0.0004,
        "wins": 4,
        "ties": 2,
        "losses": 13,
        "p_value": p_holm / 3,
        "p_holm": p_holm,
    }


def comparisons(p_holm):
    return pd.DataFrame(
        [
            compared("EG-4", "EP", p_holm),
            compared("EP", "EP", p_holm, scenario="years-1"),
            compared("EG-8", "EP", np.nan),
        ]
    )


def medians(*cells):
    table = pd.DataFrame(cells, columns=["scenario", "model", "nse_median"])
    return table.assign(basins=7).reindex(columns=experiments.COLUMNS)


def text(p_holm=0.04, tables=None):
    return summary.summary(PERFORMANCE, comparisons(p_holm), tables or {}, "full", MODELS)


def tables(found):
    """The texts of all tables, as lists of rows."""
    tree = docutils.core.publish_doctree(found, settings_overrides={"halt_level": 2})
    return [
        [[entry.astext() for entry in row.findall(nodes.entry)] for row in table.findall(nodes.row)]
        for table in tree.findall(nodes.table)
    ]


def test_basins_and_models():
    found = text()
    assert "Of 23 basins, 3 were dropped" in found
    assert "and 1 have no defined NSE; the medians are over the other 19." in found
    assert tables(found)[0] == [
        ["Model", "Static vector", "Median NSE", "Medians of members", "Basins with NSE ≤ 0"],
        ["EP", "physical descriptors (27)", "0.66", "0.60 to 0.62", "0"],
        ["EG-4", "random (4)", "0.61", "0.57 to 0.59", "1"],
        ["CN", "none", "−0.25", "−0.50 to −0.50", "11"],
    ]


@pytest.mark.parametrize(
    ("p_holm", "printed", "said"),
    [
        (0.04, "(p = 0.040, corrected for 2 comparisons)", summary.RARE),
        (0.05, "(p = 0.050, corrected for 2 comparisons)", summary.MAYBE),
        (0.0002, "(p < 0.001, corrected for 2 comparisons)", summary.RARE),
    ],
)
def test_random_vectors_against_descriptors(p_holm, printed, said):
    found = text(p_holm)
    assert "median NSE of 0.66 (EP), with random vectors 0.61 (EG-4)" in found
    assert "better in 4, worse in 13, and within 0.01 in 2" in found
    assert "−0.037 (95 % interval −0.050 to −0.000)" in found
    assert f"{said} {printed}" in found


def test_comparisons_are_those_of_the_main_comparison():
    """The row of years-1 and the model of an experiment are counted as tests, and not shown."""
    assert tables(text(0.0004))[1] == [
        ["Models", "Median difference", "Better / tied / worse", "p"],
        ["EG-4 − EP", "−0.037 (95 % interval −0.050 to −0.000)", "4 / 2 / 13", "< 0.001"],
    ]


def test_nothing_to_compare_and_no_experiment():
    found = summary.summary(PERFORMANCE, comparisons(1.0)[:0], {}, "full", MODELS)
    assert len(tables(found)) == 1
    assert "Random vectors against" not in found and "Experiments" not in found


def test_experiments():
    found = text(
        tables={
            "data_length": medians(("years-1", "EP", 0.2), ("full", "EP", 0.6)),
            "ungauged_basins": medians(
                ("folds-2", "EP", 0.4), ("folds-2", "EG-4", -1.5), ("full", "EP", 0.7)
            ),
            "dimensions": medians(("full", "EG-2", np.nan)),
        }
    )
    lines = [line for line in found.splitlines() if line.startswith("* ")]
    assert lines == [
        "* data length (7 basins): from 0.20 (EP, years-1) to 0.60 (EP)",
        "* ungauged basins (7 basins): left out of training 0.40 (EP), −1.50 (EG-4); "
        "trained on 0.70 (EP)",
        "* dimensions (7 basins): no defined NSE",
    ]
