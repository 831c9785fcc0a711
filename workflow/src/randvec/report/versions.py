"""The versions of Python and packages, and the commits and devices, behind the members."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from randvec.report.members import members, settings_of
from randvec.scenarios import Ensemble

COLUMNS = ["what", "version", "members"]


def versions(
    folder: str | Path, ensembles: Iterable[Ensemble], seeds: Sequence[int]
) -> pd.DataFrame:
    """Versions that the members were trained with.

    Parameters
    ----------
    folder, ensembles, seeds
        As for `randvec.report.provenance.provenance`.

    Returns
    -------
    pd.DataFrame
        Columns what (Python or a package, git_commit, device), version, and the number of members;
        more than one row for what differs between members.
    """
    rows = []
    for member in members(ensembles, seeds):
        found = settings_of(Path(folder), *member)
        named = {**found["versions"], "git_commit": found["git_commit"], "device": found["device"]}
        rows += [(what, version or "unknown") for what, version in named.items()]
    table = pd.DataFrame(rows, columns=COLUMNS[:2])
    counts = table.groupby(COLUMNS[:2], sort=False).size().rename("members").reset_index()
    order = {what: place for place, what in enumerate(dict.fromkeys(table["what"]))}
    return counts.sort_values("what", key=lambda what: what.map(order), kind="stable")[COLUMNS]


def write(folder: str, ensembles: Iterable[Ensemble], seeds: Sequence[int], output: str) -> None:
    """Write `versions` as CSV; `folder` is ``results/<dataset>``."""
    table = versions(Path(folder) / "members", ensembles, seeds)
    table.to_csv(output, index=False, lineterminator="\n")
