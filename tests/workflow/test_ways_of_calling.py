"""The workflow called otherwise than by a target: as a module, with --until, on kept tables."""

import shutil

import pytest
import yaml
from workflow_run import REPOSITORY, TOGETHER, call

pytestmark = [pytest.mark.workflow, pytest.mark.slow]

MODULE = """
configfile: "config.yaml"

module randvec:
    snakefile: "{snakefile}"
    config: config
{options}
use rule * from randvec as rv_*
"""


LUCK = {"models": ["EG-4"], "scenarios": ["vectors-1", "vectors-2"]}


@pytest.fixture
def small(tiny):
    tiny.config["models"] = ["CN", "EG-4"]
    return tiny


def as_module(run, *arguments, options=""):
    """Call Snakemake on a workflow in another folder that uses this one as a module."""
    (run.folder / "workflow").mkdir(exist_ok=True)
    snakefile = run.folder / "workflow/Snakefile"
    snakefile.write_text(MODULE.format(snakefile=REPOSITORY / "Snakefile", options=options))
    (run.folder / "config.yaml").write_text(yaml.safe_dump(run.config))
    command = [*run.command()[:3], "--snakefile", snakefile, "--directory", run.folder]
    command += ["--cores", "2", "rv_all", *arguments]
    return call(list(map(str, command)))


def test_as_a_module_it_runs_whole_and_is_then_finished(small):
    small.config |= TOGETHER
    done = as_module(small)
    assert done.returncode == 0, done.stderr
    assert (small.results / "report/summary.html").exists()
    logs = small.results / "logs/train/full/CN"
    assert [path.name for path in logs.iterdir()] == ["seed1_2.log"]
    again = as_module(small)
    assert again.returncode == 0 and "Nothing to be done" in again.stdout + again.stderr
    # Where members are shared, rules are named by number and take the resources of the first.
    small.config["experiments"] = {"vector_luck": LUCK}
    more = as_module(small, "--dry-run", "--set-resources", "rv_train:mem_mb=81")
    assert more.returncode == 0, more.stderr
    for rule in ("rv_train_2", "rv_train_3"):
        text = more.stdout.partition(f"rule {rule}:\n")[2].partition("\n\n")[0]
        assert "mem_mb=81" in text, rule
    assert "rule rv_train:" not in more.stdout


@pytest.mark.parametrize(
    "options", ['    prefix: "sub"\n', '    replace_prefix: {"results/": "out/"}\n']
)
def test_a_module_that_moves_paths_is_refused(small, options):
    done = as_module(small, "-n", options=options)
    assert done.returncode != 0
    assert "prefix and replace_prefix can't move them" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("rule", "target"),
    [
        ("static_vector", "vectors"),
        ("train", "members"),
        ("predict", "members"),
        ("train_2", "members"),
        ("predict_3", "members"),
    ],
)
def test_until_a_rule_that_snakemake_would_forget_is_refused(small, rule, target):
    small.config |= TOGETHER | {"experiments": {"vector_luck": LUCK}}
    done = small.snakemake("-n", "--until", rule, check=False)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert f"--until {rule} would end" in said and f"the target {target} instead" in said
    assert "Traceback" not in said


def test_to_omit_the_simulations_is_refused_as_nothing_would_be_trained(small):
    done = small.snakemake("-n", "--omit-from", "predict", check=False)
    assert done.returncode != 0
    assert "--omit-from predict would end" in done.stdout + done.stderr
    assert small.planned("--omit-from", "ensemble")["train"] == 4


def test_until_another_rule_does_what_it_says(small):
    small.snakemake("--until", "series")
    assert small.planned("--until", "ensemble")["ensemble"] == 2


def test_kept_tables_of_other_settings_are_refused_without_the_folder(small):
    small.snakemake("--until", "virtual_catchments")
    shutil.move(small.results / "camels", small.folder / "camels")
    shutil.copy(small.folder / "camels/basins.txt", small.folder / "list.txt")
    small.config["dataset"] = {
        "name": "real",
        "source": "camels_us",
        "folder": "camels",
        "basins": "list.txt",
    }
    small.snakemake("data")
    shutil.move(small.folder / "camels", small.folder / "elsewhere")
    assert "series" not in small.planned("members")
    small.config["dataset"]["forcing"] = "daymet"
    done = small.snakemake("members", "-n", check=False)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "made from maurer_extended, asked for daymet" in said
    assert "Traceback" not in said
    assert small.planned("fetch") == {"fetch": 1}


def test_the_main_comparison_is_made_without_the_experiments(small):
    small.config["experiments"] = {"vector_luck": LUCK}
    planned = small.planned("main_comparison")
    assert planned["train"] == 2 * 2 and planned["comparisons_main"] == 1
    assert "figure_nse_boxplot" in planned and "figure_vector_luck" not in planned
    assert planned.keys() & {"performance", "table_vector_luck"} == set()
