"""Documents: links lead somewhere, and what they repeat is what it repeats."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from randvec.comparison.recovered import read as read_answer
from randvec.comparison.statistics import median_interval
from randvec.descriptors import PAPER
from randvec.experiments import KINDS
from randvec.figures import FIGURES
from randvec.formatting import with_interval

REPOSITORY = Path(__file__).parents[2]
#: Runs that were measured, a folder each.
MEASURED = REPOSITORY / "docs/results"
#: Columns of a table of comparisons.
DIFFERENCE = ["difference_median", "difference_low", "difference_high"]
#: Below results/ only the README is in the repository.
FOLDERS = ("benchmarks", "config", "docs", "envs", "profiles", "tests", "workflow")
DOCUMENTS = [
    *REPOSITORY.glob("*.md"),
    *(path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.md")),
    REPOSITORY / "results/README.md",
]


def prose(path):
    """A document without its blocks of code and inline code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ {4}.*$", "", text, flags=re.M))


def links(path):
    """Targets of the links and images of a document that lead into the repository."""
    found = re.findall(r"\]\(([^()\s]+)\)", prose(path))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(path):
    """What a forge makes of the headings of a document."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def named(path):
    return path.relative_to(REPOSITORY).as_posix()


def table(path, heading):
    """The first column of the table below a heading of a document."""
    text = path.read_text(encoding="utf-8")
    part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.M | re.S).group(1)
    return re.findall(r"^\| `(\w+)` \|", part, re.M)


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_relative_links_resolve(path):
    for link in links(path):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{named(path)}: {link}"
        assert not anchor or anchor in anchors(target), f"{named(path)}: {link}"


def test_the_search_for_links_finds_them():
    found = links(REPOSITORY / "README.md")
    assert "docs/targets.md#figures" in found and "docs/results/laptop_531/answer.png" in found
    assert {"your-own-data", "a-gpu-a-cluster"} <= anchors(REPOSITORY / "README.md")


def test_every_document_can_be_reached_from_the_readme():
    reached, new = set(), [REPOSITORY / "README.md"]
    while new:
        path = new.pop()
        reached.add(path)
        follow = {(path.parent / link.partition("#")[0]).resolve() for link in links(path)}
        new += [other for other in follow - reached if other.suffix == ".md" and other.exists()]
    assert set(map(named, DOCUMENTS)) - set(map(named, reached)) == set()


def test_the_readme_is_short():
    assert len((REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()) <= 110


def test_the_medians_in_the_readme_are_those_of_the_runs():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (E\S+|C\S+) \|.*\| (0\.\d{3}) \| (0\.\d{3}) \|$", text, re.M)
    models, *told = zip(*rows, strict=True)
    assert models == ("EP", "EG-256", "CN")
    for folder, medians in zip(("overnight_531", "laptop_531"), told, strict=True):
        run = pd.read_csv(MEASURED / folder / "performance.csv")
        run = run[(run["member"] == "ensemble") & (run["scenario"] == "full")].set_index("model")
        assert (run["basins"] == 531).all()
        assert medians == tuple(f"{run.loc[model, 'nse_median']:.3f}" for model in models)


def test_the_share_in_the_readme_is_that_of_the_run():
    found = read_answer(MEASURED / "overnight_531/answer.csv")
    readme = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())
    share, low, high = (
        f"{100 * value:.0f}" for value in (found.share, found.share_low, found.share_high)
    )
    less, most, least = (
        f"{-value:.3f}" for value in (found.difference, found.difference_low, found.difference_high)
    )
    for said in (
        f"256 random numbers recover {share} % of",
        f"(95 % interval over the basins {low} to {high} %)",
        f"and {100 * found.share_alone:.0f} % in a single one",
        f"by {less} in the median basin [{least}, {most}]",
        f"worse in {found.losses} and better in {found.wins} (by more than 0.01;",
    ):
        assert said in readme


def told_of_a_model(row):
    """The cells of a page's table that follow from the rows of one model in performance.csv."""
    ensemble = row[row["member"] == "ensemble"].iloc[0]
    members = row.loc[row["member"] != "ensemble", "nse_median"]
    return {
        f"{ensemble['vector']} ({ensemble['dimension']})",
        f"{ensemble['nse_median']:.3f}",
        f"{members.min():.3f} to {members.max():.3f}",
        f"{ensemble['kge_median']:.3f}",
        f"{ensemble['nse_failures']} of {ensemble['basins']}",
    }


