"""What is printed when a job starts."""

from pathlib import Path

import pytest

from randvec.messages import MESSAGES, message_of

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"


def test_each_message_belongs_to_a_script():
    assert set(MESSAGES) <= {path.stem for path in SCRIPTS.glob("*.py")}


@pytest.mark.parametrize("script", ["train", "predict"])
def test_members_are_named_by_their_seeds(script):
    path = f"../scripts/{script}.py"
    together = message_of(f"{script}_2", path, ["logs/{scenario}/{model}/seed1_2_30.log"])
    assert "{wildcards.model}, members 1 2 30 (scenario {wildcards.scenario})" in together
    alone = message_of(script, path, ["logs/{scenario}/{model}/seed{seed}.log"])
    assert "{wildcards.model}, member {wildcards.seed} (scenario {wildcards.scenario})" in alone


def test_all_else_is_named_by_what_it_makes():
    assert message_of("page_config", "../scripts/page.py", ["a.log"]) == "Write {output}"
    assert message_of("figure_x", "../scripts/figure.py", ["x.log"]) == "Draw {output.png}"
    assert message_of("tables", None, []) == "Target tables is complete"
