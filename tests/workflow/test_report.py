"""The report of a tiny run: its numbers from the predictions, and how a browser shows it."""

import html
import json
import re
import shutil
import subprocess

import docutils.core
import from_predictions
import pandas as pd
import pytest
from matplotlib.image import imread
from workflow_run import EXPERIMENTS, REPOSITORY, Run, copy

from randvec.comparison.recovered import Recovered
from randvec.figures import FIGURES
from randvec.report import summary

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

#: One of each kind, and one under a name of its own, whose members the others have already.
OWN = {"kind": "data_length", "models": ["EP", "EG-4"], "scenarios": ["years-1"]}
ALL = {**EXPERIMENTS, "one_year_alone": OWN}
STYLE = REPOSITORY / "workflow/report/style.css"


@pytest.fixture(scope="module")
def run(finished_once, tmp_path_factory):
    """The finished tiny run with all experiments, and its report in report.html.

    The text files of the virtual catchments are read as if they were real, so that there are maps.
    """
    folder = tmp_path_factory.mktemp("report")
    subprocess.run(["cp", "-a", f"{finished_once.folder}/.", folder], check=True)
    config = {**copy(finished_once.config), "experiments": ALL}
    (folder / "results/tiny/camels").rename(folder / "camels")
    config["dataset"] = {
        "name": "tiny",
        "source": "camels_us",
        "folder": "camels",
        "basins": "camels/basins.txt",
    }
    run = Run(folder, copy(config))
    run.snakemake()
    run.snakemake("--report", folder / "report.html", "--report-stylesheet", STYLE)
    return run