@pytest.mark.parametrize("path", sorted(MEASURED.glob("*/performance.csv")), ids=named)
def test_the_table_of_a_measured_run_is_that_of_its_file(path):
    run = pd.read_csv(path)
    run = run[run["scenario"] == "full"]
    page = (path.parent / "README.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    told = {cells[0]: set(cells[1:]) for cells in rows}
    main = [model for model in told if model in set(run["model"])]
    assert len(main) >= 4
    for model in main:
        assert told_of_a_model(run[run["model"] == model]) <= told[model], model


def test_the_basins_of_the_main_comparison_have_its_medians():
    folder = MEASURED / "laptop_531"
    run = pd.read_csv(folder / "performance.csv")
    medians = run[run["member"] == "ensemble"].set_index("model")["nse_median"]
    nse = pd.read_csv(folder / "nse.csv", index_col="basin")
    assert len(nse) == 531 and list(nse) == list(medians.index)
    assert nse.median().tolist() == pytest.approx(medians.tolist(), abs=1e-4)


def test_the_answer_is_drawn_again_as_the_page_says(tmp_path, monkeypatch):
    page = (MEASURED / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    (tmp_path / "docs").symlink_to(REPOSITORY / "docs")
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    height, width, _ = plt.imread(tmp_path / "answer.png").shape
    assert width > 1000 and height > 1000


def test_the_scores_of_other_settings_are_those_of_the_run():
    folder = MEASURED / "laptop_531"
    page = (folder / "README.md").read_text(encoding="utf-8")
    for row in pd.read_csv(folder / "settings.csv").itertuples():
        told = re.escape(f"| {row.epochs} | {row.loss:.4f} | {row.validation_nse:.3f} |")
        assert re.search(rf"^\| 0\.\d+ \| {row.model.partition('_')[0]} .*{told}$", page, re.M), row


def test_the_table_of_ungauged_basins_is_that_of_its_files():
    folder = MEASURED / "ungauged_531"
    medians = pd.read_csv(folder / "ungauged_basins.csv").set_index(["model", "scenario"])
    fall = pd.read_csv(folder / "comparisons.csv")
    fall = fall[fall["model"] == fall["reference"]].set_index("model")
    nse = pd.read_csv(folder / "nse.csv")
    assert len(nse) == 531
    page = (folder / "README.md").read_text(encoding="utf-8")
    for model in ("EP", "EG-256", "CN"):
        told = [f"{medians.loc[model, 'vector'].iloc[0]} ({ {'EP': 27, 'CN': 0}.get(model, 256) })"]
        for scenario, kind in (("full", "gauged"), ("folds-3", "ungauged")):
            row = medians.loc[model, scenario]
            told += [f"{row['nse_median']:.3f}"]
            told += [f"{row['member_lowest']:.3f} to {row['member_highest']:.3f}"]
            assert nse[f"{model} {kind}"].median() == pytest.approx(row["nse_median"], abs=1e-4)
        values = fall.loc[model, DIFFERENCE]
        told += ["{} [{}, {}]".format(*(f"\u2212{-value:.3f}" for value in values))]
        assert f"| {model} | {' | '.join(told)} |" in page


def test_the_table_of_fewer_years_is_that_of_the_run():
    folder = MEASURED / "years_531"
    medians = pd.read_csv(folder / "data_length.csv").set_index(["scenario", "model"])["nse_median"]
    found = pd.read_csv(folder / "comparisons.csv")
    found = found[found["scenario"] == found["reference_scenario"]]
    found = found.set_index(["scenario", "model", "reference"])
    nse = pd.read_csv(folder / "nse.csv")
    page = (folder / "README.md").read_text(encoding="utf-8")
    for years, scenario in ((1, "years-1"), (2, "years-2"), (5, "years-5"), (9, "full")):
        told = [str(years)]
        for model in ("EP", "EG-256", "EO", "CN"):
            median = medians[scenario, model]
            told += [f"{median:.3f}"]
            assert nse[f"{model} {scenario}"].median() == pytest.approx(median, abs=1e-4)
        for pair in (("EG-256", "EP"), ("EO", "EP"), ("EG-256", "CN")):
            told += [with_interval(*found.loc[(scenario, *pair), DIFFERENCE])]
        assert f"| {' | '.join(told)} |" in page


def test_the_medians_of_fewer_basins_are_those_of_the_run():
    folder = MEASURED / "fewer_basins_531"
    medians = pd.read_csv(folder / "fewer_basins.csv").set_index(["scenario", "model"])
    nse = pd.read_csv(folder / "nse.csv", index_col=0)
    page = (folder / "README.md").read_text(encoding="utf-8")
    for count in (50, 100, 200, 350, 531):
        scenario = f"basins-{count}-s1" if count < 531 else "full"
        ours = nse[f"EG-256 {scenario}"].dropna()
        assert len(ours) == count
        less = ours - nse.loc[ours.index, f"EP {scenario}"]
        told = [medians.loc[(scenario, model), "nse_median"] for model in ("EP", "EG-256")]
        own = [nse.loc[ours.index, name] for name in (f"EP {scenario}", "CN full")]
        told += [own[0].median(), ours.median(), own[1].median()]
        difference = with_interval(less.median(), *median_interval(less.to_numpy()))
        row = [str(count), *(f"{value:.3f}" for value in told), difference]
        assert f"| {' | '.join(row)} |" in page


def test_the_tables_of_lengths_are_those_of_the_run():
    folder = MEASURED / "dimensions_531"
    medians = pd.read_csv(folder / "dimensions.csv").set_index("model")
    found = pd.read_csv(folder / "comparisons.csv").set_index(["model", "reference"])
    nse = pd.read_csv(folder / "nse.csv")
    page = (folder / "README.md").read_text(encoding="utf-8")
    lengths = [2, 4, 8, 16, 32, 64, 128, 256, 512]
    models = {f"{letter}G-{length}" for letter in "EC" for length in lengths}
    models |= {"EP", "EO", "EM-32", "CP", "CO", "FP", "FO", "FG-2", "FG-512", "CN"}
    assert models <= set(medians.index)
    for model, row in medians.iterrows():
        assert nse[model].median() == pytest.approx(row["nse_median"], abs=1e-4)
        told = [f"{row['nse_median']:.3f}", f"{row['member_lowest']:.3f} to "]
        told[1] += f"{row['member_highest']:.3f}"
        for reference in (f"{model[0]}P", "CN"):
            pair = (model, reference)
            told += [with_interval(*found.loc[pair, DIFFERENCE])] if pair in found.index else [""]
        assert "".join(f"| {cell} " if cell else "| " for cell in [model, *told]) + "|" in page
    assert f"corrected for {len(found)} comparisons" in page


def told_of(model, folder, table, references):
    """The cells of a page that follow from the tables of the run, by scenario but for full."""
    medians = pd.read_csv(folder / table).set_index(["scenario", "model"])
    found = pd.read_csv(folder / "comparisons.csv").set_index(["scenario", "model", "reference"])
    nse = pd.read_csv(folder / "nse.csv")
    told = {}
    for scenario in [name for name, code in medians.index if code == model and name != "full"]:
        row = medians.loc[(scenario, model)]
        assert nse[f"{model} {scenario}"].median() == pytest.approx(row["nse_median"], abs=1e-4)
        cells = [f"{row['nse_median']:.3f}"]
        cells += [f"{row['member_lowest']:.3f} to {row['member_highest']:.3f}"]
        for reference in references:
            cells += [with_interval(*found.loc[(scenario, model, reference), DIFFERENCE])]
        told[scenario] = " | ".join(cells)
    return told


def test_the_table_of_noise_is_that_of_the_run():
    folder = MEASURED / "noise_531"
    page = (folder / "README.md").read_text(encoding="utf-8")
    for model, references in (("EP", ["EP", "EG-256", "CN"]), ("EM-32", ["EM-32", "EP", "EG-256"])):
        told = told_of(model, folder, "uncertain_descriptors.csv", references)
        for size in ("0.25", "0.5", "1", "2"):
            assert f"| {size} | {told[f'noise-{size}']} |" in page
    count = len(pd.read_csv(folder / "comparisons.csv"))
    assert f"corrected for {count} comparisons" in page


def test_the_tables_of_groups_of_descriptors_are_those_of_the_run():
    folder = MEASURED / "incomplete_531"
    page = (folder / "README.md").read_text(encoding="utf-8")
    for model, references in (("EP", ["EP", "EG-256", "CN"]), ("EM-32", ["EM-32", "EP", "EG-256"])):
        told = told_of(model, folder, "incomplete_descriptors.csv", references)
        assert len(told) == 10
        for scenario, cells in told.items():
            what, group = scenario.split("-")
            size = len(PAPER[group]) if what == "only" else 27 - len(PAPER[group])
            drawn = f" | {32 - size}" if model == "EM-32" else ""
            assert f"| {what} {group} | {size}{drawn} | {cells} |" in page
    medians = pd.read_csv(folder / "incomplete_descriptors.csv")
    alone = medians.query("scenario == 'only-climate'").set_index("model")["nse_median"]
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    told = "climate give {:.3f}, with 23 random numbers {:.3f}.".format(*alone[["EP", "EM-32"]])
    assert told in readme
    count = len(pd.read_csv(folder / "comparisons.csv"))
    assert f"corrected for {count} comparisons" in page


def test_the_medians_of_drawn_vectors_are_those_of_the_run():
    folder = MEASURED / "vectors_531"
    members = pd.read_csv(folder / "members.csv", index_col=0)
    medians = pd.read_csv(folder / "vector_luck.csv").set_index("scenario")["nse_median"]
    nse = pd.read_csv(folder / "nse.csv")
    page = (folder / "README.md").read_text(encoding="utf-8")
    for seed, row in members.iterrows():
        assert row["ensemble"] == pytest.approx(medians[f"vectors-{seed}"], abs=1e-4)
        assert row["ensemble"] == pytest.approx(nse[f"vectors {seed}"].median(), abs=1e-4)
        assert f"| {seed} | {' | '.join(f'{value:.3f}' for value in row)} |" in page
    gained = nse.filter(regex=r"^vectors \d").median() - 0.5776  # CN; EP, with 0.7154, gains 0.1378
    assert f"{gained.min() / 0.1378:.0%} {gained.max() / 0.1378:.0%}" == "90% 97%"
    assert "which is 90 to 97 % of what descriptors gain" in page
    own = [nse["own vectors"].median(), *(members.loc[k, f"weights {k}"] for k in range(1, 6))]
    assert f"| each its own | {' | '.join(f'{value:.3f}' for value in own)} |" in page


def test_the_table_of_figures_names_every_figure():
    assert sorted(table(REPOSITORY / "docs/targets.md", "Figures")) == sorted([*FIGURES, *KINDS])


def test_the_medians_of_switzerland_are_those_of_the_run():
    run = pd.read_csv(MEASURED / "switzerland/performance.csv")
    run = run[run["member"] == "ensemble"].set_index("model")
    assert (run["basins"] == 163).all()
    median = {model: f"{run.loc[model, 'nse_median']:.3f}" for model in ("EG-256", "EP", "CN")}
    readme = " ".join((REPOSITORY / "README.md").read_text(encoding="utf-8").split())
    told = "{EG-256} with a random vector, {EP} with descriptors, {CN} with neither"
    assert told.format(**median) in readme
