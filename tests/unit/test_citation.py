"""One version: that of the package, of the newest release in the changelog, and of the citation."""

import datetime
import re
import tomllib
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]


def citation():
    return yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))


def sections():
    """Headings of the changelog, from the newest."""
    return re.findall(r"^## (.*)$", (REPOSITORY / "CHANGELOG.md").read_text("utf-8"), re.M)


def test_version_and_date_agree():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    released = [section for section in sections() if section != "Unreleased"]
    assert released[0] == f"{project['version']} ({citation()['date-released']})"
    assert citation()["version"] == project["version"]


def test_only_the_newest_section_may_be_unreleased():
    dates = []
    for place, section in enumerate(sections()):
        if place == 0 and section == "Unreleased":
            continue
        date = re.fullmatch(r"\d+\.\d+\.\d+ \((\d{4}-\d\d-\d\d)\)", section).group(1)
        dates.append(datetime.date.fromisoformat(date))
    assert dates and dates == sorted(dates, reverse=True)


def test_the_citation_says_what_a_citation_needs():
    found = citation()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert found["cff-version"] == "1.2.0" and found["type"] == "software"
    assert found["message"] and found["title"].startswith("randvec") and found["authors"]
    assert isinstance(found["date-released"], datetime.date)
    assert found["license"] == project["license"]
    assert found["abstract"] and found["keywords"]
    paper, *data = found["references"]
    assert paper["doi"] == "10.1029/2021WR031794" and paper["year"] == 2022
    assert paper["authors"][0] == {"family-names": "Li", "given-names": "Xiang"}
    # Whoever shows results of CAMELS-US cites its data too, as the README says.
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    assert len(data) == 2 and all(f"doi:{source['doi']}" in readme for source in data)
