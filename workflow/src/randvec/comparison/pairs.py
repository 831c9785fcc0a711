"""Which ensembles are compared with which, and which models answer the question."""

import re
from collections.abc import Iterable

from randvec import matrix
from randvec.matrix import PHYSICAL, WITHOUT_STATICS
from randvec.scenarios import FULL, Ensemble

EP = PHYSICAL["ea_lstm"]


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

        - in its own scenario a model and the one that `with_descriptors` names;
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
    references = [(FULL, code) for code in references]
    # CN last: a model is held against it, and it against no model that was.
    ordered = sorted(here, key=lambda ensemble: matrix.parse(ensemble[1]).vector == "none")
    found = [(ensemble, other) for ensemble in ordered for other in _counterparts(ensemble, here)]
    found += [
        (ensemble, other) for ensemble in here if ensemble not in references for other in references
    ]
    once: dict[frozenset[Ensemble], tuple[Ensemble, Ensemble]] = {}
    for ensemble, other in found:
        if ensemble != other and other in here:
            once.setdefault(frozenset((ensemble, other)), (ensemble, other))
    return sorted(once.values(), key=lambda pair: here.index(pair[0]))


def with_descriptors(model: str, among: Iterable[str]) -> str | None:
    """The model with physical descriptors that another one is held against.

    Parameters
    ----------
    model : str
        Model code.
    among : iterable of str
        Codes of the models that there are.

    Returns
    -------
    str or None
        The first that is there of: the one of the same architecture and variant, that of the
        architecture, EP of the variant, EP, and any other. A model with descriptors is held against
        EP alone, and the network without static vector against EP first.
    """
    parsed = matrix.parse(model)
    own, ep = ([f"{code}_{parsed.variant}", code] for code in (PHYSICAL[parsed.architecture], EP))
    others = [code for code in among if code != model]
    any_other = [code for code in others if matrix.parse(code).vector == "physical"]
    if parsed.vector == "physical":
        wanted = ep
    elif parsed.vector == "none":
        wanted = ep + own + any_other
    else:
        wanted = own + ep + any_other
    return next((code for code in wanted if code in others), None)


def of_the_question(models: Iterable[str]) -> list[str]:
    """EP, EG and CN, which say what a random vector recovers, as far as they are among models.

    Parameters
    ----------
    models : iterable of str
        Model codes; of several EG the longest counts.
    """
    models = list(models)
    found = [matrix.ea_lstm_with(kind, models) for kind in ("physical", "gaussian")]
    found.append(WITHOUT_STATICS if WITHOUT_STATICS in models else None)
    return [code for code in found if code]


def _counterparts(ensemble: Ensemble, here: list[Ensemble]) -> list[Ensemble]:
    """What an ensemble is held against whatever the references are; it need not be there."""
    scenario, code = ensemble
    models = [other for there, other in here if there == scenario]
    model = matrix.parse(code)
    variant = f"_{model.variant}" if model.variant else ""
    # CN as the same variant where it is trained so.
    without = WITHOUT_STATICS + variant
    without = without if without in models else WITHOUT_STATICS
    names = [with_descriptors(code, models), model.plain]
    if model.vector != "none":
        names.insert(1, without)
    return [*((scenario, name) for name in names if name), (FULL, code)]
