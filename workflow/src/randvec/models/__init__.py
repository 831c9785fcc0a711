"""The networks, by name.

An architecture is one file and one line of `ARCHITECTURES`. It is imported when it is first built.
"""

ARCHITECTURES = {
    "ea_lstm": "randvec.models.ea_lstm:EALSTM",
    "ct_lstm": "randvec.models.ct_lstm:CTLSTM",
    "sr_lstm_ea": "randvec.models.sr_lstm_ea:SRLSTMEA",
    "fm_lstm": "randvec.models.fm_lstm:FMLSTM",
}
