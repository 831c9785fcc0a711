import ast
import shutil
import sys
from pathlib import Path

import pytest

from randvec import provenance
from randvec.errors import InputError

SOURCE = Path(provenance.SOURCE)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the sources that a test may edit."""
    copy = tmp_path / "randvec"
    shutil.copytree(SOURCE, copy)
    monkeypatch.setattr(provenance, "SOURCE", copy)
    return copy


def edited(path):
    path.write_text(path.read_text() + "\n# edited\n")


TRAIN_EA = ("randvec.models.ea_lstm", "randvec.training.member")
TRAIN_CT = ("randvec.models.ct_lstm", "randvec.training.member")


@pytest.mark.parametrize(
    ("file", "modules", "changes"),
    [
        ("training/loss.py", TRAIN_EA, True),
        ("models/recurrence.py", TRAIN_EA, True),
        ("models/ea_lstm.py", TRAIN_EA, True),
        ("models/ea_lstm.py", TRAIN_CT, False),
        ("models/__init__.py", TRAIN_EA, False),
        ("figures/style.py", TRAIN_EA, False),
        ("evaluation/metrics.py", TRAIN_EA, False),
        ("evaluation/predict.py", TRAIN_EA, False),
        ("vectors/build.py", TRAIN_EA, False),
        ("data/camels_us.py", TRAIN_EA, False),
        ("data/camels_us.py", ("randvec.data.camels_us_source",), True),
        ("data/camels_us.py", ("randvec.data.prepare",), False),
        ("vectors/physical.py", ("randvec.vectors.build",), True),
        ("figures/style.py", ("randvec.figures.nse_cdf",), True),
        ("figures/hydrographs.py", ("randvec.figures.nse_cdf",), False),
    ],
)
def test_an_edit_changes_the_digest_of_its_own_stage_alone(copied, file, modules, changes):
    before = provenance.code_digest(*modules)
    edited(copied / file)
    assert (provenance.code_digest(*modules) != before) is changes


def test_the_digest_does_not_depend_on_the_order_of_modules():
    assert provenance.code_digest(*TRAIN_EA) == provenance.code_digest(*reversed(TRAIN_EA))


def test_a_module_that_is_not_there_has_no_digest():
    """As of an architecture that is registered under another name than its file has."""
    with pytest.raises(InputError, match=r"no source of randvec.models.gru, which"):
        provenance.code_digest("randvec.models.ea_lstm", "randvec.models.gru")


def test_the_digest_does_not_depend_on_the_place(request):
    here = provenance.code_digest(*TRAIN_EA)
    request.getfixturevalue("copied")
    assert provenance.code_digest(*TRAIN_EA) == here


def test_the_digest_covers_every_module_that_training_really_imports():
    """The static reading of imports against what Python loads."""
    script = (
        "import sys, randvec.training.member, randvec.models.ea_lstm;"
        "print([m.__file__ for n, m in sys.modules.items() if n.startswith('randvec')])"
    )
    import subprocess

    shown = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=SOURCE.parent,
    ).stdout
    loaded = {Path(p) for p in ast.literal_eval(shown) if not p.endswith("__init__.py")}
    assert loaded == {Path(p) for p in provenance._with_imports(TRAIN_EA)}


def test_versions_and_file_digest(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert provenance.file_digest(tmp_path / "a").startswith("ba7816bf8f01cfea")
    assert {"python", "torch", "snakemake"} <= set(provenance.versions())
