"""The seed of the vectors and that of the weights, fixed one at a time."""

import json

import pandas as pd
import pytest

pytestmark = pytest.mark.workflow

WANTED = ("members", "results/tiny/ensembles/full/EG-4/metrics_of_members.csv")


def members(run):
    """Train two members, and give each one's seed and vectors, weights and discharge."""
    run.snakemake(*WANTED)
    table = pd.read_csv(run.results / "ensembles/full/EG-4/metrics_of_members.csv")
    assert sorted(table["member"].unique()) == [1, 2]
    assert run.planned(*WANTED) == {}
    for seed in (1, 2):
        folder = run.results / f"members/full/EG-4/seed{seed}"
        about = json.loads((folder / "settings.json").read_text())
        weights = (folder / "weights.safetensors").read_bytes()
        discharge = pd.read_parquet(folder / "predictions.parquet")
        yield (about["seed"], about["vectors"]), weights, discharge


def test_one_seed_is_fixed_while_the_other_varies(finished):
    finished.config |= {"models": ["EG-4"], "vector_seed": 2}
    fixed_vectors = list(members(finished))
    del finished.config["vector_seed"]
    finished.config["model_seed"] = 1
    named, weights, discharge = zip(*fixed_vectors, *members(finished), strict=True)
    assert list(named) == [
        (1, "gaussian-4-s2"),
        (2, "gaussian-4-s2"),
        (1, "gaussian-4-s1"),
        (1, "gaussian-4-s2"),
    ]
    assert weights[0] != weights[1] and weights[2] != weights[3]
    # Weights of seed 1 and vectors of seed 2 in both; the other member of the job is another one.
    pd.testing.assert_frame_equal(discharge[0], discharge[3], rtol=1e-4)
