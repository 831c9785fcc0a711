"""The numbers behind the opening page of a report, recomputed from the members' predictions alone.

Nothing of the evaluation is used. Runs have the seeds 1 and 2, and no day or basin to leave out.
"""

import re

import numpy as np
import pandas as pd
import yaml
from scipy import stats

from randvec import matrix

SEEDS = (1, 2)
#: Fewer basins have no interval.
SIX = 6


def nse(run, scenario, model, seeds=SEEDS):
    """NSE of the mean of some members, by basin; of all folds together for ``folds-N``."""
    if folds := re.fullmatch(r"folds-(\d+)", scenario):
        count = int(folds.group(1))
        parts = [f"fold-{fold}-of-{count}" for fold in range(1, count + 1)]
        return pd.concat([nse(run, part, model, seeds) for part in parts])
    members = [pd.read_parquet(_predictions(run, scenario, model, seed)) for seed in seeds]
    days = members[0].assign(simulated=np.mean([m["simulated"] for m in members], axis=0))
    days = days.dropna(subset="observed").astype({"observed": float})
    by_basin = days.groupby("basin")
    errors = (days["simulated"] - days["observed"]) ** 2
    spread = (days["observed"] - by_basin["observed"].transform("mean")) ** 2
    return 1 - errors.groupby(days["basin"]).sum() / spread.groupby(days["basin"]).sum()


def _predictions(run, scenario, model, seed):
    # With the vectors of its own seed a member is the one of the main comparison.
    scenario = "full" if scenario == f"vectors-{seed}" else scenario
    return run.results / f"members/{scenario}/{model}/seed{seed}/predictions.parquet"


def performance(run):
    """What the page tells of the main comparison, by model and member."""
    rows = []
    for model in run.config["models"]:
        cell = matrix.parse(model)
        for member, seeds in {"ensemble": SEEDS, "1": [1], "2": [2]}.items():
            scores = nse(run, "full", model, seeds)
            rows.append(
                {
                    "scenario": "full",
                    "model": model,
                    "vector": cell.vector,
                    "dimension": len(scores) if cell.vector == "one_hot" else cell.length(27),
                    "member": member,
                    "basins": len(scores),
                    "basins_dropped": 0,
                    "basins_undefined": 0,
                    "nse_median": scores.median(),
                    "nse_failures": (scores <= 0).sum(),
                }
            )
    return pd.DataFrame(rows)


def comparisons(run):
    """The comparisons that were made, with numbers of our own."""
    names = ["experiment", "scenario", "model", "reference_scenario", "reference"]
    table = pd.read_csv(run.results / "tables/comparisons.csv")[names]
    basins = _shared_basins(run)
    rows = [
        _compare(run, *cells, basins.get(part)) for part, *cells in table.itertuples(index=False)
    ]
    table = pd.concat([table, pd.DataFrame(rows)], axis=1)
    table["p_holm"] = table.groupby("experiment")["p_value"].transform(_holm)
    return table


def recovered(run):
    """What a random vector recovers of the gain from descriptors, and how it compares with them."""
    (random,) = [code for code in run.config["models"] if code.startswith("EG-")]
    nse_of = [nse(run, "full", model).to_numpy() for model in ("EP", random, "CN")]
    rng = np.random.default_rng(1)
    drawn = [rng.integers(len(nse_of[0]), size=len(nse_of[0])) for _ in range(9999)]
    draws = np.median(np.array(nse_of)[:, drawn], axis=2)
    (ep, eg, cn), (eps, egs, cns) = (np.median(nse_of, axis=1), draws)
    few = len(nse_of[0]) < SIX
    gain = [ep - cn, *(2 * [np.nan] if few else np.quantile(eps - cns, [0.025, 0.975]))]
    share = 3 * [np.nan]
    if gain[1] > 0:
        some = eps != cns
        shares = (egs - cns)[some] / (eps - cns)[some]
        share = [(eg - cn) / (ep - cn), *np.quantile(shares, [0.025, 0.975])]
    test = _compare(run, "full", random, "full", "EP")
    ends = [test[f"difference_{what}"] for what in ("median", "low", "high")]
    counts = [test[what] for what in ("wins", "ties", "losses")]
    medians = (len(nse_of[0]), ep, eg, cn)
    seeds = run.config["seeds"]
    ep, eg, cn = (
        np.median([nse(run, "full", model, [seed]).median() for seed in seeds])
        for model in ("EP", random, "CN")
    )
    alone = (eg - cn) / (ep - cn) if gain[1] > 0 and ep > cn else np.nan
    several = (len(seeds), alone)
    return ("EP", random, "CN", *medians, *gain, *share, *several, *ends, *counts, test["p_value"])


