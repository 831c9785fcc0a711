"""The models: which architecture meets which static vector, and which of them the paper has.

The matrix follows from the records of `randvec.models` and `randvec.vectors`. What can't be, an
architecture without the static vector that it needs, is not in it.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from randvec.errors import InputError
from randvec.models import ARCHITECTURES
from randvec.vectors import ANY, DESCRIPTORS, VECTORS, StaticVector


def _models() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for key, architecture in ARCHITECTURES.items():
        for name, vector in VECTORS.items():
            if vector.dimension == 0 and architecture.needs_statics:
                continue
            if "{}" not in architecture.code:
                raise ValueError(
                    f"{key} has the code '{architecture.code}'; expected {{}} in it, where the "
                    "letter of the static vector stands"
                )
            code = architecture.code.format(architecture.letters.get(name, vector.letter))
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", code):
                raise ValueError(
                    f"{key} with {name} has the code '{code}'; expected letters and digits, as a "
                    "dash stands before a dimension and an underscore before a variant"
                )
            if code in found:
                raise ValueError(
                    f"{key} with {name} and {' with '.join(found[code])} have the same code, "
                    f"{code}; give the new architecture or static vector another letter"
                )
            found[code] = key, name
    return found


#: Architecture and static vector of every model by its code, without its dimension.
MODELS = _models()
#: What Li et al. (2022) trained, besides the network without statics of Kratzert et al. (2019).
PAPER = {"EP", "EG", "EO", "EM", "CP", "CG", "CO", "CN", "PEA", "REA", "FP", "FG", "FO"}
#: The vectors of this code are as long as there are descriptors; others follow a dash: REA-64.
OF_PAPER = "REA"
#: The network without static vector, which every other model is held against.
WITHOUT_STATICS = "CN"
#: For each architecture its model with the physical descriptors.
PHYSICAL = {key: code for code, (key, vector) in MODELS.items() if vector == "physical"}


@dataclass(frozen=True)
class Model:
    """One model of the matrix.

    Attributes
    ----------
    code : str
        Name in the paper, with the dimension where there is one to choose: ``EP``, ``EG-256``.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    vector : str
        A key of `randvec.vectors.VECTORS`.
    dimension : int, str or None
        Length of the static vector; `DESCRIPTORS` for their number, None for that of the basins.
    variant : str
        Name in the configuration's `variants` of what is trained otherwise; empty for nothing.
    """

    code: str
    architecture: str
    vector: str
    dimension: int | str | None
    variant: str = ""

    @property
    def statics(self) -> StaticVector:
        """What is known of its kind of static vector."""
        return VECTORS[self.vector]

    @property
    def plain(self) -> str:
        """Its code without its variant."""
        return self.code.removesuffix(f"_{self.variant}")

    @property
    def in_paper(self) -> bool:
        """Whether the paper has this model, of this or, where it varies, another dimension."""
        name, dash, _ = self.plain.partition("-")
        return name in PAPER and not (dash and name == OF_PAPER)

    def length(self, descriptors: int) -> int | None:
        """Length of the static vector with so many descriptors; None for the number of basins."""
        return descriptors if self.dimension == DESCRIPTORS else self.dimension

    def table(self, vector_seed: int, descriptors: int) -> str | None:
        """Name of the static vector table that a member of this model reads, None for no statics.

        Parameters
        ----------
        vector_seed : int
            The member's own vector seed; part of the name for random vectors only.
        descriptors : int
            Their number.
        """
        if self.dimension == 0:
            return None
        length = f"-{self.length(descriptors)}" if self.statics.dimension == ANY else ""
        seed = f"-s{vector_seed}" if self.statics.random else ""
        return f"{self.vector}{length}{seed}"


def parse(code: str) -> Model:
    """Find the model that a code names.

    Parameters
    ----------
    code : str
        For example ``EP``, ``EG-256``, ``CN``, or with a variant ``FP_corrected``.

    Raises
    ------
    InputError
        If there is no such model, or a dimension is missing or given where the code has none.
    """
    plain, underscore, variant = code.partition("_")
    if underscore and not re.fullmatch(r"[a-z][a-z0-9]*", variant):
        raise InputError(
            f"model '{code}': '{variant}' can't be the name of a variant; "
            "expected small letters and digits, as in 'FP_corrected'"
        )
    name, dash, digits = plain.partition("-")
    if name not in MODELS:
        raise InputError(_unknown(code, name))
    architecture, vector = MODELS[name]
    return Model(code, architecture, vector, _dimension(code, name, dash, digits), variant)


def _dimension(code: str, name: str, dash: str, digits: str) -> int | str | None:
    """Length of the static vector of a model."""
    vector = VECTORS[MODELS[name][1]]
    if vector.dimension != ANY:
        if dash:
            raise InputError(f"model '{code}': {name} takes no dimension; write '{name}'")
        return vector.dimension
    if name == OF_PAPER and not dash:
        return DESCRIPTORS
    if not re.fullmatch(r"[1-9][0-9]{0,4}", digits):
        raise InputError(
            f"model '{code}': {name} needs the dimension of its vector as a whole number from 1, "
            f"for example '{name}-{32 if vector.describes else 16}'"
        )
    return int(digits)


def ea_lstm_with(vector: str, codes: Iterable[str]) -> str | None:
    """The EA-LSTM with some kind of static vector among models, of several lengths the longest.

    Parameters
    ----------
    vector : str
        A key of `randvec.vectors.VECTORS`.
    codes : iterable of str
        Model codes.

    Returns
    -------
    str or None
        Its code; None if there is none, variants apart.
    """
    wanted = ("ea_lstm", vector, "")
    models = [parse(code) for code in codes]
    found = [
        model for model in models if (model.architecture, model.vector, model.variant) == wanted
    ]
    return max(found, key=lambda model: model.dimension or 0).code if found else None


def check_length(model: Model, descriptors: int) -> None:
    """Refuse a vector that has no room for a random column, and a length with a name of its own.

    Raises
    ------
    InputError
    """
    if model.statics.random and model.statics.describes and model.dimension <= descriptors:
        raise InputError(
            f"model '{model.code}': the dimension of a {model.vector} vector must be "
            f"{descriptors + 1} or more, as it holds the {descriptors} descriptors and more"
        )
    if model.plain == f"{OF_PAPER}-{descriptors}":
        raise InputError(
            f"model '{model.code}': dimension {descriptors} is that of '{OF_PAPER}'; write so"
        )


def _unknown(code: str, name: str) -> str:
    codes = [c + ("-<d>" if VECTORS[MODELS[c][1]].dimension == ANY else "") for c in MODELS]
    codes = sorted({*codes, OF_PAPER}, key=lambda c: list(MODELS).index(c.partition("-")[0]))
    for key in ARCHITECTURES:
        if re.sub(r"\W|_", "", code).lower() == key.replace("_", ""):
            own = [c for c in codes if MODELS[c.partition("-")[0]][0] == key]
            return f"model '{code}' is an architecture; its models are {', '.join(own)}"
    letters = name.rstrip("0123456789")
    if letters != name and letters in MODELS and VECTORS[MODELS[letters][1]].dimension == ANY:
        return f"model '{code}' is unknown; did you mean '{letters}-{name[len(letters) :]}'?"
    near = difflib.get_close_matches(name.upper(), MODELS, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"model '{code}' is unknown{hint} (there are: {', '.join(codes)})"
