"""The experiment matrix of Li et al. 2022: which architecture meets which static vector.

The table below is the only place that knows it. A cell that the paper marks as not applicable has
no line here and so can't be asked for.
"""

import difflib
import re
from dataclasses import dataclass

from randvec.errors import InputError

#: Number of physical descriptors, and the dimension of the random vector of REA.
DESCRIPTORS = 27

#: Code of the paper: architecture, static vector, dimension. The dimension is a number, "d" where
#: the code carries it (EG-16), or None where the data gives it (one-hot: the number of basins).
CELLS = {
    "EP": ("ea_lstm", "physical", DESCRIPTORS),
    "EG": ("ea_lstm", "gaussian", "d"),
    "EO": ("ea_lstm", "one_hot", None),
    "EM": ("ea_lstm", "mixed", "d"),
    "CP": ("ct_lstm", "physical", DESCRIPTORS),
    "CG": ("ct_lstm", "gaussian", "d"),
    "CO": ("ct_lstm", "one_hot", None),
    "CN": ("ct_lstm", "none", 0),
    "PEA": ("sr_lstm_ea", "physical", DESCRIPTORS),
    "REA": ("sr_lstm_ea", "gaussian", DESCRIPTORS),
    "FP": ("fm_lstm", "physical", DESCRIPTORS),
    "FG": ("fm_lstm", "gaussian", "d"),
    "FO": ("fm_lstm", "one_hot", None),
}

#: Static vectors that every member draws anew, from its own vector seed.
RANDOM_VECTORS = ("gaussian", "mixed")


@dataclass(frozen=True)
class Model:
    """One cell of the matrix.

    Attributes
    ----------
    code : str
        Name in the paper, with the dimension where there is one to choose: ``EP``, ``EG-256``.
    architecture : str
        ``ea_lstm``, ``ct_lstm``, ``sr_lstm_ea`` or ``fm_lstm``.
    vector : str
        ``physical``, ``gaussian``, ``one_hot``, ``mixed`` or ``none``.
    dimension : int or None
        Length of the static vector; None for one-hot, whose length is the number of basins.
    variant : str
        Name in the configuration's `variants` of what is trained otherwise; empty for nothing.
    """

    code: str
    architecture: str
    vector: str
    dimension: int | None
    variant: str = ""

    def table(self, vector_seed: int) -> str | None:
        """Name of the static vector table that a member of this model reads, None for no statics.

        Parameters
        ----------
        vector_seed : int
            The member's own vector seed; part of the name for random vectors only.
        """
        if self.vector == "none":
            return None
        if self.vector in RANDOM_VECTORS:
            return f"{self.vector}-{self.dimension}-s{vector_seed}"
        return self.vector


def parse(code: str) -> Model:
    """Find the cell of the matrix that a model code names.

    Parameters
    ----------
    code : str
        For example ``EP``, ``EG-256``, ``CN``, or with a variant ``FP_corrected``.

    Raises
    ------
    InputError
        If the matrix has no such cell, if a dimension is missing or given where the code has
        none, or if a mixed vector has no room for a random column beside the 27 descriptors.
    """
    cell, underscore, variant = code.partition("_")
    if underscore and not re.fullmatch(r"[a-z][a-z0-9]*", variant):
        raise InputError(
            f"model '{code}': '{variant}' can't be the name of a variant; "
            "expected small letters and digits, as in 'FP_corrected'"
        )
    name, dash, digits = cell.partition("-")
    if name not in CELLS:
        raise InputError(_unknown(code, name))
    architecture, vector, dimension = CELLS[name]
    if dimension != "d":
        if dash:
            raise InputError(f"model '{code}': {name} takes no dimension; write '{name}'")
        return Model(code, architecture, vector, dimension, variant)
    if not re.fullmatch(r"[1-9][0-9]{0,4}", digits):
        raise InputError(
            f"model '{code}': {name} needs the dimension of its vector as a whole number from 1, "
            f"for example '{name}-{32 if vector == 'mixed' else 16}'"
        )
    if vector == "mixed" and int(digits) <= DESCRIPTORS:
        raise InputError(
            f"model '{code}': a mixed vector holds the {DESCRIPTORS} descriptors and at least one "
            f"Gaussian column, so its dimension must be {DESCRIPTORS + 1} or more"
        )
    return Model(code, architecture, vector, int(digits), variant)


def _unknown(code: str, name: str) -> str:
    codes = [c + ("-<d>" if CELLS[c][2] == "d" else "") for c in CELLS]
    near = difflib.get_close_matches(name.upper(), CELLS, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"model '{code}' is no cell of the paper's matrix{hint} (there are: {', '.join(codes)})"
