"""The opening page's text: which numbers of the tables it tells, and how."""

import docutils.core
import numpy as np
import pandas as pd
from docutils import nodes

from randvec.comparison import statistics
from randvec.comparison.medians import COLUMNS as OF_MEDIANS
from randvec.evaluation import performance
from randvec.report import summary
from randvec.report.sentences import MAYBE

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


def compared(model, reference, p_holm, scenario="full", experiment="main", held="full"):
    values = dict.fromkeys(statistics.COLUMNS, 0.123)
    return values | {
        "experiment": experiment,
        "scenario": scenario,
        "model": model,
        "reference_scenario": held,
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
            compared("EG-4", "CN", 0.3),
            compared("EG-8", "EP", np.nan),
            compared("EP_slow", "EP_fast", 0.7),
            compared("EG-4_slow", "CN_slow", 0.6),
            compared("EG-4_slow", "EG-4", 0.8),
            compared("EP", "CN", 0.01, "years-1", "data_length", "years-1"),
            compared("EP", "EP", 0.05, "years-1", "data_length"),
            compared("EG-4", "EP", 0.2, "folds-2", "ungauged_basins", "folds-2"),
            compared("EG-4", "CN", 0.9, "folds-2", "ungauged_basins", "folds-2"),
            compared("EG-4", "EG-4", 0.0001, "folds-2", "ungauged_basins"),
        ]
    )


LUCK = pd.DataFrame(
    {
        "model": 3 * ["EG-4"],
        "source": ["vectors", "weights", "residual"],
        "sd": [0.0125, 0.034, 0.02],
        "by_chance": [0.01, 0.011, np.nan],
        "p_value": [0.25, 0.0004, np.nan],
    }
)


def medians(*cells):
    table = pd.DataFrame(cells, columns=["scenario", "model", "nse_median"])
    return table.assign(basins=7).reindex(columns=OF_MEDIANS)


def text(p_holm=0.04, tables=None, luck=None):
    outcomes = {name: summary.Outcome(name, table) for name, table in (tables or {}).items()}
    if luck is not None:
        drawn = medians(("vectors-1", "EG-4", 0.5))
        outcomes["vector_luck"] = summary.Outcome("vector_luck", drawn, [luck])
    return summary.summary(PERFORMANCE, comparisons(p_holm), None, outcomes, MODELS)


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


def test_the_answer_stands_first():
    assert text().startswith("**Does a random vector do as well as descriptors?** This run can't")


def test_the_tables_hold_the_main_comparison_alone():
    header = ["Models", "Median difference", "Better / tied / worse", "p"]
    difference = "−0.037 (95 % interval −0.050 to −0.000)"
    _, physical, without, others = tables(text(0.0004))
    assert physical == [
        header,
        ["EG-4 − EP", difference, "4 / 2 / 13", "< 0.001"],
        ["EG-8 − EP", difference, "4 / 2 / 13", "–"],
        ["EP_slow − EP_fast", difference, "4 / 2 / 13", "0.700"],
    ]
    assert without == [
        header,
        ["EG-4 − CN", difference, "4 / 2 / 13", "0.300"],
        ["EG-4_slow − CN_slow", difference, "4 / 2 / 13", "0.600"],
    ]
    assert others == [header, ["EG-4_slow − EG-4", difference, "4 / 2 / 13", "0.800"]]


def test_nothing_to_compare_and_no_experiment():
    found = summary.summary(PERFORMANCE, comparisons(1.0)[:0], None, {}, MODELS)
    assert len(tables(found)) == 1
    assert "gainst" not in found and "Experiments" not in found and "initial weights" not in found


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
        "* data length (7 basins): from 0.20 (EP, years-1) to 0.60 (EP); 1 of 2 comparisons are "
        "clear",
        "* ungauged basins (7 basins): from −1.50 (EG-4, folds-2) to 0.70 (EP); 1 of 3 comparisons "
        "are clear",
        "* dimensions (7 basins): no defined NSE",
    ]
    (line,) = [line for line in found.splitlines() if line.startswith("**Ungauged")]
    assert "left out of training 0.40 (EP), −1.50 (EG-4); trained on 0.70 (EP)." in line
    assert f"−0.000). {MAYBE} (p = 0.200, corrected for 3 comparisons)" in line
    assert f"−0.000). {MAYBE} (p = 0.900, corrected for 3 comparisons)" in line


def test_luck():
    found = text(luck=LUCK)
    assert (
        "With EG-4, the tables of random vectors spread the members' median NSE by 0.013, where "
        "chance alone would give 0.010 (p = 0.250)." in found
    )
    assert (
        "With EG-4, the initial weights spread the members' median NSE by 0.034, where chance "
        "alone would give 0.011 (p < 0.001)." in found
    )
