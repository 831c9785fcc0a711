"""Which cells of an experiment are compared with which; a cell is a scenario and a model."""

import re
from collections.abc import Iterable

from randvec import matrix
from randvec.matrix import PHYSICAL, WITHOUT_STATICS

Cell = tuple[str, str]


def joined(scenario: str) -> str:
    """The name under which a scenario is scored: ``folds-N`` for one of N folds, else its own."""
    return re.sub(r"^fold-\d+-of-(\d+)$", r"folds-\1", scenario)


def pairs(cells: Iterable[Cell], references: Iterable[str] = ()) -> list[tuple[Cell, Cell]]:
    """What an experiment, or the main comparison, compares with what.

    Parameters
    ----------
    cells : iterable of (scenario, model)
        All cells of the experiment, its references in full among them.
    references : iterable of str
        Models that the experiment names as references.

    Returns
    -------
    list of (cell, cell)
        Cell and reference, as far as both are among the cells, and each two of them once:

        - in its own scenario a model and the one of its architecture and variant that has physical
          descriptors, and each of those and EP;
        - in its own scenario a model and CN, the network without static vector;
        - in its own scenario a variant and the model that it varies;
        - outside of full a model and itself in full;
        - a model and each reference in full.

        Single draws of random vectors (``vectors-K``) are left out: the experiment on luck looks at
        their members.
    """
    here = list(
        dict.fromkeys(
            (joined(scenario), code)
            for scenario, code in cells
            if not scenario.startswith("vectors-")
        )
    )
    references = [("full", code) for code in references]
    found = [(cell, other) for cell in here for other in _counterparts(cell, here)]
    found += [(cell, other) for cell in here if cell not in references for other in references]
    once: dict[frozenset[Cell], tuple[Cell, Cell]] = {}
    for cell, other in found:
        if cell != other and other in here:
            once.setdefault(frozenset((cell, other)), (cell, other))
    return sorted(once.values(), key=lambda pair: here.index(pair[0]))


def _counterparts(cell: Cell, here: list[Cell]) -> list[Cell]:
    """What a cell is held against whatever the references are; it need not be there."""
    scenario, code = cell
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
