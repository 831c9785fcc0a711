"""Figures of experiments from made-up tables: what is drawn are the numbers of the tables."""

import shutil
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from figure_checks import check, check_saved, draw, entry_of, vector_of
from matplotlib.colors import same_color

from randvec import matrix
from randvec.comparison.medians import COLUMNS
from randvec.comparison.pairs import pairs
from randvec.comparison.statistics import COLUMNS as OF_COMPARISONS
from randvec.comparison.variance import spread
from randvec.descriptors import PAPER as GROUPS
from randvec.evaluation.tables import read_metrics
from randvec.experiments import KINDS
from randvec.figures import intervals, over_scenarios, style
from randvec.figures.files import files_needed
from randvec.figures.inputs import FigureInputs

NAMES = list(KINDS)
LENGTHS = [2, 4, 8, 16, 32, 64, 128, 256, 512]
SEEDS = [1, 2, 3, 4, 5]
ALL = [
    *("EP", "EO", "CP", "CO", "CN", "FP", "FP_corrected", "FO"),
    *(f"{cell}-{d}" for cell, d in product(("EG", "CG", "FG"), LENGTHS)),
    *(f"EM-{d}" for d in LENGTHS[4:]),
    *(f"FG-{d}_corrected" for d in LENGTHS[5:]),
]
GROUPED = [f"{what}-{group}" for what, group in product(("without", "only"), GROUPS)]
YEARS = ["years-1", "years-2", "years-5", "full"]
DRAWS = [f"basins-{count}-s{seed}" for count, seed in product((50, 100, 200, 350), (1, 2, 3))]
NOISE = ["full", "noise-0.25", "noise-0.5", "noise-1", "noise-2"]
#: Experiments as large as anyone runs them: scenario and model of every cell.
LARGE = {
    "dimensions": [("full", code) for code in ALL],
    "data_length": [*product(YEARS, ["EP", "EG-256", "EO", "CN", "FG-256_corrected"])],
    "fewer_basins": [*product([*DRAWS, "full"], ["EP", "EG-256"])],
    "incomplete_descriptors": [
        *product(["full", *GROUPED], ["EP", "EM-32", "EM-256", "CP"]),
        ("full", "EG-256"),
    ],
    "uncertain_descriptors": [
        *product(NOISE, ["EP", "EM-32", "FP"]),
        *product(["full"], ["EG-256", "EO", "CN"]),
    ],
    "vector_luck": [*product([f"vectors-{k}" for k in SEEDS], ["EG-256", "CG-16"])],
    "ungauged_basins": [*product(["full", "folds-5"], ["EP", "EG-256", "EO", "CP", "CG-16", "CN"])],
}
SMALL = {
    "dimensions": [("full", "FG-2")],
    "data_length": [("years-1", "CN")],
    "fewer_basins": [("basins-1-s1", "EP")],
    "incomplete_descriptors": [("without-soil", "EP")],
    "uncertain_descriptors": [("noise-0.5", "EM-28")],
    "vector_luck": [("vectors-7", "EG-2")],
    "ungauged_basins": [("folds-2", "EG-2")],
}


def medians(cells, seed=1) -> pd.DataFrame:
    """A table as `medians` gives it: the ensemble better than its members."""
    rng = np.random.default_rng(seed)
    rows = []
    for scenario, code in cells:
        model = matrix.parse(code)
        level = {"physical": 0.73, "mixed": 0.72, "gaussian": 0.69, "one_hot": 0.67, "none": 0.58}
        median = level[model.vector] + rng.normal(0, 0.01)
        median -= 0.06 * (scenario.startswith(("years", "only"))) + 0.3 * (
            scenario.startswith("folds") and model.vector in ("gaussian", "one_hot")
        )
        members = median - rng.uniform(0.01, 0.05, 5)
        interval = median - rng.uniform(0.01, 0.03), median + rng.uniform(0.01, 0.02)
        kind = (model.architecture, model.vector)
        rows.append((scenario, code, *kind, 531, median, *interval, members.min(), members.max()))
    return pd.DataFrame(rows, columns=COLUMNS)


