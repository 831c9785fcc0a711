"""Where the members came from: the way back from a figure to settings, data, code and versions."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from randvec.provenance import file_digest
from randvec.report.members import members, settings_of
from randvec.scenarios import Ensemble


def provenance(
    folder: str | Path,
    ensembles: Iterable[Ensemble],
    seeds: Sequence[int],
    figures: Mapping[str, Iterable[Ensemble]],
) -> pd.DataFrame:
    """What every member was made of.

    Parameters
    ----------
    folder : str or Path
        Holds ``<scenario>/<model>/seed<k>/`` with settings.json, weights.safetensors and
        predictions.parquet.
    ensembles : iterable of (scenario, model)
        All that was trained.
    seeds : sequence of int
    figures : mapping of name to iterable of (scenario, model)
        The ensembles that each figure is drawn from.

    Returns
    -------
    pd.DataFrame
        One row a member: scenario, model, seed; the figures it is in; SHA-256 of its settings, of
        the series and of the static vector that it read, of its weights and predictions; digest of
        the code, commit, device.
    """
    shown = {figure: set(members(drawn, seeds)) for figure, drawn in figures.items()}
    rows = []
    for member in members(ensembles, seeds):
        names = [figure for figure, drawn in shown.items() if member in drawn]
        rows.append(_row(Path(folder), *member, names))
    return pd.DataFrame(rows)


def _row(folder: Path, scenario: str, model: str, seed: int, figures: list[str]) -> dict:
    member = folder / scenario / model / f"seed{seed}"
    settings = settings_of(folder, scenario, model, seed)
    vectors = settings["vectors"]
    return {
        "scenario": scenario,
        "model": model,
        "seed": seed,
        "figures": " ".join(figures),
        "settings": file_digest(member / "settings.json"),
        "series": settings["inputs"]["series.parquet"],
        "vector": vectors or "",
        "vector_digest": settings["inputs"][f"{vectors}.parquet"] if vectors else "",
        "weights": file_digest(member / "weights.safetensors"),
        "predictions": file_digest(member / "predictions.parquet"),
        "code": settings["code"],
        "git_commit": settings["git_commit"] or "unknown",
        "device": settings["device"],
    }


def write(
    folder: str,
    ensembles: Iterable[Ensemble],
    seeds: Sequence[int],
    figures: Mapping[str, Iterable[Ensemble]],
    output: str,
) -> None:
    """Write `provenance` as CSV; `folder` is ``results/<dataset>``."""
    table = provenance(Path(folder) / "members", ensembles, seeds, figures)
    table.to_csv(output, index=False, lineterminator="\n")
