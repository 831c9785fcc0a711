"""Which ensembles are compared with which, and which models answer the question."""

import re
from collections.abc import Iterable

from randvec import matrix
from randvec.matrix import PHYSICAL, WITHOUT_STATICS, ea_lstm_with
from randvec.scenarios import Ensemble


def joined(scenario: str) -> str:
    """The name under which a scenario is scored: ``folds-N`` for one of N folds, else its own."""
    return re.sub(r"^fold-\d+-of-(\d+)$", r"folds-\1", scenario)


def pairs(
    ensembles: Iterable[Ensemble], references: Iterable[str] = ()
) -> list[tuple[Ensemble, Ensemble]]:
    """What an experiment, or the main comparison, compares with what.

    Parameters
    ----------
    ensembles : iterable of (scenario, model)
        All ensembles of the experiment, its references in full among them.
    references : iterable of str
        Models that the experiment names as references.

    Returns
    -------
    list of (ensemble, ensemble)
        Ensemble and reference, as far as both are among the ensembles, and each two of them once:

        - in its own scenario a model and the one of its architecture and variant that has physical
          descriptors, and each of those and EP;
        - in its own scenario a model and CN, the network without static vector;
        - in its own scenario a variant and the model that it varies;
        - outside of full a model and itself in full;
        - a model and each reference in full.

        Single draws of random vectors (``vectors-K``) are left out: the experiments on them look at
        their members.
    """
    here = list(
        dict.fromkeys(
            (joined(scenario), code)
            for scenario, code in ensembles
            if not scenario.startswith("vectors-")
        )
    )
    references = [("full", code) for code in references]
    found = [(ensemble, other) for ensemble in here for other in _counterparts(ensemble, here)]
    found += [
        (ensemble, other) for ensemble in here if ensemble not in references for other in references
    ]
    once: dict[frozenset[Ensemble], tuple[Ensemble, Ensemble]] = {}
    for ensemble, other in found:
        if ensemble != other and other in here:
            once.setdefault(frozenset((ensemble, other)), (ensemble, other))
    return sorted(once.values(), key=lambda pair: here.index(pair[0]))


def answering(models: Iterable[str]) -> tuple[str, str, str] | None:
    """EP, EG and CN, which say what a random vector recovers; of several EG the longest.

    Parameters
    ----------
    models : iterable of str
        Model codes.

    Returns
    -------
    (str, str, str) or None
        None if one of the three is missing.
    """
    models = list(models)
    descriptors = PHYSICAL["ea_lstm"]
    gaussian = ea_lstm_with("gaussian", models)
    if gaussian is None or descriptors not in models or WITHOUT_STATICS not in models:
        return None
    return descriptors, gaussian, WITHOUT_STATICS


def _counterparts(ensemble: Ensemble, here: list[Ensemble]) -> list[Ensemble]:
    """What an ensemble is held against whatever the references are; it need not be there."""
    scenario, code = ensemble
    model = matrix.parse(code)
    variant = f"_{model.variant}" if model.variant else ""
    plain = code.removesuffix(variant)
    own = PHYSICAL[model.architecture]
    # EP and CN as the same variant where they are trained so.
    ep, without = (
        name + variant if (scenario, name + variant) in here else name
        for name in ("EP", WITHOUT_STATICS)
    )
    descriptors = ep if plain == own else own + variant
    names = [plain] if plain == WITHOUT_STATICS else [descriptors, without, plain]
    return [*((scenario, name) for name in names), ("full", code)]
