"""The report of a tiny run: its numbers from the predictions, and how a browser shows it."""

import html
import json
import re
import shutil
import subprocess

import docutils.core
import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread
from scipy import stats
from workflow_run import REPOSITORY, Run, copy

from randvec import matrix
from randvec.evaluation import summary

pytestmark = pytest.mark.workflow

EXPERIMENTS = {
    "dimensions": {"models": ["EP", "EG-4"]},
    "ungauged_basins": {"models": ["EP"], "scenarios": ["full", "fold-1-of-2", "fold-2-of-2"]},
}
STYLE = REPOSITORY / "workflow/report/style.css"


@pytest.fixture(scope="module")
def run(finished_once, tmp_path_factory):
    """The finished tiny run with two experiments, and its report in report.html."""
    folder = tmp_path_factory.mktemp("report")
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", folder], check=True)
    run = Run(folder, {**copy(finished_once.config), "experiments": EXPERIMENTS})
    run.snakemake()
    run.snakemake("--report", folder / "report.html", "--report-stylesheet", STYLE)
    return run


def nse_from_predictions(run, scenario, model, seeds):
    """NSE of the mean of some members, by basin, straight from their predictions.parquet."""
    folder = run.results / "members" / scenario / model
    members = [pd.read_parquet(folder / f"seed{seed}/predictions.parquet") for seed in seeds]
    days = members[0].assign(simulated=np.mean([m["simulated"] for m in members], axis=0))
    days = days.dropna(subset="observed").astype({"observed": float})
    by_basin = days.groupby("basin")
    errors = (days["simulated"] - days["observed"]) ** 2
    spread = (days["observed"] - by_basin["observed"].transform("mean")) ** 2
    return 1 - errors.groupby(days["basin"]).sum() / spread.groupby(days["basin"]).sum()


def performance_from_predictions(run):
    rows = []
    for model in run.config["models"]:
        cell = matrix.parse(model)
        for member, seeds in {"ensemble": [1, 2], "1": [1], "2": [2]}.items():
            nse = nse_from_predictions(run, "full", model, seeds)
            rows.append(
                {
                    "scenario": "full",
                    "model": model,
                    "vector": cell.vector,
                    "dimension": 3 if cell.vector == "one_hot" else cell.dimension,
                    "member": member,
                    "basins": 3,
                    "basins_dropped": 0,
                    "basins_undefined": 0,
                    "nse_median": nse.median(),
                    "nse_failures": (nse <= 0).sum(),
                }
            )
    return pd.DataFrame(rows)


def ensemble_from_predictions(run, scenario, model):
    """NSE of an ensemble by basin; of both folds together for folds-2."""
    parts = ["fold-1-of-2", "fold-2-of-2"] if scenario == "folds-2" else [scenario]
    return pd.concat([nse_from_predictions(run, part, model, [1, 2]) for part in parts])


def comparisons_from_predictions(run):
    """The comparisons that were made, with numbers of our own."""
    names = ["scenario", "model", "reference_scenario", "reference"]
    table = pd.read_csv(run.results / "tables/comparisons.csv")[names]
    rows = []
    for scenario, model, reference_scenario, reference in table.itertuples(index=False):
        ours = ensemble_from_predictions(run, scenario, model)
        theirs = ensemble_from_predictions(run, reference_scenario, reference)
        difference = (ours - theirs).sort_index()
        interval = stats.bootstrap(
            (difference.to_numpy(),),
            np.median,
            n_resamples=9999,
            batch=1000,
            method="percentile",
            rng=np.random.default_rng(1),
        ).confidence_interval
        rows.append(
            {
                "model_median": ours.median(),
                "reference_median": theirs.median(),
                "difference_median": difference.median(),
                "difference_low": interval.low,
                "difference_high": interval.high,
                "wins": (difference > 0.01).sum(),
                "ties": (difference.abs() <= 0.01).sum(),
                "losses": (difference < -0.01).sum(),
                "p_value": stats.wilcoxon(difference).pvalue,
            }
        )
    table = pd.concat([table, pd.DataFrame(rows)], axis=1)
    # Holm: the k-th smallest of m is multiplied by m - k + 1, and none is below the one before.
    largest = 0.0
    for rank, place in enumerate(table["p_value"].sort_values(kind="stable").index):
        largest = max(largest, (len(table) - rank) * table.loc[place, "p_value"])
        table.loc[place, "p_holm"] = min(largest, 1)
    return table


def experiments_from_predictions(run):
    cells = {
        "dimensions": [("full", "EP"), ("full", "EG-4")],
        "ungauged_basins": [("full", "EP"), ("folds-2", "EP")],
    }
    return {
        name: pd.DataFrame(
            [(*cell, ensemble_from_predictions(run, *cell).median(), 3) for cell in shown],
            columns=["scenario", "model", "nse_median", "basins"],
        )
        for name, shown in cells.items()
    }


