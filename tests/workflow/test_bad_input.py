"""Bad input is refused before anything is trained, with a word that helps."""

import pytest
import yaml

pytestmark = pytest.mark.workflow


def refused(run, *arguments):
    done = run.snakemake(*arguments, check=False)
    assert done.returncode != 0
    assert not list(run.folder.rglob("weights.safetensors"))
    return done.stdout + done.stderr


def test_an_unknown_key(tiny):
    tiny.config["training"]["learning_rat"] = 1
    said = refused(tiny)
    assert "unknown key 'training.learning_rat'; did you mean 'training.learning_rate'" in said
    assert "Traceback" not in said


def test_a_section_that_stands_twice(tiny):
    path = tiny.folder / "twice.yaml"
    path.write_text(yaml.safe_dump(tiny.config) + "training:\n  hidden: 4\n")
    said = refused(tiny, "--configfile", path)
    assert f"{path}, line " in said and "key 'training' stands in line " in said
    assert "Traceback" not in said


def test_an_impossible_cell(tiny):
    tiny.config["models"] = ["EP", "FN"]
    assert "model 'FN' is unknown" in refused(tiny)


def test_a_list_on_the_command_line(tiny):
    del tiny.config["seeds"]
    said = refused(tiny, "--config", "seeds=[1,2]")
    assert "is not of type 'integer'" in said and "seeds" in said


def test_a_missing_camels_folder(tiny):
    (tiny.folder / "list.txt").write_text("01022500\n01013500\n")
    tiny.config["dataset"] = {
        "name": "real",
        "source": "camels_us",
        "folder": "nowhere",
        "basins": "list.txt",
    }
    said = refused(tiny)
    assert "nowhere: no such folder" in said and "the target `fetch`" in said
    assert "Traceback" not in said
    said = refused(tiny, "--dry-run")
    assert "nowhere: no such folder" in said and "Traceback" not in said


def test_a_damaged_text_file_stops_the_run_and_names_the_line(tiny):
    tiny.snakemake("--until", "virtual_catchments")
    forcing = sorted(tiny.results.glob("camels/basin_mean_forcing/*/*/*.txt"))[0]
    lines = forcing.read_text().splitlines(keepends=True)
    lines[99] = lines[99][:20] + "\n"
    forcing.write_text("".join(lines))
    said = refused(tiny)
    assert forcing.name in said and "line 100" in said
    assert "Traceback" not in said
