import numpy as np
import pandas as pd
import pytest

from randvec.comparison import comparisons
from randvec.comparison import medians as medians_module
from randvec.comparison.scores import read_scores
from randvec.errors import InputError
from randvec.evaluation.metrics import METRICS, write_metrics
from randvec.evaluation.tables import read_medians


def metrics(nse: dict, member=None) -> pd.DataFrame:
    table = pd.DataFrame({"basin": list(nse), "nse": list(nse.values())})
    for name in METRICS:
        table[name] = table["nse"]
    table["days"] = 10
    if member is not None:
        table.insert(0, "member", member)
    return table


def written(folder, tables):
    paths = []
    for number, table in enumerate(tables):
        paths.append(str(folder / f"{number}.csv"))
        write_metrics(table, paths[-1])
    return paths


def test_medians_are_over_the_basins_that_all_ensembles_share():
    ensembles = {
        ("full", "EP"): metrics({"a": 0.2, "b": 0.6, "c": 0.9, "d": np.nan}),
        ("basins-2-s1", "EP"): metrics({"b": 0.4, "c": 0.8, "d": 0.1}),
    }
    members = {
        named: pd.concat([table.assign(member=1), table.assign(member=2, nse=table["nse"] - 0.1)])
        for named, table in ensembles.items()
    }
    result = medians_module.medians(ensembles, members)
    assert list(result.columns) == medians_module.COLUMNS
    assert result["nse_median"].tolist() == [0.75, 0.4]
    assert result["basins"].tolist() == [2, 3]
    assert result["member_highest"].tolist() == [0.75, 0.4]
    assert result["member_lowest"].tolist() == pytest.approx([0.65, 0.3])
    assert result[["nse_low", "nse_high"]].isna().all(axis=None)  # two basins are too few
    seven = {("full", "EP"): metrics({name: n / 10 for n, name in enumerate("abcdefg")})}
    (row,) = medians_module.medians(seven, {("full", "EP"): seven["full", "EP"].assign(member=1)})[
        ["nse_low", "nse_median", "nse_high"]
    ].to_numpy()
    assert row[0] < row[1] == 0.3 < row[2]


def test_ensembles_that_share_no_basin_are_refused():
    ensembles = {("full", "EP"): metrics({"a": 1}), ("basins-1-s1", "EP"): metrics({"b": 1})}
    with pytest.raises(InputError, match="share no tested basin"):
        medians_module.medians(ensembles, ensembles)


def test_folds_are_joined_to_one_test_of_every_basin(tmp_path):
    named = [("full", "EP"), ("fold-1-of-2", "EP"), ("fold-2-of-2", "EP")]
    tables = [metrics({"a": 0.9, "b": 0.8}), metrics({"b": 0.2}), metrics({"a": 0.1})]
    found = read_scores(named, written(tmp_path, tables))
    assert list(found) == [("full", "EP"), ("folds-2", "EP")]
    assert found["folds-2", "EP"]["basin"].tolist() == ["a", "b"]
    assert found["folds-2", "EP"]["nse"].tolist() == [0.1, 0.2]


def test_a_missing_fold_is_refused(tmp_path):
    named = [("fold-1-of-3", "EP"), ("fold-3-of-3", "EP")]
    tables = [metrics({"a": 0.9}), metrics({"b": 0.2})]
    with pytest.raises(InputError, match="lacks the scenario fold-2-of-3"):
        read_scores(named, written(tmp_path, tables))


def test_tables_read_back(tmp_path):
    named = [("full", "EP"), ("full", "CN")]
    tables = [metrics({"a": 0.9, "b": 0.5}), metrics({"a": 0.4, "b": 0.3})]
    ensembles = written(tmp_path, tables)
    (tmp_path / "members").mkdir()
    members = written(tmp_path / "members", [t.assign(member=1) for t in tables])
    medians_module.write(named, ensembles, members, str(tmp_path / "medians.csv"))
    table = read_medians(tmp_path / "medians.csv")
    assert table["vector"].tolist() == ["physical", "none"]
    assert table["nse_median"].tolist() == [0.7, 0.35]


def test_comparisons_of_several_experiments_are_corrected_apart_and_joined(tmp_path):
    named = [("full", "EP"), ("full", "EG-4"), ("full", "CN")]
    basins = [f"{number:02}" for number in range(12)]
    tables = [metrics({b: 0.5 + k * 0.01 * int(b) for b in basins}) for k in (2, 1, 0)]
    ensembles = written(tmp_path, tables)
    ep, eg, cn = named
    parts = {"main": [(ep, cn), (eg, ep)], "dimensions": [(eg, ep)]}
    for name, made in parts.items():
        comparisons.write_comparisons(name, named, made, ensembles, str(tmp_path / name))
    comparisons.join_comparisons([tmp_path / name for name in parts], str(tmp_path / "all.csv"))
    lines = [(tmp_path / name).read_text().splitlines() for name in parts]
    assert (tmp_path / "all.csv").read_text().splitlines() == [*lines[0], *lines[1][1:]]
    table = pd.read_csv(tmp_path / "all.csv")
    assert table["experiment"].tolist() == ["main", "main", "dimensions"]
    assert table["model"].tolist() == ["EP", "EG-4", "EG-4"]
    p = table["p_value"].iloc[0]  # of eleven differences, all of one sign, whatever the pair
    assert table["p_value"].tolist() == pytest.approx([p, p, p])
    assert table["p_holm"].tolist() == pytest.approx([2 * p, 2 * p, p])


def test_comparisons_are_over_the_basins_that_all_ensembles_share(tmp_path):
    """As the medians beside them: a difference with more basins would be one of other basins."""
    named = [("basins-3-s1", "EP"), ("full", "EP"), ("full", "CN")]
    few, all_basins = ["a", "b", "c"], ["a", "b", "c", "d", "e"]
    scores = [dict.fromkeys(few, 0.3), dict.fromkeys(all_basins, 0.5)]
    scores.append({basin: 0.4 if basin in few else 0.9 for basin in all_basins})
    paths = written(tmp_path, [metrics(each) for each in scores])
    output = str(tmp_path / "comparisons.csv")
    pairs = [(named[0], named[1]), (named[1], named[2])]
    comparisons.write_comparisons("fewer_basins", named, pairs, paths, output)
    table = pd.read_csv(output)
    assert table["basins"].tolist() == [3, 3]
    assert table["difference_median"].tolist() == pytest.approx([-0.2, 0.1])


def test_nothing_to_compare_gives_an_empty_table(tmp_path):
    ensembles = written(tmp_path, [metrics({"a": 0.9, "b": 0.5})])
    output = str(tmp_path / "comparisons.csv")
    comparisons.write_comparisons("main", [("full", "EP")], [], ensembles, output)
    assert len(pd.read_csv(output)) == 0
    assert (tmp_path / "comparisons.csv").read_text().startswith("experiment,scenario,model,ref")
