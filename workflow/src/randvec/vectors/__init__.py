"""The static vectors, by name: what tells a network which basin it looks at.

A static vector is one file and one entry here. The file has a function ``make`` that takes the
table of descriptors, with the dimension `ANY` a dimension, and where it is random a seed.
"""

from dataclasses import dataclass

#: The dimension is part of a model's code, as in EG-16; or it is the number of descriptors.
ANY, DESCRIPTORS = "d", "descriptors"


@dataclass(frozen=True)
class StaticVector:
    """What the rest of the package knows of a kind of static vector.

    Attributes
    ----------
    letter : str
        In the codes of models.
    title : str
        As a legend has it.
    phrase : str
        As a table of the report has it.
    colour : str
        Of its models in figures (Okabe and Ito 2008, Color Universal Design).
    line : str or tuple
        Line style of its models, as Matplotlib takes it.
    dimension : int, str or None
        Length of the vector: a number, `ANY`, `DESCRIPTORS`, or None for the number of basins.
    random : bool
        Whether every member draws its own, from its vector seed.
    describes : bool
        Whether it is made of the descriptors, so that a member keeps its numbers in settings.json.
    located : bool
        Whether it is given the coordinates beside the descriptors; no other network sees them.
    """

    letter: str
    title: str
    phrase: str
    colour: str
    line: str | tuple
    dimension: int | str | None
    random: bool = False
    describes: bool = False
    located: bool = False

    @property
    def made_of(self) -> str:
        """The table of the data that it is made of; other descriptors leave the ids as they are."""
        return "descriptors" if self.describes else "used_basins"


#: By name; the function is in the module of that name. Only "none" has no table and no module.
VECTORS: dict[str, StaticVector] = {
    "physical": StaticVector(
        "P",
        "physical descriptors",
        "physical descriptors",
        "#0072B2",
        "-",
        DESCRIPTORS,
        describes=True,
    ),
    "gaussian": StaticVector(
        "G", "Gaussian vector", "random", "#D55E00", (0, (5, 1.5)), ANY, random=True
    ),
    "one_hot": StaticVector("O", "one-hot vector", "one-hot", "#009E73", (0, (1, 1)), None),
    "mixed": StaticVector(
        "M",
        "mixed vector",
        "descriptors and random",
        "#CC79A7",
        (0, (5, 1.5, 1, 1.5)),
        ANY,
        random=True,
        describes=True,
    ),
    "none": StaticVector("N", "no static vector", "none", "#A3A3A3", "-", 0),
}


def kind_of(name: str) -> StaticVector:
    """The kind of vector that a table's name begins with."""
    return VECTORS[name.partition("-")[0]]


def module_of(name: str) -> str:
    """The module of the kind of vector that a table's name begins with."""
    return f"randvec.vectors.{name.partition('-')[0]}"
