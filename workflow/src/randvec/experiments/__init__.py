"""The kinds of experiment, by name: what each varies, and what is made of its outcome.

A kind is one record here. Tables of medians and of paired comparisons, pages, targets and a figure
follow from it. An experiment of a configuration has the name of its kind, or one of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What the main comparison is called beside the experiments.
MAIN = "main"


@dataclass(frozen=True)
class Axis:
    """Where the default figure puts scenarios.

    Attributes
    ----------
    label : str
    number : str
        The attribute of `randvec.scenarios.Scenario` that is the place on the axis.
    scale : str
        ``linear``, ``log``, or ``equal`` for equal steps whatever the numbers are.
    full : str
        What full stands for: ``zero``, the number of ``basins``, or ``all``, one step after the
        others.
    """

    label: str
    number: str
    scale: str = "linear"
    full: str = "all"


@dataclass(frozen=True)
class Table:
    """A table of an experiment.

    Attributes
    ----------
    title : str
        As the report has it.
    module : str
        Where its function ``write`` is, with arguments as `randvec.comparison.medians.write`.
    """

    title: str
    module: str


MEDIANS = Table("medians", "randvec.comparison.medians")
#: The table of the main comparison that answers its question, where its models allow it.
ANSWER = Table("how much is recovered", "randvec.comparison.recovered")


@dataclass(frozen=True)
class Kind:
    """A kind of experiment.

    Attributes
    ----------
    title : str
        Of its figure.
    varies : tuple of str
        How the scenarios begin that it may have besides full; none if it varies models.
    random : bool
        Whether it is about random vectors, and one of its models must have one.
    figure : str
        Module that draws it. The default shows medians, and differences from full, over `axis`.
    needs : tuple of str
        What the figure reads: keys of `randvec.figures.files.PATTERNS`.
    axis : Axis, optional
        Without one the default figure has the scenarios side by side.
    tables : mapping of str to Table
        By the end of their names. Every experiment has its medians, whose name ends with nothing,
        and where it compares models a table of that besides.
    paragraph : str
        Module whose function ``paragraph`` writes what the summary says of it, from its medians,
        comparisons and further tables. Without one the summary says what it says of all.
    """

    title: str
    varies: tuple[str, ...] = ()
    random: bool = False
    figure: str = "randvec.figures.over_scenarios"
    needs: tuple[str, ...] = ("medians", "comparisons")
    axis: Axis | None = None
    tables: Mapping[str, Table] = field(default_factory=lambda: {"": MEDIANS})
    paragraph: str = ""


KINDS: dict[str, Kind] = {
    "dimensions": Kind(
        "Length of the random vector",
        random=True,
        figure="randvec.figures.dimensions",
    ),
    "data_length": Kind(
        "Years of training",
        varies=("years-",),
        axis=Axis("Years of training", "years", scale="equal"),
    ),
    "fewer_basins": Kind(
        "Basins trained on",
        varies=("basins-",),
        needs=("medians", "comparisons", "basins"),
        axis=Axis("Basins trained on", "count", scale="log", full="basins"),
    ),
    "incomplete_descriptors": Kind(
        "Groups of descriptors",
        varies=("without-", "only-"),
        figure="randvec.figures.incomplete_descriptors",
    ),
    "uncertain_descriptors": Kind(
        "Noise on the descriptors",
        varies=("noise-",),
        axis=Axis(
            "Noise on the descriptors (standard deviations of each)",
            "noise",
            full="zero",
        ),
    ),
    "vector_luck": Kind(
        "Draws of vectors and initial weights",
        varies=("vectors-",),
        figure="randvec.figures.vector_luck",
        needs=("medians", "metrics_of_members"),
        tables={
            "": MEDIANS,
            "spread": Table("analysis of variance", "randvec.comparison.variance"),
        },
        paragraph="randvec.report.vector_luck",
    ),
    "ungauged_basins": Kind(
        "Gauged and ungauged basins",
        varies=("fold-",),
        figure="randvec.figures.ungauged_basins",
        paragraph="randvec.report.ungauged_basins",
    ),
}
