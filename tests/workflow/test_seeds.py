"""The seed of the vectors and that of the weights, fixed one at a time."""

import json

import pandas as pd
import pytest
from workflow_run import TINY, Run

pytestmark = pytest.mark.workflow

WANTED = ("members", "results/tiny/ensembles/full/EG-4/metrics_of_members.csv")


def members(folder, **fixed):
    folder.mkdir()
    run = Run(folder, TINY | {"models": ["EG-4"], "seeds": [1, 2], "experiments": {}} | fixed)
    run.snakemake(*WANTED)
    return run, [run.results / f"members/full/EG-4/seed{seed}" for seed in (1, 2)]


def test_one_seed_is_fixed_while_the_other_varies(tmp_path):
    run, (first, second) = members(tmp_path / "vectors", vector_seed=2)
    other, (same, third) = members(tmp_path / "weights", model_seed=1, members_together=True)
    named = [json.loads((m / "settings.json").read_text()) for m in (first, second, same, third)]
    assert [(about["seed"], about["vectors"]) for about in named] == [
        (1, "gaussian-4-s2"),
        (2, "gaussian-4-s2"),
        (1, "gaussian-4-s1"),
        (1, "gaussian-4-s2"),
    ]
    weights = [(m / "weights.safetensors").read_bytes() for m in (first, second, same, third)]
    assert weights[0] != weights[1] and weights[2] != weights[3]
    # Weights of seed 1 and vectors of seed 2 in both: alone and together they differ by rounding.
    pair = [pd.read_parquet(member / "predictions.parquet") for member in (first, third)]
    pd.testing.assert_frame_equal(*pair, rtol=1e-4)
    for one in (run, other):
        table = pd.read_csv(one.results / "ensembles/full/EG-4/metrics_of_members.csv")
        assert sorted(table["member"].unique()) == [1, 2]
        assert one.planned(*WANTED) == {}
