"""Whether the files of a run are still those that its provenance names."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from randvec.errors import InputError
from randvec.provenance import file_digest

#: Files of a member by the column of provenance.csv that has their digest.
FILES = {
    "settings": "settings.json",
    "weights": "weights.safetensors",
    "predictions": "predictions.parquet",
}


def verify(results: str | Path) -> tuple[int, list[str]]:
    """Compute every digest of ``tables/provenance.csv`` again.

    Parameters
    ----------
    results : path
        ``results/<dataset>``.

    Returns
    -------
    int
        Number of files that were looked at.
    list of str
        A sentence for each of them that is missing or differs.

    Raises
    ------
    InputError
        If there is no provenance.csv.
    """
    table = Path(results, "tables/provenance.csv")
    if not table.is_file():
        raise InputError(
            f"{table}: no such file; it is made with the tables of a run, and RESULTS= names the "
            "folder of another run, as results/virtual"
        )
    # A file may stand in many rows; where they differ, one of them is not what it was trained on.
    expected = sorted(set(_digests(Path(results), pd.read_csv(table, dtype=str))))
    faults = []
    for path, digest in expected:
        if not path.is_file():
            faults.append(f"{path}: missing")
        elif (found := file_digest(path)) != digest:
            faults.append(f"{path}: SHA-256 {found}, expected {digest}")
    return len(expected), faults


def _digests(results: Path, rows: pd.DataFrame) -> Iterator[tuple[Path, str]]:
    for row in rows.itertuples():
        member = results / "members" / row.scenario / row.model / f"seed{row.seed}"
        for column, name in FILES.items():
            yield member / name, getattr(row, column)
        yield results / "series.parquet", row.series
        if isinstance(row.vector, str):
            yield results / f"vectors/{row.vector}.parquet", row.vector_digest