def _interval(differences):
    if len(differences) < SIX:
        return np.nan, np.nan
    return stats.bootstrap(
        (differences,),
        np.median,
        n_resamples=9999,
        batch=1000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval


def _compare(run, scenario, model, reference_scenario, reference, basins=None):
    ours, theirs = nse(run, scenario, model), nse(run, reference_scenario, reference)
    basins = basins or sorted(ours.index)
    ours, theirs = ours[basins], theirs[basins]
    difference = ours - theirs
    low, high = _interval(difference.to_numpy())
    return {
        "model_median": ours.median(),
        "reference_median": theirs.median(),
        "difference_median": difference.median(),
        "difference_low": low,
        "difference_high": high,
        "wins": (difference > 0.01).sum(),
        "ties": (difference.abs() <= 0.01).sum(),
        "losses": (difference < -0.01).sum(),
        # Two trainings that are the same can't be tested.
        "p_value": stats.wilcoxon(difference).pvalue if difference.any() else np.nan,
    }


def _holm(p_values):
    """Holm: the k-th smallest of m is multiplied by m - k + 1, and none is below the one before."""
    adjusted, largest, tests = p_values.copy(), 0.0, p_values.count()
    for rank, place in enumerate(p_values.dropna().sort_values(kind="stable").index):
        largest = max(largest, (tests - rank) * p_values[place])
        adjusted[place] = min(largest, 1)
    return adjusted


def experiments(run):
    """For each experiment the medians of its cells over the basins that all of them have."""
    resolved = yaml.safe_load((run.results / "config.yaml").read_text())
    return {
        name: _medians(run, run.config["experiments"][name]) for name in resolved["experiments"]
    }


def _shared_basins(run):
    """For each experiment the basins that all of its cells were tested on, sorted."""
    resolved = yaml.safe_load((run.results / "config.yaml").read_text())
    return {
        name: _scores(run, run.config["experiments"][name])[1] for name in resolved["experiments"]
    }


def _medians(run, part):
    scores, basins = _scores(run, part)
    rows = [(*cell, values[basins].median(), len(basins)) for cell, values in scores.items()]
    return pd.DataFrame(rows, columns=["scenario", "model", "nse_median", "basins"])


def _scores(run, part):
    """The scores of an experiment's cells, and the basins that all of them have, sorted."""
    cells = [
        *(
            (scenario, model)
            for scenario in part.get("scenarios", ["full"])
            for model in part["models"]
        ),
        *(("full", model) for model in part.get("references", [])),
    ]
    cells = [(re.sub(r"fold-\d+-of-", "folds-", scenario), model) for scenario, model in cells]
    scores = {cell: nse(run, *cell) for cell in cells}
    return scores, sorted(set.intersection(*(set(values.index) for values in scores.values())))


def luck(run):
    """The analysis of variance as a comparison of least-squares fits with and without a source."""
    (model,) = run.config["experiments"]["vector_luck"]["models"]
    medians = pd.Series(
        {
            (k, seed): nse(run, f"vectors-{k}", model, [seed]).median()
            for k in SEEDS
            for seed in SEEDS
        }
    )
    by = {
        "vectors": medians.index.get_level_values(0),
        "weights": medians.index.get_level_values(1),
    }
    columns = {
        name: pd.get_dummies(keys, drop_first=True).to_numpy(float) for name, keys in by.items()
    }
    full, free = _rest(medians, columns.values())
    mean_square = full / free
    rows = []
    for source in by:
        rest, _ = _rest(medians, [columns[name] for name in columns if name != source])
        freedom = columns[source].shape[1]
        means = medians.groupby(by[source]).mean()
        averaged = len(medians) / len(means)
        f = (rest - full) / freedom / mean_square
        rows.append(
            {
                "model": model,
                "source": source,
                "sd": means.std(),
                "by_chance": np.sqrt(mean_square / averaged),
                "p_value": stats.f.sf(f, freedom, free),
            }
        )
    return pd.DataFrame(rows)


def _rest(values, columns):
    """Sum of squares that a least-squares fit leaves, and its degrees of freedom."""
    design = np.column_stack([np.ones(len(values)), *columns])
    fitted = design @ np.linalg.lstsq(design, values.to_numpy(), rcond=None)[0]
    return ((values - fitted) ** 2).sum(), len(values) - design.shape[1]
