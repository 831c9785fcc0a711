"""The recurrence that all architectures share: a standard LSTM, or one with a static input gate.

Gates lie in the order input, forget, output, cell (i, f, o, g). With x the forcing of a day, h and
c the states of the day before, and s the static vector of the sample:

    standard (4 gates)           i, f, o, g = W x + R h + S s + b
    static input gate (3 gates)  f, o, g = W x + R h + b_fog,   i = S s + b_i

    c' = sigmoid(f) * c + sigmoid(i) * tanh(g)
    h' = sigmoid(o) * tanh(c')

Sources: Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, with the forget gate of
Gers et al. (2000), doi:10.1162/089976600300015015; the static input gate is the EA-LSTM of Kratzert
et al. (2019), doi:10.5194/hess-23-5089-2019.

Three forms give the same numbers: `plain` is the one to read, `fast` (its own file) runs on the
CPU, `cudnn` (its own file) on a GPU.
"""

import torch
from torch.nn import functional

from randvec.models.recurrence_cudnn import cudnn
from randvec.models.recurrence_fast import fast

# The form that is used on each kind of device.
FORMS = {"cpu": "fast", "cuda": "cudnn"}


def recurrence(
    forcing, input_weight, recurrent_weight, bias, statics=None, static_weight=None, form=None
):
    """Run the recurrence over all days and return the last hidden state.

    Parameters
    ----------
    forcing : Tensor [days, batch, forcings]
    input_weight : Tensor [gates * hidden, forcings]
        W above. 4 gates: standard LSTM; 3 gates: the input gate comes from the statics.
    recurrent_weight : Tensor [gates * hidden, hidden]
        R above.
    bias : Tensor [4 * hidden]
        b above, always of all four gates.
    statics : Tensor [batch, d] or [1, d], optional
        s above; one row serves the whole batch.
    static_weight : Tensor [4 * hidden, d] or, with 3 gates, [hidden, d], optional
        S above.
    form : {"plain", "fast", "cudnn"}, optional
        Default: the one of `FORMS` for the device.

    Returns
    -------
    Tensor [batch, hidden]
    """
    form = form or FORMS[forcing.device.type]
    if form == "cudnn":
        return cudnn(forcing, input_weight, recurrent_weight, bias, statics, static_weight)
    run = {"plain": plain, "fast": fast}[form]
    hidden = recurrent_weight.shape[1]
    if recurrent_weight.shape[0] == 3 * hidden:
        input_gate = torch.sigmoid(functional.linear(statics, static_weight, bias[:hidden]))
        return run(forcing, input_weight, recurrent_weight, bias[hidden:], input_gate)
    # The statics are the same on every day: they are projected once per sample, not once per day.
    offset = bias if statics is None else functional.linear(statics, static_weight, bias)
    return run(forcing, input_weight, recurrent_weight, offset)


def plain(forcing, input_weight, recurrent_weight, offset, input_gate=None):
    """Step by step, as the equations read; the reference for the other forms.

    Parameters
    ----------
    forcing : Tensor [days, batch, forcings]
    input_weight : Tensor [gates * hidden, forcings]
    recurrent_weight : Tensor [gates * hidden, hidden]
    offset : Tensor [gates * hidden] or [batch, gates * hidden]
        What is added to the gates on every day: the bias, and the projected statics.
    input_gate : Tensor [batch, hidden] or [1, hidden], optional
        The static input gate, after its sigmoid; with it, 3 gates are computed each day.

    Returns
    -------
    Tensor [batch, hidden]
        The last hidden state.
    """
    projected = functional.linear(forcing, input_weight) + offset
    hidden_state = forcing.new_zeros(forcing.shape[1], recurrent_weight.shape[1])
    cell_state = hidden_state
    for gates in projected.unbind(0):
        gates = gates + functional.linear(hidden_state, recurrent_weight)
        *written, forget, output, cell = gates.split(recurrent_weight.shape[1], dim=1)
        admit = input_gate if input_gate is not None else torch.sigmoid(written[0])
        cell_state = torch.sigmoid(forget) * cell_state + admit * torch.tanh(cell)
        hidden_state = torch.sigmoid(output) * torch.tanh(cell_state)
    return hidden_state


def repeated_identity(gates, hidden):
    """Initial recurrent weight: an identity matrix per gate, [gates * hidden, hidden]."""
    return torch.eye(hidden).repeat(gates, 1)


def orthogonal(rows, columns):
    """Initial input weight: a random (semi-)orthogonal matrix, [rows, columns]."""
    return torch.nn.init.orthogonal_(torch.empty(rows, columns))


def initial_bias(hidden, value, gate="forget"):
    """Initial bias of the four gates, [4 * hidden]: zero but `value` on one gate."""
    bias = torch.zeros(4, hidden)
    bias[("input", "forget", "output", "cell").index(gate)] = value
    return bias.flatten()