def compared(table, references=()) -> pd.DataFrame:
    """A table as `comparisons` gives it, for the medians of an experiment."""
    nse = table.set_index(["scenario", "model"])["nse_median"]
    rows = []
    for ours, theirs in pairs(list(nse.index), references):
        difference = nse[ours] - nse[theirs]
        values = dict.fromkeys(OF_COMPARISONS, np.nan)
        values |= {"scenario": ours[0], "model": ours[1]}
        values |= {"reference_scenario": theirs[0], "reference": theirs[1]}
        values |= {"difference_median": difference}
        values |= {"difference_low": difference - 0.004, "difference_high": difference + 0.003}
        rows.append(values)
    return pd.DataFrame(rows, columns=OF_COMPARISONS)


def written(root, name, cells, seeds) -> FigureInputs:
    """Files of an experiment, as the workflow writes them."""
    table = medians(cells)
    (root / "tables").mkdir(parents=True)
    table.to_csv(root / "tables" / f"{name}.csv", index=False)
    basins = pd.DataFrame({"basin": [f"{k:08d}" for k in range(533)], "used": True})
    basins.loc[:1, "used"] = False
    basins.assign(reason="", note="").to_csv(root / "basins.csv", index=False)
    rng = np.random.default_rng(2)
    for scenario, code in table[["scenario", "model"]].itertuples(index=False):
        folder = root / "ensembles" / scenario / code
        folder.mkdir(parents=True)
        nse = [rng.normal(0.7, 0.01) + np.array([-0.1, 0.0, 0.1, np.nan]) for _ in seeds]
        keys = pd.MultiIndex.from_product([seeds, list("abcd")], names=["member", "basin"])
        members = pd.Series(np.ravel(nse), keys, name="nse").reset_index()
        members.to_csv(folder / "metrics_of_members.csv", index=False)
    (root / "tables/comparisons").mkdir()
    compared(table).to_csv(root / f"tables/comparisons/{name}.csv", index=False)
    models = list(table["model"].unique())
    return FigureInputs(root, models, list(seeds), experiment=name, kind=name)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """By experiment, its inputs in full size."""
    root = tmp_path_factory.mktemp("large")
    return {name: written(root / name, name, cells, SEEDS) for name, cells in LARGE.items()}


def drawn(ax) -> pd.DataFrame:
    """What lines in data coordinates of a panel show: a row per line, symbols have one value."""
    rows = [
        (line.get_color(), line.get_marker(), tuple(line.get_xdata()), tuple(line.get_ydata()))
        for line in ax.lines
    ]
    return pd.DataFrame(rows, columns=["colour", "marker", "x", "y"])


def symbols(ax, upright=True) -> dict:
    """Place and NSE of every symbol, by colour and marker of its model."""
    lines = drawn(ax)
    lines = lines[lines["x"].map(len).eq(1)]
    found: dict = {}
    for colour, marker, (x,), (y,) in lines.itertuples(index=False):
        found.setdefault((colour, marker), []).append((x, y) if upright else (y, x))
    return found


def expected(table, code, places) -> list:
    """Place and median NSE of the cells of a model, in the order of the places."""
    rows = table[(table["model"] == code) & table["scenario"].isin(list(places))]
    points = zip(rows["scenario"].map(places), rows["nse_median"], strict=True)
    return sorted(points, key=lambda point: point[0])


def key(code):
    look = style.look(code)
    return look.colour, look.marker


@pytest.mark.parametrize("name", NAMES)
def test_in_full_size(name, large):
    check(name, large[name])


@pytest.mark.parametrize("name", NAMES)
def test_one_cell(name, tmp_path):
    check(name, written(tmp_path / "demo", name, SMALL[name], [7]))


