"""What the report tells of the run itself: times, versions, the provenance of members, pages."""

import hashlib
import json
import os

import pandas as pd
import pytest

from randvec.figures import FIGURES
from randvec.figures.files import ensembles_drawn, models_drawn, shows_models
from randvec.report import page, provenance, run_times, versions

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def benchmark(path, seconds, memory):
    path.write_text(f"{HEAD}{seconds}\t0:00:01\t{memory}\t1\t1\t1\t0\t0\t0\t0\n")
    return str(path)


def test_times_are_summed_by_stage_and_model(tmp_path):
    jobs = {
        "series": [("", benchmark(tmp_path / "a", 2.5, 100))],
        "predict": [
            ("EP", benchmark(tmp_path / "b", 10, 300)),
            ("CN", benchmark(tmp_path / "c", 0.01, "-")),  # too short to be measured
            ("EP", benchmark(tmp_path / "d", 31.125, 200.5)),
            ("EP", str(tmp_path / "lost")),
            ("CO", str(tmp_path / "lost")),
        ],
        "ensemble": [],
    }
    table = run_times.run_times(jobs).astype(object).fillna("")
    assert table.columns.tolist() == run_times.COLUMNS
    assert table.values.tolist() == [
        ["series", "", 1, 0, 2.5, 2.5, 2.5, 100],
        ["predict", "EP", 2, 1, 41.125, 20.5625, 31.125, 300],
        ["predict", "CN", 1, 0, 0.01, 0.01, 0.01, ""],
        ["predict", "CO", 0, 1, "", "", "", ""],
    ]


def test_a_job_of_several_members_counts_once_and_the_last_job_of_a_member_counts(tmp_path):
    for number, (path, seconds) in enumerate(
        [
            ("train/full/EP/seed1", 7.126),  # then trained with the second
            ("train/full/EP/seed1_2", 10.119),
            ("train/full/EP/seed12", 9),
            ("predict/full/EP/seed1_2", 5),
            ("predict/full/EP/seed2", 3),  # simulated with it before
            ("ensemble/full/EP", 1),
        ]
    ):
        file = tmp_path / f"benchmarks/{path}.tsv"
        file.parent.mkdir(parents=True, exist_ok=True)
        benchmark(file, seconds, 300)
        os.utime(file, (number, number))
    # With its own vectors the second member is the one of the scenario full.
    named = [("full", "EP"), ("vectors-2", "EP")]
    run_times.write(tmp_path, named, [1, 2, 12], tmp_path / "times.csv")
    table = pd.read_csv(tmp_path / "times.csv", keep_default_na=False)
    assert table.astype(str).values.tolist() == [
        ["series", "", "0", "1", "", "", "", ""],
        ["train", "EP", "2", "2", "19.12", "9.56", "10.12", "300.0"],
        ["predict", "EP", "2", "3", "8.0", "4.0", "5.0", "300.0"],
        ["ensemble", "EP", "1", "1", "1.0", "1.0", "1.0", "300.0"],
    ]


def member(folder, scenario, model, seed, torch="2.0", commit="abc"):
    place = folder / "members" / scenario / model / f"seed{seed}"
    place.mkdir(parents=True)
    vectors = None if model == "CN" else f"gaussian-4-s{seed}"
    settings = {
        "vectors": vectors,
        "inputs": {"series.parquet": "data", f"{vectors}.parquet": f"of seed {seed}"},
        "code": "code",
        "device": "cpu",
        "versions": {"python": "3.11", "torch": torch},
        "git_commit": commit,
    }
    (place / "settings.json").write_text(json.dumps(settings))
    (place / "weights.safetensors").write_bytes(f"weights {model} {seed}".encode())
    (place / "predictions.parquet").write_bytes(b"predictions")


def test_every_member_has_a_row_with_its_figures_and_digests(tmp_path):
    # An earlier version wrote null for an unknown commit.
    for scenario, model, seed in [
        ("full", "EG-4", 1),
        ("full", "EG-4", 2),
        ("vectors-2", "EG-4", 1),
        ("full", "CN", 1),
        ("full", "CN", 2),
    ]:
        member(tmp_path, scenario, model, seed, commit=None)
    named = [("full", "EG-4"), ("vectors-2", "EG-4"), ("full", "CN")]
    figures = {"cdf": [("full", "EG-4"), ("full", "CN")], "luck": [("vectors-2", "EG-4")]}
    provenance.write(tmp_path, named, [1, 2], figures, tmp_path / "provenance.csv")
    table = pd.read_csv(tmp_path / "provenance.csv", keep_default_na=False)
    # With its own vectors a member is the one of the scenario full, in both figures.
    assert table[["scenario", "model", "seed", "figures"]].values.tolist() == [
        ["full", "EG-4", 1, "cdf"],
        ["full", "EG-4", 2, "cdf luck"],
        ["vectors-2", "EG-4", 1, "luck"],
        ["full", "CN", 1, "cdf"],
        ["full", "CN", 2, "cdf"],
    ]
    assert table["weights"][1] == hashlib.sha256(b"weights EG-4 2").hexdigest()
    assert table["predictions"][1] == hashlib.sha256(b"predictions").hexdigest()
    settings = (tmp_path / "members/full/EG-4/seed2/settings.json").read_bytes()
    assert table["settings"][1] == hashlib.sha256(settings).hexdigest()
    assert table["vector"].tolist() == ["gaussian-4-s1", "gaussian-4-s2", "gaussian-4-s1", "", ""]
    assert table["vector_digest"].tolist() == ["of seed 1", "of seed 2", "of seed 1", "", ""]
    assert set(table["series"]) == {"data"} and set(table["git_commit"]) == {"unknown"}


