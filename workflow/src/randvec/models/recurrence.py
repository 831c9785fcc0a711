"""The recurrence that all architectures share: a standard LSTM, or one with a static input gate.

Gates lie in the order input, forget, output, candidate (i, f, o, g). With x the forcing of a day, h
and c the hidden and the cell state of the day before, and s the static vector of the sample:

    standard (4 gates)           i, f, o, g = W x + R h + S s + b
    static input gate (3 gates)  f, o, g = W x + R h + b_fog,   i = S s + b_i

    c' = sigmoid(f) * c + sigmoid(i) * tanh(g)
    h' = sigmoid(o) * tanh(c')

Sources: Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, with the forget gate of
Gers et al. (2000), doi:10.1162/089976600300015015; the static input gate is the EA-LSTM of Kratzert
et al. (2019), doi:10.5194/hess-23-5089-2019.

Three forms give the same numbers: `plain` is the one to read, `fast` (its own file) runs on the
CPU, `cudnn` (its own file) on a GPU. Several members in one batch have a member axis before that of
their samples, and in front in every weight: `plain` and `fast` then compute a day of all members in
one go, `cudnn` one member after the other, and `streams` is `cudnn` with all members side by side.
"""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from randvec.models.layers import linear, of_samples
from randvec.models.recurrence_cudnn import cudnn, side_by_side
from randvec.models.recurrence_fast import fast

# The form that is used on each kind of device, for one member and for several in one batch. On a
# GPU a day of `fast` is two dozen kernels that Python starts one by one; cuDNN starts its own.
FORMS = {"cpu": "fast", "cuda": "cudnn"}
FORMS_OF_SEVERAL = {"cpu": "fast", "cuda": "streams"}


def recurrence(
    forcing: Tensor,
    input_weight: Tensor,
    recurrent_weight: Tensor,
    bias: Tensor,
    statics: Tensor | None = None,
    static_weight: Tensor | None = None,
    basins: Tensor | None = None,
    days: int = 1,
    form: str | None = None,
) -> Tensor:
    """Run the recurrence over all days and return the hidden states of the last ones.

    Parameters
    ----------
    forcing : Tensor [all days, (member,) batch, forcings]
    input_weight : Tensor [(member,) gates * hidden, forcings]
        W above. 4 gates: standard LSTM; 3 gates: the input gate comes from the statics.
    recurrent_weight : Tensor [(member,) gates * hidden, hidden]
        R above.
    bias : Tensor [(member,) 4 * hidden]
        b above, always of all four gates.
    statics : Tensor [(member,) batch, d] or [1, d], optional
        s above; one row serves the whole batch.
    static_weight : Tensor [(member,) 4 * hidden, d], optional
        S above; with 3 gates [(member,) hidden, d].
    basins : Tensor of int64 [(member,) batch], optional
        Row of `statics` of each sample, if those are the vectors of basins. With fewer basins than
        samples that is less work.
    days : int
        Number of last days whose hidden states are returned.
    form : {"plain", "fast", "cudnn", "streams"}, optional
        Default: the one of `FORMS` or `FORMS_OF_SEVERAL` for the device. `streams` is for several
        members on a GPU.

    Returns
    -------
    Tensor [days, (member,) batch, hidden]
    """
    arguments = (forcing, input_weight, recurrent_weight, bias, statics, static_weight, basins)
    members = len(recurrent_weight) if recurrent_weight.dim() == 3 else 0
    form = form or _usual_form(members, forcing.device.type)
    if form == "streams":
        run = partial(recurrence, days=days, form="cudnn")
        return torch.stack(side_by_side(run, list(_by_member(*arguments))), dim=1)
    if members == 1 or (members and form == "cudnn"):
        each = [recurrence(*own, days, form) for own in _by_member(*arguments)]
        return torch.stack(each, dim=1)
    if form == "cudnn":
        statics = None if statics is None else of_samples(statics, basins)
        return cudnn(forcing, input_weight, recurrent_weight, bias, statics, static_weight, days)
    run = {"plain": plain, "fast": fast}[form]
    rows, hidden = recurrent_weight.shape[-2:]
    if rows == 3 * hidden:
        # i = sigmoid(S s + b_i), once per basin or sample, as it is the same on every day.
        input_gate = torch.sigmoid(linear(statics, static_weight, bias[..., :hidden]))
        offset = bias[..., hidden:].unsqueeze(-2)
        input_gate = of_samples(input_gate, basins)
        return run(forcing, input_weight, recurrent_weight, offset, input_gate, days)
    if statics is None:
        return run(forcing, input_weight, recurrent_weight, bias.unsqueeze(-2), days=days)
    # S s + b is the same on every day: it is computed once per basin or sample, not once per day.
    offset = of_samples(linear(statics, static_weight, bias), basins)
    return run(forcing, input_weight, recurrent_weight, offset, days=days)


def _usual_form(members: int, device: str) -> str:
    form = (FORMS_OF_SEVERAL if members > 1 else FORMS)[device]
    # `fast` says where its products go, which autocast leaves as they are.
    return "plain" if form == "fast" and torch.is_autocast_enabled(device) else form


def _by_member(forcing: Tensor, *others: Tensor | None) -> Iterator[tuple[Tensor | None, ...]]:
    """The arguments of `recurrence` for one member after the other, without the member axis."""
    forcings = forcing.unbind(1)
    others = [[None] * len(forcings) if each is None else each.unbind(0) for each in others]
    return zip(forcings, *others, strict=True)


def plain(
    forcing: Tensor,
    input_weight: Tensor,
    recurrent_weight: Tensor,
    offset: Tensor,
    input_gate: Tensor | None = None,
    days: int = 1,
) -> Tensor:
    """Step by step, as the equations read; the reference for the other forms.

    Parameters
    ----------
    forcing : Tensor [all days, (member,) batch, forcings]
    input_weight : Tensor [(member,) gates * hidden, forcings]
    recurrent_weight : Tensor [(member,) gates * hidden, hidden]
    offset : Tensor [(member,) batch, gates * hidden] or [(member,) 1, gates * hidden]
        What is added to the gates on every day: the bias, and the projected statics.
    input_gate : Tensor [(member,) batch, hidden] or [1, hidden], optional
        The static input gate, after its sigmoid; with it, 3 gates are computed each day.
    days : int
        Number of last days whose hidden states are returned.

    Returns
    -------
    Tensor [days, (member,) batch, hidden]
    """
    hidden = recurrent_weight.shape[-1]
    projected = forcing @ input_weight.mT + offset
    h = c = forcing.new_zeros(*forcing.shape[1:-1], hidden)
    states = []
    for gates in projected.unbind(0):
        *i, f, o, g = (gates + h @ recurrent_weight.mT).split(hidden, dim=-1)
        i = torch.sigmoid(i[0]) if input_gate is None else input_gate
        c = torch.sigmoid(f) * c + i * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return torch.stack(states[-days:])


def repeated_identity(gates: int, hidden: int) -> Tensor:
    """Initial recurrent weight: an identity matrix per gate, [gates * hidden, hidden]."""
    return torch.eye(hidden).repeat(gates, 1)


def orthogonal(rows: int, columns: int) -> Tensor:
    """Initial input weight: a random (semi-)orthogonal matrix, [rows, columns]."""
    return torch.nn.init.orthogonal_(torch.empty(rows, columns))


def initial_bias(hidden: int, value: float, gate: str = "forget") -> Tensor:
    """Initial bias of the four gates, [4 * hidden]: zero but `value` on one gate."""
    bias = torch.zeros(4, hidden)
    bias[("input", "forget", "output", "candidate").index(gate)] = value
    return bias.flatten()
