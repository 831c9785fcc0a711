"""The architectures, by name.

An architecture is one file and one entry here. Its network is imported when it is first built.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Architecture:
    """What the rest of the package knows of an architecture.

    Attributes
    ----------
    network : str
        Where its class is: module, colon, name.
    title : str
        As figures print it; TeX between dollar signs.
    code : str
        Code of its models, with ``{}`` for the letter of the static vector.
    marker : str
        Symbol in figures, as Matplotlib names it.
    needs_statics : bool
        Whether it can't be built without a static vector.
    letters : mapping of str to str
        Static vectors that its codes give another letter than `randvec.vectors.VECTORS`.
    """

    network: str
    title: str
    code: str
    marker: str
    needs_statics: bool = True
    letters: Mapping[str, str] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The module of the network."""
        return self.network.partition(":")[0]


ARCHITECTURES: dict[str, Architecture] = {
    "ea_lstm": Architecture("randvec.models.ea_lstm:EALSTM", "EA-LSTM", "E{}", "o"),
    "ct_lstm": Architecture(
        "randvec.models.ct_lstm:CTLSTM", "CT-LSTM", "C{}", "s", needs_statics=False
    ),
    "sr_lstm_ea": Architecture(
        "randvec.models.sr_lstm_ea:SRLSTMEA",
        r"SR-LSTM$_\mathbf{EA}$",
        "{}EA",
        "^",
        letters={"gaussian": "R"},
    ),
    "fm_lstm": Architecture("randvec.models.fm_lstm:FMLSTM", "FM-LSTM", "F{}", "D"),
}