def words(markup):
    """The text of HTML without its tags, on one line."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


def opening(report):
    """The opening page of a report, as HTML."""
    return json.loads(re.search(r"var workflow_desc = (\".*\");", report.read_text()).group(1))


def test_every_number_of_the_opening_page_comes_from_the_predictions(run):
    medians = from_predictions.experiments(run)
    tables = {"vector_luck": [from_predictions.luck(run)]}
    expected = summary.summary(
        from_predictions.performance(run),
        from_predictions.comparisons(run),
        Recovered(*from_predictions.recovered(run)),
        {
            name: summary.Outcome(ALL[name].get("kind", name), table, tables.get(name, []))
            for name, table in medians.items()
        },
        run.config["models"],
        "CAMELS-US (Newman et al. 2015, Addor et al. 2017)",
    )
    assert medians.keys() == ALL.keys()
    page = opening(run.folder / "report.html")
    page = re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)
    shown = docutils.core.publish_parts(expected, writer="html")["body"]
    assert len(re.findall(r"[0-9]+\.[0-9]+", words(shown))) > 90
    assert words(page).startswith(words(shown)[:100])
    assert (
        page.index("recovers") < page.index("data:image/png,%89%50%4e%47") < page.index("What was")
    )
    for part in shown.split("</p>", 1):  # the picture stands between
        assert words(part) in words(page)
        page = words(page).replace(words(part), "")
    # Outside of what was recomputed, the page has no numbers but those of the configuration.
    others = page
    known = {"2022", "10.1029", "2021", "031794", "2015", "2017", "13", "2", "27", "4", "29"}
    for period in run.config["periods"].values():
        known |= {part for day in period for part in day.split("-")}
    assert set(re.findall(r"\d+(?:\.\d+)?", others)) <= known


def test_a_part_of_the_targets_gives_a_report_without_the_numbers(run, tmp_path):
    path = tmp_path / "part.html"
    run.snakemake("dimensions", "--report", path, "--report-stylesheet", STYLE)
    page = opening(path)
    assert "this report holds a part of them" in page and "What was run" in page
    assert "recovers" not in page and "data:image/png" not in page


def test_from_a_figure_to_its_members(run):
    table = pd.read_csv(run.results / "tables/provenance.csv", keep_default_na=False)
    assert len(table) == 13 * 2 + 32
    in_figure = table[table["figures"].str.split().apply(lambda names: "ungauged_basins" in names)]
    assert set(zip(in_figure["scenario"], in_figure["model"], strict=True)) == {
        (scenario, model)
        for scenario in ("full", "fold-1-of-3", "fold-2-of-3", "fold-3-of-3")
        for model in ("EP", "EG-4", "CN")
    }
    drawn = {name for names in table["figures"] for name in names.split()}
    figures = {path.stem for path in (run.results / "figures").glob("*.png")}
    assert figures == {*FIGURES, *ALL}
    assert drawn == figures - {"data_quality"}


def test_an_experiment_of_a_name_of_its_own_has_what_its_kind_has(run):
    files = {
        *(f"figures/one_year_alone.{end}" for end in ("png", "pdf")),
        *(f"tables/{folder}one_year_alone.csv" for folder in ("", "comparisons/")),
        *(f"report/{before}one_year_alone.html" for before in ("", "comparisons_")),
    }
    assert {name for name in run.made() if "one_year_alone" in name} == files
    own, all_of_kind = (
        pd.read_csv(run.results / f"tables/{name}.csv")
        for name in ("one_year_alone", "data_length")
    )
    # The same members, and the same basins.
    assert list(own["model"]) == ["EP", "EG-4"] and set(own["scenario"]) == {"years-1"}
    there = all_of_kind[all_of_kind["scenario"] == "years-1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, there)
    compared = pd.read_csv(run.results / "tables/comparisons.csv")
    compared = compared[compared["experiment"] == "one_year_alone"]
    assert compared[["model", "reference"]].values.tolist() == [["EG-4", "EP"]]
    said = (run.results / "report/summary.rst").read_text()
    assert "\n* one year alone (3 basins): from " in said
    assert "one year alone" in (run.folder / "report.html").read_text()
    assert run.planned("one_year_alone") == {}


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
        "--window-size=1400,1000",
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


def click(driver, element):
    """Click as soon as nothing lies over the element: the page moves while it draws itself."""
    support = pytest.importorskip("selenium.webdriver.support.wait")
    common = pytest.importorskip("selenium.common.exceptions")
    moving = (common.ElementClickInterceptedException, common.StaleElementReferenceException)
    wait = support.WebDriverWait(driver, 20, ignored_exceptions=moving)
    wait.until(lambda _: element().click() is None)


def open_part(driver, part):
    """Open a part of the report from the menu, as a reader does; gives the names of its rows."""
    click(driver, lambda: find(driver, "nav a")[1])  # the house: back to the menu
    click(driver, lambda: driver.find_element("xpath", f"//nav//a[normalize-space()='{part}']"))
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


def check_first_screen(driver):
    """The answer and its picture are in sight when the report opens; the graph comes after them."""
    picture = driver.find_element("css selector", "div.prose img")
    height = driver.execute_script("return window.innerHeight")
    sentence = driver.find_element("css selector", "div.prose strong")
    assert sentence.is_displayed() and sentence.rect["y"] >= 0
    assert picture.rect["width"] > 800 and picture.rect["y"] + picture.rect["height"] <= height
    graph = driver.find_element("css selector", "div.prose").find_element("xpath", "../..")
    assert (
        driver.execute_script("return getComputedStyle(arguments[0]).flexDirection", graph)
        == "column"
    )


def test_every_part_shows_in_a_browser_and_asks_nothing_of_the_network(report, tmp_path):
    opening = report.find_element("css selector", "div.prose")
    assert "What came out." in opening.text and opening.rect["y"] >= 0
    check_first_screen(report)
    report.save_screenshot(str(tmp_path / "report.png"))
    assert imread(tmp_path / "report.png").std() > 0.05
    parts = report.execute_script("return Object.keys(categories)")
    # In the order of the configuration, whose file has its keys sorted.
    experiments = [f"Experiment on {name.replace('_', ' ')}" for name in sorted(ALL)]
    ordered = ["Answer", "Figures", *experiments, "Tables", "Run"]
    assert sorted(parts) == [f"{place:02d}. {name}" for place, name in enumerate(ordered, start=1)]
    seen = {"image": 0, "page": 0, "file": 0}
    for part in parts:
        for number, name in enumerate(open_part(report, part)):
            view = find(find(report, "nav tbody tr")[number], "a")[0]
            if view.get_attribute("download"):
                assert view.get_attribute("href").startswith("data:"), name
                seen["file"] += 1
            else:
                click(report, lambda view=view: view)
                seen[check_view(report, name)] += 1
        click(report, lambda: find(find(report, "nav tbody tr")[0], "a")[1])
        assert len(report.find_element("css selector", "nav li.prose").text) > 100
    # In the parts of the experiments and of the answer raw files stand beside the pages; elsewhere
    # a switch leads to them. Eight experiments have medians, seven of them comparisons, and luck
    # its analysis; the answer has two tables and the summary.
    images = len(FIGURES) + len(ALL)
    assert seen == {"image": images, "page": 6 + 3 + 8 + 7 + 1, "file": 3 + 8 + 7 + 1}
    captions = report.execute_script(
        "return Object.entries(results).map(r => [r[0], r[1].caption])"
    )
    for path, caption in captions:
        assert len(words(caption)) > 100, f"{path} has no caption"
        assert "System Message" not in caption, path
        assert not re.search(r"[a-z]\.[A-Z]", words(caption)), f"{path}: sentences run together"
    said = report.get_log("browser")
    assert [entry for entry in said if entry["level"] == "SEVERE"] == []
    messages = [json.loads(entry["message"])["message"] for entry in report.get_log("performance")]
    asked = {
        message["params"]["request"]["url"].partition(":")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert asked == {"file", "data"}
