"""What is measured: architectures, sizes and lengths of the static vector."""

from dataclasses import dataclass

from randvec.models import ARCHITECTURES

#: Samples in an epoch of the full experiment: 531 basins, 1999-10-01 to 2008-09-30.
PAPER_SAMPLES = 1_745_928
#: Length of the physical vector, of the longest random one, and of one-hot for the 531 basins.
PHYSICAL, LONGEST, ONE_HOT = 27, 512, 531
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
        Days of forcing that a prediction sees.
    hidden : int
        Number of hidden units.
    batch : int
        Samples per update.
    updates : int
        Updates in a round of training.
    basins : int
        Basins of which 512 days are predicted in a round of evaluation.
    """

    size: str
    architecture: str
    static_size: int
    days: int
    hidden: int
    batch: int
    updates: int
    basins: int


#: Days, hidden units, batch, and for a round: updates, basins.
SIZES = {
    "demo": (90, 32, 256, 8, 4),
    "laptop": (180, 64, 256, 2, 2),
    "paper": (270, 256, 256, 1, 1),
}
#: A GPU is so much faster that its rounds are longer.
GPU_SIZES = {
    "demo": (90, 32, 256, 100, 20),
    "laptop": (180, 64, 256, 50, 20),
    "paper": (270, 256, 256, 20, 10),
}


def cases(on_gpu: bool) -> list[Case]:
    """All cases, the small ones first."""
    chosen = []
    for size, numbers in (GPU_SIZES if on_gpu else SIZES).items():
        for architecture in ARCHITECTURES:
            one_hot = size == "paper" and architecture == "ct_lstm"
            widths = (PHYSICAL, LONGEST, ONE_HOT) if one_hot else (PHYSICAL, LONGEST)
            chosen += [Case(size, architecture, width, *numbers) for width in widths]
    return chosen