@pytest.mark.parametrize("name", NAMES)
def test_undefined_and_far_below(name, tmp_path):
    """As after a failed training: no NSE at all in one cell, members down to -30 in another."""
    inputs = written(tmp_path / "demo", name, LARGE[name], [1])
    table = inputs.medians()
    table.loc[0, ["nse_median", "nse_low", "nse_high", "member_lowest", "member_highest"]] = np.nan
    table.loc[1, ["nse_low", "member_lowest"]] = -30
    table.to_csv(inputs.results_folder / "tables" / f"{name}.csv", index=False)
    comparisons = inputs.comparisons()
    values = ["difference_median", "difference_low", "difference_high"]
    of_first = comparisons["model"].eq(table["model"][0])
    of_first |= comparisons["reference"].eq(table["model"][0])
    comparisons.loc[of_first & comparisons["scenario"].eq(table["scenario"][0]), values] = np.nan
    comparisons.loc[comparisons["model"].eq("CN") | (comparisons.index % 3 == 0), values[1]] = -30
    comparisons.to_csv(inputs.results_folder / f"tables/comparisons/{name}.csv", index=False)
    check(name, inputs)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_compared(name, tmp_path):
    """Medians can be shown even so."""
    inputs = written(tmp_path / "demo", name, LARGE[name], [1])
    path = inputs.results_folder / f"tables/comparisons/{name}.csv"
    pd.read_csv(path).head(0).to_csv(path, index=False)
    figure = check(name, inputs)
    assert not any("Difference" in ax.get_xlabel() + ax.get_ylabel() for ax in figure.axes)


