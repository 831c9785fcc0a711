import numpy as np
import pandas as pd
import pytest
from scipy import stats

from randvec.comparison.variance import crossed, spread, write


def test_spread_of_a_layout_worked_by_hand():
    """Grand mean 3; rows 2, 4; columns 1, 3, 5; residuals 0 -1 1 and 0 1 -1."""
    table = spread(pd.DataFrame([[0, 1, 5], [2, 5, 5]]))
    assert table["sum_of_squares"].tolist() == [6, 16, 4]
    assert table["freedom"].tolist() == [1, 2, 2]
    # Standard deviations of 2, 4 and of 1, 3, 5; mean square of the residual 4 / 2.
    assert table["sd"].tolist() == pytest.approx([2**0.5, 2, 2**0.5])
    assert table["by_chance"].tolist()[:2] == pytest.approx([(2 / 3) ** 0.5, 1])
    assert np.isnan(table.loc["residual", "by_chance"])
    # Mean squares 6, 8 and 2; with two and two degrees of freedom more than f has 1 / (1 + f).
    assert table["f"].tolist()[:2] == [3, 4]
    assert table.loc["weights", "p_value"] == pytest.approx(1 / 5)
    # One degree over two: a t-test with t of the square root of 3.
    assert table.loc["vectors", "p_value"] == pytest.approx(2 * stats.t.sf(3**0.5, 2))
    assert table.loc["residual", ["f", "p_value"]].isna().all()


def test_sums_of_squares_add_up():
    nse = pd.DataFrame(np.random.default_rng(1).normal(size=(5, 4)))
    table = spread(nse)
    total = ((nse - nse.to_numpy().mean()) ** 2).to_numpy().sum()
    assert table["sum_of_squares"].sum() == pytest.approx(total)
    assert table["freedom"].sum() == 5 * 4 - 1
    assert table.loc["vectors", "sd"] == pytest.approx(nse.mean(axis=1).std())
    assert table.loc["weights", "sd"] == pytest.approx(nse.mean(axis=0).std())


def test_means_of_noise_alone_spread_as_by_chance():
    """Over many layouts without any effect the mean squares agree."""
    rng = np.random.default_rng(1)
    tables = [spread(pd.DataFrame(rng.normal(size=(4, 6)))) for _ in range(500)]
    squares = sum(table[["sd", "by_chance"]] ** 2 for table in tables) / len(tables)
    for source in ("vectors", "weights"):
        small = [table.loc[source, "p_value"] < 0.05 for table in tables]
        assert np.mean(small) == pytest.approx(0.05, abs=0.03)  # three standard errors
        assert squares.loc[source, "sd"] == pytest.approx(squares.loc[source, "by_chance"], rel=0.1)


def test_one_seed_has_no_spread():
    table = spread(pd.DataFrame([[0.5, 0.7]]))
    assert table["sd"].isna().tolist() == [True, False, True]
    assert table[["by_chance", "f", "p_value"]].isna().all(axis=None)


def test_crossed_takes_the_median_of_each_member():
    def metrics(*nse):
        return pd.DataFrame({"member": [1, 1, 1, 2, 2, 2], "basin": [*"abcabc"], "nse": nse})

    table = crossed(
        {2: metrics(0.1, 0.2, 0.9, 0.5, np.nan, 0.7), 1: metrics(0.3, 0.3, 0.3, 0.4, 0.4, 0.4)}
    )
    assert table.index.tolist() == [1, 2]
    assert table.columns.tolist() == [1, 2]
    np.testing.assert_allclose(table, [[0.3, 0.4], [0.2, 0.6]])


def test_the_table_has_every_model_and_leaves_full_out(tmp_path):
    rng = np.random.default_rng(1)
    cells = [("full", "EG-4"), ("vectors-1", "EG-4"), ("vectors-2", "EG-4"), ("vectors-1", "CG-4")]
    cells += [("vectors-2", "CG-4")]
    tables = []
    for number, _ in enumerate(cells):
        nse = rng.normal(size=6)
        table = pd.DataFrame({"member": [1, 1, 2, 2, 3, 3], "basin": [*"ababab"], "nse": nse})
        tables.append(table)
        table.to_csv(tmp_path / f"{number}.csv", index=False)
    paths = [str(tmp_path / f"{number}.csv") for number in range(len(cells))]
    write(cells, paths, paths, str(tmp_path / "spread.csv"))
    written = pd.read_csv(tmp_path / "spread.csv")
    assert list(written.columns[:2]) == ["model", "source"]
    assert written["model"].tolist() == 3 * ["EG-4"] + 3 * ["CG-4"]
    expected = spread(crossed({1: tables[1], 2: tables[2]}))
    pd.testing.assert_frame_equal(written[:3].set_index("source").drop(columns="model"), expected)