def words(markup):
    """The text of HTML without its tags, on one line."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


def test_every_number_of_the_opening_page_comes_from_the_predictions(run):
    expected = summary.summary(
        performance_from_predictions(run),
        comparisons_from_predictions(run),
        experiments_from_predictions(run),
        "full",
        run.config["models"],
    )
    report = (run.folder / "report.html").read_text()
    page = json.loads(re.search(r"var workflow_desc = (\".*\");", report).group(1))
    page = re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)
    shown = docutils.core.publish_parts(expected, writer="html")["body"]
    assert len(re.findall(r"[0-9]+\.[0-9]+", words(shown))) > 90
    assert words(shown) in words(page)
    # Outside of what was recomputed, the page has no numbers but those of the configuration.
    others = words(page).replace(words(shown), "")
    known = {"2022", "10.1029", "2021", "031794", "13", "2", "27", "4", "29"}
    for period in run.config["periods"].values():
        known |= {part for day in period for part in day.split("-")}
    assert set(re.findall(r"\d+(?:\.\d+)?", others)) <= known


def test_a_part_of_the_targets_gives_a_report_without_the_numbers(run, tmp_path):
    path = tmp_path / "part.zip"
    run.snakemake("dimensions", "--report", path, "--report-stylesheet", STYLE)
    assert path.stat().st_size > 100_000


def test_from_a_figure_to_its_members(run):
    table = pd.read_csv(run.results / "tables/provenance.csv", keep_default_na=False)
    assert len(table) == 13 * 2 + 2 * 2
    in_figure = table[table["figures"].str.split().apply(lambda names: "ungauged_basins" in names)]
    assert set(zip(in_figure["scenario"], in_figure["model"], strict=True)) == {
        ("full", "EP"),
        ("fold-1-of-2", "EP"),
        ("fold-2-of-2", "EP"),
    }
    drawn = {name for names in table["figures"] for name in names.split()}
    figures = {path.stem for path in (run.results / "figures").glob("*.png")}
    assert drawn == figures - {"data_quality"}


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium that reaches no other machine and logs what it asks for."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("no browser: the programs chromium and chromedriver are not installed")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in (
        "--headless=new",
        "--no-sandbox",  # which root needs
        "--disable-dev-shm-usage",
        "--window-size=1600,1000",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.implicitly_wait(20)
    yield driver
    driver.quit()


@pytest.fixture
def report(browser, run):
    browser.get((run.folder / "report.html").as_uri())
    return browser


def find(driver, selector):
    return driver.find_elements("css selector", selector)


def open_part(driver, part):
    """Open a part of the report from the menu, as a reader does; gives the names of its rows."""
    find(driver, "nav a")[1].click()  # the house: back to the menu
    driver.find_element("xpath", f"//nav//a[normalize-space()='{part}']").click()
    return [row.text for row in find(driver, "nav tbody tr")]


def check_view(driver, name):
    """What is shown is an image of full size, or a page with content; its beginning in sight."""
    shown = driver.find_element(
        "css selector", "div.grow.h-screen > div > img, div.grow.h-screen > iframe"
    )
    if shown.tag_name == "img":
        width, top = driver.execute_async_script(
            "const [image, done] = arguments; image.decode().then(() => "
            "{image.parentElement.parentElement.scrollTo(0, 0);"
            "done([image.naturalWidth, image.getBoundingClientRect().top])})",
            shown,
        )
        assert width == int(175 / 25.4 * 300), name
        assert top >= 0, f"the top of {name} is out of reach"
        return "image"
    driver.switch_to.frame(shown)
    assert driver.find_element("css selector", "td, pre").text, name
    driver.switch_to.default_content()
    return "page"


def test_every_part_shows_in_a_browser_and_asks_nothing_of_the_network(report, tmp_path):
    assert "What came out." in report.find_element("css selector", "div.prose").text
    assert report.find_element("css selector", "div.prose").rect["y"] >= 0
    report.save_screenshot(str(tmp_path / "report.png"))
    assert imread(tmp_path / "report.png").std() > 0.05
    parts = report.execute_script("return Object.keys(categories)")
    assert sorted(parts) == [
        "Experiment on dimensions",
        "Experiment on ungauged basins",
        "Figures",
        "Run",
        "Tables",
    ]
    seen = {"image": 0, "page": 0, "file": 0}
    for part in parts:
        for number, name in enumerate(open_part(report, part)):
            view = find(find(report, "nav tbody tr")[number], "a")[0]
            if view.get_attribute("download"):
                assert view.get_attribute("href").startswith("data:"), name
                seen["file"] += 1
            else:
                view.click()
                seen[check_view(report, name)] += 1
        find(find(report, "nav tbody tr")[0], "a")[1].click()
        assert len(report.find_element("css selector", "nav li.prose").text) > 100
    figures = report.execute_script(
        "return Object.keys(results).filter(path => path.endsWith('.png')).length"
    )
    # Beside the pages of two experiments stand their raw files; elsewhere a switch leads to them.
    assert seen == {"image": figures, "page": 9, "file": 2}
    captions = report.execute_script(
        "return Object.entries(results).map(r => [r[0], r[1].caption])"
    )
    for path, caption in captions:
        assert len(words(caption)) > 100, f"{path} has no caption"
        assert "System Message" not in caption, path
    said = report.get_log("browser")
    assert [entry for entry in said if entry["level"] == "SEVERE"] == []
    messages = [json.loads(entry["message"])["message"] for entry in report.get_log("performance")]
    asked = {
        message["params"]["request"]["url"].partition(":")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert asked == {"file", "data"}