def test_versions_that_differ_have_a_row_each(tmp_path):
    member(tmp_path, "full", "EP", 1)
    member(tmp_path, "full", "EP", 2, torch="2.1")
    member(tmp_path, "full", "EP", 3, commit="unknown")
    member(tmp_path, "full", "EP", 4, commit=None)  # as an earlier version wrote it
    versions.write(tmp_path, [("full", "EP")], [1, 2, 3, 4], tmp_path / "versions.csv")
    assert pd.read_csv(tmp_path / "versions.csv", dtype=str).values.tolist() == [
        ["python", "3.11", "4"],
        ["torch", "2.0", "3"],
        ["torch", "2.1", "1"],
        ["git_commit", "abc", "2"],
        ["git_commit", "unknown", "2"],
        ["device", "cpu", "4"],
    ]


def test_figures_say_which_ensembles_they_show():
    assert not shows_models(FIGURES["data_quality"])
    assert all(shows_models(entry) for name, entry in FIGURES.items() if name != "data_quality")
    named = [("full", model) for model in ("CN", "EG-8", "EP", "EG-2")]
    assert ensembles_drawn(FIGURES["aridity"], named) == [("full", "EG-8"), ("full", "EP")]
    assert ensembles_drawn(FIGURES["nse_cdf"], named) == named
    assert ensembles_drawn(FIGURES["hydrographs"], named) == named[:3]
    assert models_drawn(FIGURES["data_quality"], named) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.123456", "<td>0.1235</td>"),
        ("-1.5e-07", "<td>-1.5e-07</td>"),
        ("31234.56", "<td>31235</td>"),
        ("01013500", "<td>01013500</td>"),
        ("12345678e1234567", '<td class="text">12345678e1234567</td>'),  # a digest
        ("none", '<td class="text">none</td>'),
        ("<b> & c", '<td class="text">&lt;b&gt; &amp; c</td>'),
        ("", '<td class="text"></td>'),
    ],
)
def test_a_page_shows_a_table(value, shown, tmp_path):
    pd.DataFrame({"a": [value], "b": ["x"]}).to_csv(tmp_path / "table.csv", index=False)
    page.write_page(tmp_path / "table.csv", tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    assert f"<tr>{shown}" in text
    assert "<th>a</th><th>b</th>" in text
    assert all(word not in text for word in ("http:", "https:", "src=", "href="))


def shown(table, tmp_path):
    """The page of a table."""
    table.to_csv(tmp_path / "table.csv", index=False)
    page.write_page(tmp_path / "table.csv", tmp_path / "page.html")
    return (tmp_path / "page.html").read_text()


def test_a_page_has_a_median_and_its_interval_in_one_cell(tmp_path):
    table = pd.DataFrame(
        {
            "model": ["EP", "EG-4", "EO"],
            "nse_median": [0.71538, -0.2, None],
            "p_holm": [4e-10, 0.5, None],
            "nse_low": [0.7, None, None],
            "nse_high": [0.72, None, None],
            "kge_median": [0.5, 0.25, 0.75],  # without an interval
        }
    )
    text = shown(table, tmp_path)
    assert "<th>nse_<wbr>median [95\xa0%]</th><th>p_<wbr>holm</th><th>kge_<wbr>median</th>" in text
    assert "<td>0.715 [0.700, 0.720]</td><td>&lt; 0.001</td><td>0.5</td>" in text
    assert "<td>−0.200 [–, –]</td><td>0.500</td>" in text
    assert '<td></td><td class="text"></td><td>0.75</td>' in text


def test_a_page_says_once_what_is_the_same_in_all_rows(tmp_path):
    table = pd.DataFrame({"scenario": ["full", "full"], "model": ["EP", "CN"], "basins": [5, 5]})
    text = shown(table, tmp_path)
    assert "<p>The same in all rows: scenario full; basins 5.</p>" in text
    assert "<thead><tr><th>model</th></tr></thead>" in text
    assert "The same" not in shown(table[:1], tmp_path)


def test_a_page_cuts_digests_and_breaks_sentences(tmp_path):
    digest = 8 * "12ab34cd"
    sentence = "531 basins, trained otherwise than in the paper"
    text = shown(pd.DataFrame({"weights": [digest], "settings": [sentence]}), tmp_path)
    assert f'<td class="text" title="{digest}">12ab34cd12…</td>' in text
    assert f'<td class="text long">{sentence}</td>' in text


def test_a_page_shows_a_text_with_markup_as_it_reads(tmp_path):
    text = "**Clear.** By *far*.\n\n.. list-table::\n\n   * - EP\n     - 0.7\n"
    (tmp_path / "summary.rst").write_text(text)
    page.write_page(tmp_path / "summary.rst", tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    assert "<strong>Clear.</strong> By <em>far</em>." in text and "<td>0.7</td>" in text
    assert "**" not in text


def test_a_page_shows_a_text_as_it_is(tmp_path):
    (tmp_path / "config.yaml").write_text("seeds:\n- 1 <2>\n")
    page.write_page(tmp_path / "config.yaml", tmp_path / "page.html")
    assert "<pre>seeds:\n- 1 &lt;2&gt;\n</pre>" in (tmp_path / "page.html").read_text()
