"""The members of a run, and what their settings.json says."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from randvec import scenarios
from randvec.scenarios import Ensemble


def members(ensembles: Iterable[Ensemble], seeds: Sequence[int]) -> list[tuple[str, str, int]]:
    """Scenario, model and seed under which the members of some ensembles are trained, each once."""
    found = [
        (scenarios.trained_under(scenarios.parse(scenario), seed), model, seed)
        for scenario, model in ensembles
        for seed in seeds
    ]
    return list(dict.fromkeys(found))


def settings_of(folder: Path, scenario: str, model: str, seed: int) -> dict:
    """The settings of a member; `folder` holds ``<scenario>/<model>/seed<k>/``."""
    path = folder / scenario / model / f"seed{seed}/settings.json"
    return json.loads(path.read_text(encoding="utf-8"))
