"""Which basins members are trained on, and which they are tested on."""

from collections.abc import Sequence

import numpy as np

from randvec.errors import InputError

#: Seed of the draw that deals the basins to folds.
FOLD_SEED = 1


def choose(basins: Sequence[str], choice: dict | None) -> tuple[list[str], list[str]]:
    """Basins to train on and basins to test on, each sorted.

    Parameters
    ----------
    basins : sequence of str
        All basins of the data.
    choice : dict or None
        ``{"count": n, "seed": k}``: n basins drawn with a seed, trained and tested; draws of the
        same seed are nested, so that a larger one holds a smaller one.
        ``{"fold": k, "folds": n}``: part k of n, counted from 1, is tested and all others trained.
        None: all basins, trained and tested.

    Raises
    ------
    InputError
        If there are fewer basins than asked for.
    """
    basins = sorted(basins)
    if choice is None:
        return basins, basins
    asked = choice.get("count", choice.get("folds"))
    if asked > len(basins):
        what = "basins" if "count" in choice else "folds"
        raise InputError(
            f"{asked} {what} are asked for, but the data have {len(basins)} basins; ask for fewer"
        )
    drawn = np.random.default_rng(choice.get("seed", FOLD_SEED)).permutation(basins).tolist()
    if "count" in choice:
        chosen = sorted(drawn[: choice["count"]])
        return chosen, chosen
    tested = set(drawn[choice["fold"] - 1 :: choice["folds"]])
    return [b for b in basins if b not in tested], [b for b in basins if b in tested]