@pytest.mark.parametrize("name", NAMES)
def test_same_bytes(name, tmp_path):
    inputs, again = (written(tmp_path / k / "demo", name, SMALL[name], [7]) for k in "ab")
    check_saved(name, inputs, again, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_needs_name_every_file_that_is_read(name, large, tmp_path):
    """A figure can be drawn with nothing at hand but what the registry says it needs."""
    inputs = written(tmp_path / "all", name, SMALL[name], [7])
    for path in files_needed(entry_of(name), str(tmp_path / "all"), SMALL[name], [7], vector_of):
        target = tmp_path / "needed" / path.removeprefix(str(tmp_path / "all") + "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    draw(name, replace(inputs, results_folder=tmp_path / "needed"))


def compared_with(table, model, reference, scenario="full", of_reference="full"):
    """Median and ends of the difference of two ensembles, as `compared` made them up."""
    values = ["difference_median", "difference_low", "difference_high"]
    for (ours, of), (theirs, other), sign in (
        ((model, scenario), (reference, of_reference), 1),
        ((reference, of_reference), (model, scenario), -1),
    ):
        rows = table[
            (table["model"] == ours)
            & (table["scenario"] == of)
            & (table["reference"] == theirs)
            & (table["reference_scenario"] == other)
        ]
        if len(rows):
            median, *ends = (sign * rows[values].iloc[0]).tolist()
            return median, tuple(sorted(ends))
    raise KeyError(model, reference)


def test_a_difference_is_found_whichever_of_two_was_compared_with_the_other(large):
    table = large["data_length"].comparisons()
    for ours, theirs in [(("full", "EG-256"), ("full", "EP")), (("full", "CN"), ("full", "EP"))]:
        found = intervals.difference(table, ours, theirs)
        expected = compared_with(table, ours[1], theirs[1])
        assert (found.median, (found.low, found.high)) == expected
        back = intervals.difference(table, theirs, ours)
        assert back == (-found.median, -found.high, -found.low)
    assert intervals.difference(table, ("full", "EP"), ("full", "EP")) is None


def test_dimensions_shows_every_length_in_its_architecture(large):
    table, comparisons = large["dimensions"].medians(), large["dimensions"].comparisons()
    figure = draw("dimensions", large["dimensions"])
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert sorted(titles) == [
        *("(a) EA-LSTM", "(b) CT-LSTM", "(c) FM-LSTM"),
        *("(d) Against EP", "(e) Against CP", "(f) Against descriptors"),
    ]
    panels = {title[1]: ax for title, ax in zip(titles, figure.axes, strict=True)}
    for cell, upper, lower in (("EG", "a", "d"), ("CG", "b", "e"), ("FG", "c", "f")):
        own, shown, below = cell[0] + "P", symbols(panels[upper]), symbols(panels[lower])
        for length in LENGTHS:
            code = f"{cell}-{length}"
            assert shown[key(code)] == expected(table, code, {"full": length})
            median, ends = compared_with(comparisons, code, own)
            assert below[key(code)] == [(length, median)]
            assert ends in set(drawn(panels[lower])["y"])
        for code in (own, cell[0] + "O", "CN"):
            median = table.loc[table["model"] == code, "nse_median"].item()
            assert (1.0, median) in shown[key(code)]  # at the right end of its line
        for code in (cell[0] + "O", "CN"):
            assert below[key(code)] == [(1.0, compared_with(comparisons, code, own)[0])]
    assert not any(ax.patches for ax in figure.axes)  # no bands


def test_members_are_those_of_the_table(large):
    table = large["data_length"].medians()
    ax = draw("data_length", large["data_length"]).axes[0]
    lines = drawn(ax)
    for code, rows in table.groupby("model"):
        here = lines[
            lines["colour"].map(lambda c, code=code: same_color(c, style.look(code).colour))
        ]
        for ends in zip(rows["member_lowest"], rows["member_highest"], strict=True):
            assert ends in set(here["y"])
    assert lines["x"].map(len).max() == 4  # the line of a model, over all years


def test_data_length_has_all_years_last(large):
    table = large["data_length"].medians()
    table = table[(table["model"] != "CN") | (table["scenario"] == "full")]
    shuffled = table.sample(frac=1, random_state=1)
    axis = KINDS["data_length"].axis
    figure = over_scenarios.over_scenarios(shuffled, compared(table), axis)
    ax = figure.axes[0]
    assert [tick.get_text() for tick in figure.axes[-1].get_xticklabels()] == ["1", "2", "5", "all"]
    places = {"years-1": 0, "years-2": 1, "years-5": 2, "full": 3}
    shown = symbols(ax)
    for code in ("EP", "EG-256", "EO"):
        assert sorted(shown[key(code)]) == expected(table, code, places)
    # What was trained on all years alone is a line across.
    assert [x for x, _ in shown[key("CN")]] == [1.0]
    assert not ax.patches


def test_fewer_basins_draws_a_line_through_the_mean_of_draws(large):
    table = large["fewer_basins"].medians()
    ax, _, below = draw("fewer_basins", large["fewer_basins"]).axes
    assert [tick.get_text() for tick in below.get_xticklabels()] == [
        "50",
        "100",
        "200",
        "350",
        "531",
    ]
    lines = drawn(ax)
    means = [
        table[table["scenario"].str.startswith(f"basins-{n}-") & (table["model"] == "EP")][
            "nse_median"
        ].mean()
        for n in (50, 100, 200, 350)
    ]
    assert lines["y"].map(lambda y: len(y) == 5 and y[:4] == pytest.approx(means)).sum() == 1
    assert len(symbols(ax)[key("EP")]) == 13
    # Draws of one number stand side by side.
    offsets = {line.get_transform().transform((50, 0.7))[0] for line in ax.lines}
    assert len(offsets) == 2 * 3


@pytest.mark.parametrize("draws", [1, 3, 10])
def test_draws_stand_nearer_to_their_number_than_to_another_however_many_there_are(draws):
    numbers = [50, 100, 200, 400]
    names = [f"basins-{n}-s{k}" for n in numbers for k in range(1, draws + 1)]
    table = medians([*product([*names, "full"], ["EP", "EG-256", "CN"])])
    axis = KINDS["fewer_basins"].axis
    figure = over_scenarios.over_scenarios(table, compared(table), axis, 531)
    figure.canvas.draw()
    ax = figure.axes[0]
    places = ax.transData.transform([(n, 0.7) for n in (*numbers, 531)])[:, 0]
    left, right = ax.transAxes.transform([(0, 0), (1, 0)])[:, 0]
    shown = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert len(shown) == len(table)
    for line in shown:
        x = line.get_transform().transform((line.get_xdata()[0], 0.7))[0]
        own = ax.transData.transform((line.get_xdata()[0], 0.7))[0]
        assert left < x < right
        assert abs(x - own) <= abs(places - x).min() + 1e-6


def test_incomplete_descriptors_has_a_row_per_group(large):
    table = large["incomplete_descriptors"].comparisons()
    figure = draw("incomplete_descriptors", large["incomplete_descriptors"])
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        "(a) Without the group",
        "(b) With this group only",
    ]
    groups = list(GROUPS)
    ticks = zip(figure.axes[0].get_yticklabels(), figure.axes[0].get_yticks(), strict=True)
    places = {label.get_text(): place for label, place in ticks}
    assert list(places) == [*groups, "EG-256 instead of EP"]
    for ax, what in zip(figure.axes, ("without", "only"), strict=True):
        shown = symbols(ax, upright=False)
        for code in ("EP", "EM-32", "EM-256", "CP"):
            for group in groups:
                median, ends = compared_with(table, code, code, f"{what}-{group}")
                assert (places[group], median) in shown[key(code)]
                assert ends in set(drawn(ax)["x"])
            assert len(shown[key(code)]) == len(groups)
        median, _ = compared_with(table, "EG-256", "EP")
        assert shown[key("EG-256")] == [(places["EG-256 instead of EP"], median)]
    levels = figure.legends[0].get_title().get_text()
    full = large["incomplete_descriptors"].medians().query("scenario == 'full'")
    assert f"EP {full.loc[full['model'] == 'EP', 'nse_median'].item():.2f}" in levels


def test_uncertain_descriptors_stands_at_the_size_of_the_noise(large):
    table = large["uncertain_descriptors"].medians()
    ax = draw("uncertain_descriptors", large["uncertain_descriptors"]).axes[0]
    places = {"full": 0.0, "noise-0.25": 0.25, "noise-0.5": 0.5, "noise-1": 1.0, "noise-2": 2.0}
    shown = symbols(ax)
    for code in ("EP", "EM-32", "FP"):
        assert sorted(shown[key(code)]) == expected(table, code, places)
    assert all(len(shown[key(code)]) == 1 for code in ("EG-256", "EO", "CN"))
    assert not ax.patches


def test_differences_from_full_stand_below_the_medians(large):
    inputs = large["uncertain_descriptors"]
    _, below, _ = draw("uncertain_descriptors", inputs).axes
    table = inputs.comparisons()
    itself = table[(table["model"] == table["reference"]) & (table["model"] == "EP")]
    assert len(itself) == 4
    shown = symbols(below)[key("EP")]
    sizes = itself["scenario"].str.removeprefix("noise-").astype(float)
    expected = sorted(zip(sizes, itself["difference_median"], strict=True))
    assert shown == [(0, 0), *expected]  # full differs from itself by nothing
    bars = set(drawn(below)["y"])
    assert all(
        e in bars for e in zip(itself["difference_low"], itself["difference_high"], strict=True)
    )
    assert below.get_title(loc="left") == "(b) Difference from itself in full"


def test_the_last_panel_holds_all_models_against_the_descriptors_of_the_scenario(large):
    inputs = large["data_length"]
    *_, last = draw("data_length", inputs).axes
    assert last.get_title(loc="left") == "(c) Difference from EP in the same scenario"
    table = inputs.comparisons()
    shown = symbols(last)
    assert key("EP") not in shown
    for code in ("EG-256", "EO", "CN"):
        expected = [
            compared_with(table, code, "EP", name, name)[0]
            for name in ("years-1", "years-2", "years-5", "full")
        ]
        assert [value for _, value in shown[key(code)]] == pytest.approx(expected)


def test_models_in_full_alone_are_held_against_the_descriptors_of_each_scenario(large):
    inputs = large["uncertain_descriptors"]
    comparisons = compared(inputs.medians(), references=["EG-256", "EO", "CN"])
    figure = over_scenarios.over_scenarios(
        inputs.medians(), comparisons, KINDS["uncertain_descriptors"].axis
    )
    shown = symbols(figure.axes[-1])
    for code in ("EG-256", "EO", "CN"):
        expected = [compared_with(comparisons, code, "EP", "full", name)[0] for name in NOISE]
        assert [value for _, value in shown[key(code)]] == pytest.approx(expected)


def test_an_experiment_without_an_axis_has_its_scenarios_side_by_side(large):
    inputs = large["data_length"]
    figure = over_scenarios.over_scenarios(inputs.medians(), inputs.comparisons(), None)
    labels = [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    assert labels == YEARS


def test_vector_luck_prints_every_member_and_its_spread(large):
    inputs = large["vector_luck"]
    figure = draw("vector_luck", inputs)
    matrix_, bars = figure.axes[2:]  # of the second model
    assert matrix_.get_title(loc="left").startswith("(c) CG-16")
    paths = [inputs.members_path(f"vectors-{seed}", "CG-16") for seed in SEEDS]
    members = [read_metrics(path) for path in paths]
    nse = pd.DataFrame([table.groupby("member")["nse"].median() for table in members])
    np.testing.assert_array_equal(matrix_.images[0].get_array(), nse)
    assert [text.get_text() for text in matrix_.texts] == [f"{v:.3f}" for v in nse.to_numpy().flat]
    sd, chance, p = (spread(nse)[name] for name in ("sd", "by_chance", "p_value"))
    assert [bar.get_width() for bar in bars.patches] == pytest.approx(sd.tolist())
    printed = [text.get_text().split("\n") for text in bars.texts]
    own = [f"{sd[source]:.4f} (residual: {chance[source]:.4f})" for source in p.index[:2]]
    assert [lines[0] for lines in printed] == [*own, f"{sd['residual']:.4f}"]
    assert p["vectors"] > 0.001 and p["weights"] > 0.001
    tests = [[f"p = {p[source]:.3f}"] for source in ("vectors", "weights")]
    assert [lines[1:] for lines in printed] == [*tests, []]


def test_ungauged_basins_are_hollow_and_compared_with_gauged_ones_and_descriptors(large):
    inputs = large["ungauged_basins"]
    table, comparisons = inputs.medians().set_index(["scenario", "model"]), inputs.comparisons()
    ax, loss, against = draw("ungauged_basins", inputs).axes
    models = [label.get_text() for label in ax.get_yticklabels()]
    assert models == ["EP", "EG-256", "EO", "CP", "CG-16", "CN"]

    def hollow(panel, place):
        return {
            line.get_xdata()[0]: line.get_markerfacecolor() == "white"
            for line in panel.lines
            if list(line.get_ydata()) == [place]
        }

    for place, code in enumerate(models):
        gauged, ungauged = (table["nse_median"][name, code] for name in ("full", "folds-5"))
        assert hollow(ax, place) == {gauged: False, ungauged: True}
        median, ends = compared_with(comparisons, code, code, "folds-5")
        assert list(hollow(loss, place)) == [median]
        assert ends in set(drawn(loss)["x"])
        other = {"CG-16": "CP", "EP": None}.get(code, "EP")
        if other:
            names = ("full", "folds-5")
            found = [compared_with(comparisons, code, other, name, name)[0] for name in names]
            assert hollow(against, place) == dict(zip(found, (False, True), strict=True))
    (level,) = [line for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert level.get_xdata()[0] == table["nse_median"]["folds-5", "CN"]


def test_an_axis_shows_every_median():
    table = medians([("full", "EP"), ("full", "EG-16")])
    assert intervals.limits(table)[0] > 0
    table.loc[0, "member_lowest"] = -30
    assert -1.3 < intervals.limits(table)[0] < -1
    table.loc[0, "nse_median"] = -5
    assert -6 < intervals.limits(table)[0] < -5
    far = intervals.Difference(-0.1, -30, 0.1)
    assert -1.3 < intervals.limits_of_differences([far])[0] < -1
    assert intervals.limits_of_differences([intervals.Difference(-0.2, -0.3, -0.1)])[1] > 0
