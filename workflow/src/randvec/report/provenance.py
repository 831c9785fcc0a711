"""Where the members came from: the way back from a figure to settings, data, code and versions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from randvec import scenarios
from randvec.provenance import file_digest

Cell = tuple[str, str]
VERSIONS = ["what", "version", "members"]


def provenance(
    folder: str | Path,
    cells: Iterable[Cell],
    seeds: Sequence[int],
    figures: Mapping[str, Iterable[Cell]],
) -> pd.DataFrame:
    """What every member was made of.

    Parameters
    ----------
    folder : str or Path
        Holds ``<scenario>/<model>/seed<k>/`` with settings.json, weights.safetensors and
        predictions.parquet.
    cells : iterable of (scenario, model)
        All that was trained.
    seeds : sequence of int
    figures : mapping of name to iterable of (scenario, model)
        The cells that each figure is drawn from.

    Returns
    -------
    pd.DataFrame
        One row a member: scenario, model, seed; the figures it is in; SHA-256 of its settings, of
        the series and of the static vector that it read, of its weights and predictions; digest of
        the code, commit, device.
    """
    shown = {figure: set(members(drawn, seeds)) for figure, drawn in figures.items()}
    rows = []
    for member in members(cells, seeds):
        names = [figure for figure, drawn in shown.items() if member in drawn]
        rows.append(_row(Path(folder), *member, names))
    return pd.DataFrame(rows)


def members(cells: Iterable[Cell], seeds: Sequence[int]) -> list[tuple[str, str, int]]:
    """Scenario, model and seed under which the members of some cells are trained, each once."""
    found = [
        (scenarios.trained_under(scenarios.parse(scenario), seed), model, seed)
        for scenario, model in cells
        for seed in seeds
    ]
    return list(dict.fromkeys(found))


def _row(folder: Path, scenario: str, model: str, seed: int, figures: list[str]) -> dict:
    member = folder / scenario / model / f"seed{seed}"
    settings = _settings(folder, scenario, model, seed)
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


def _settings(folder: Path, scenario: str, model: str, seed: int) -> dict:
    path = folder / scenario / model / f"seed{seed}/settings.json"
    return json.loads(path.read_text(encoding="utf-8"))


def versions(folder: str | Path, cells: Iterable[Cell], seeds: Sequence[int]) -> pd.DataFrame:
    """Versions that the members were trained with.

    Parameters
    ----------
    folder, cells, seeds
        As for `provenance`.

    Returns
    -------
    pd.DataFrame
        Columns what (Python or a package, git_commit, device), version, and the number of members;
        more than one row for what differs between members.
    """
    rows = []
    for member in members(cells, seeds):
        found = _settings(Path(folder), *member)
        named = {**found["versions"], "git_commit": found["git_commit"], "device": found["device"]}
        rows += [(what, version or "unknown") for what, version in named.items()]
    table = pd.DataFrame(rows, columns=VERSIONS[:2])
    counts = table.groupby(VERSIONS[:2], sort=False).size().rename("members").reset_index()
    order = {what: place for place, what in enumerate(dict.fromkeys(table["what"]))}
    return counts.sort_values("what", key=lambda what: what.map(order), kind="stable")[VERSIONS]


def write_provenance(
    folder: str,
    cells: Iterable[Cell],
    seeds: Sequence[int],
    figures: Mapping[str, Iterable[Cell]],
    output: str,
) -> None:
    """Write `provenance` as CSV."""
    table = provenance(folder, cells, seeds, figures)
    table.to_csv(output, index=False, lineterminator="\n")


def write_versions(folder: str, cells: Iterable[Cell], seeds: Sequence[int], output: str) -> None:
    """Write `versions` as CSV."""
    versions(folder, cells, seeds).to_csv(output, index=False, lineterminator="\n")
