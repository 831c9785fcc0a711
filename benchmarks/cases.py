"""What is measured: architectures, sizes and lengths of the static vector."""

from dataclasses import dataclass

#: Training days of the full experiment, all shown in an epoch: 531 basins, 1999-10 to 2008-09.
PAPER_DAYS = 1_745_928
#: Length of the physical vector, of the longest random one, and of one-hot for the 531 basins.
PHYSICAL, LONGEST, ONE_HOT = 27, 512, 531
#: Those of which the plain networks and the counts of operations know.
ARCHITECTURES = ("ea_lstm", "ct_lstm", "sr_lstm_ea", "fm_lstm")
#: Architectures of which neuralhydrology has only a relative (benchmarks/peer.py).
NEAREST = ("sr_lstm_ea", "fm_lstm")


@dataclass(frozen=True)
class Case:
    """One network in one size.

    Attributes
    ----------
    size : str
        Name of the size.
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    static_size : int
        Length of the static vector.
    days : int
        Days of a window.
    predicted_days : int
        Days at the end of a window that are predicted.
    hidden : int
        Number of hidden units.
    batch : int
        Windows per update.
    updates : int
        Updates in a round of training.
    basins : int
        Basins that are predicted in a round of evaluation.
    """

    size: str
    architecture: str
    static_size: int
    days: int
    predicted_days: int
    hidden: int
    batch: int
    updates: int
    basins: int


#: Days of a window, predicted days, hidden units, windows per update. A size that is named like a
#: configuration is that configuration's.
SIZES = {
    "small": (90, 1, 32, 256),
    "medium": (180, 1, 64, 256),
    "paper": (270, 1, 256, 256),
    "laptop": (365, 180, 64, 32),
    "overnight": (365, 180, 128, 32),
}
#: Updates and basins of a round.
ROUNDS = {
    "small": (8, 4),
    "medium": (2, 2),
    "paper": (1, 1),
    "laptop": (6, 24),
    "overnight": (3, 24),
}
#: A GPU is so much faster that its rounds are longer.
GPU_ROUNDS = {
    "small": (100, 20),
    "medium": (50, 20),
    "paper": (20, 10),
    "laptop": (50, 24),
    "overnight": (50, 24),
}


def cases(on_gpu: bool) -> list[Case]:
    """All cases, the small ones first."""
    chosen = []
    for size, numbers in SIZES.items():
        numbers += (GPU_ROUNDS if on_gpu else ROUNDS)[size]
        for architecture in ARCHITECTURES:
            widths = _widths(size, architecture)
            chosen += [Case(size, architecture, width, *numbers) for width in widths]
    return chosen


def _widths(size, architecture):
    """Lengths of the static vector; only the shortest where the others would take too long."""
    if size in ("laptop", "overnight"):
        return (PHYSICAL,)
    if size == "paper" and architecture == "ct_lstm":
        return (PHYSICAL, LONGEST, ONE_HOT)
    return (PHYSICAL, LONGEST)
