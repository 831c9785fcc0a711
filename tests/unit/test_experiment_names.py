"""Names that experiments can't have, and tables that their figures wait for."""

from pathlib import Path

import pytest
import yaml

from randvec.config import read
from randvec.errors import InputError
from randvec.study import Study

SCHEMA = Path(__file__).parents[2] / "workflow/schemas/config.schema.yaml"
LUCK = {"models": ["EG-4"], "scenarios": ["vectors-1", "vectors-2"]}


def study(**experiments):
    given = {
        "dataset": {"name": "x", "source": "virtual"},
        "periods": {"train": ["1990-10-01", "1996-09-30"], "test": ["1987-10-01", "1990-09-30"]},
        "models": ["EP", "EG-4", "CN"],
        "seeds": [3, 1],
        "experiments": experiments,
    }
    return Study(read(given, yaml.safe_load(SCHEMA.read_text())))


@pytest.mark.parametrize(
    "name",
    ["config", "train", "train_2", "members", "page", "figure_x", "nse_cdf", "main", "table_x"],
)
def test_an_experiment_with_the_name_of_something_else_is_refused(name):
    with pytest.raises(InputError, match=f"experiments.{name}: a rule, a figure or a table"):
        study(**{name: {"kind": "dimensions", "models": ["EG-2"]}})


def test_an_experiment_with_the_name_of_a_table_of_another_one_is_refused():
    other = {"kind": "dimensions", "models": ["EG-2"]}
    with pytest.raises(InputError, match=r"experiments\.vector_luck_spread: a rule, a fig"):
        study(vector_luck=LUCK, vector_luck_spread=other)
    assert "luck_spread" in study(vector_luck=LUCK, luck_spread=other).tables


def test_what_a_figure_compares_has_a_table_also_where_that_is_empty():
    found = study(
        one={"kind": "fewer_basins", "models": ["CN"], "scenarios": ["basins-2-s1"]},
        lengths={"kind": "dimensions", "models": ["EG-2"]},
        vector_luck=LUCK,
    )
    assert found.compared == {"main": found.compared["main"], "one": [], "lengths": []}
    tables = [shown.path for shown in found.tables.values()]
    for name in found.figures:
        needed = [path for path in found.figure_needs(name) if "/tables/" in path]
        assert set(needed) <= set(tables)
