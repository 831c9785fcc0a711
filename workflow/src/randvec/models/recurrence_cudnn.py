"""The recurrence on a GPU: every architecture as the one standard LSTM that cuDNN has."""

from collections.abc import Callable, Sequence
from functools import cache

import torch
from torch import Tensor


def cudnn(
    forcing: Tensor,
    input_weight: Tensor,
    recurrent_weight: Tensor,
    bias: Tensor,
    statics: Tensor | None = None,
    static_weight: Tensor | None = None,
    days: int = 1,
) -> Tensor:
    """The same result as `randvec.models.recurrence.recurrence` of one member; of its arguments
    `statics` have a row for each sample, or one.

    The statics become further input columns of every day, raw or already projected, whichever is
    fewer. The static input gate is a standard LSTM whose input gate has zero weights on forcing
    and hidden state, and whose other gates have zero weights on the statics.

    Under autocast all of it is computed in autocast's type; torch itself would take float16 here.
    """
    all_days, batch, _ = forcing.shape
    hidden = recurrent_weight.shape[1]
    if static_weight is not None:
        if static_weight.shape[0] < static_weight.shape[1]:
            statics = torch.nn.functional.linear(statics, static_weight)
            static_weight = torch.eye(len(static_weight), dtype=bias.dtype, device=bias.device)
        forcing = torch.cat((forcing, statics.expand(all_days, batch, -1)), dim=2)
    device, kind = forcing.device.type, forcing.dtype
    if torch.is_autocast_enabled(device):
        kind = torch.get_autocast_dtype(device)
    weights = standard_weights(input_weight, recurrent_weight, bias, static_weight)
    weights.append(torch.zeros_like(bias))
    # One block of memory in cuDNN's order, as cuDNN would otherwise make it on every call.
    block = torch.cat([weight.flatten() for weight in weights]).to(kind)
    parts = block.split([weight.numel() for weight in weights])
    weights = [part.view_as(weight) for part, weight in zip(parts, weights, strict=True)]
    zeros = block.new_zeros(1, batch, hidden)
    train = torch.is_grad_enabled()
    with torch.autocast(device, enabled=False):
        given = forcing.to(kind), (zeros, zeros), weights, True, 1, 0.0, train, False, False
        states, *_ = torch.lstm(*given)
    return states[-days:].to(bias.dtype)


def side_by_side(
    run: Callable[..., Tensor], arguments: Sequence[Sequence[Tensor | None]]
) -> list[Tensor]:
    """Call a function with each of several arguments, on a GPU at the same time.

    Each call has a stream of its own, on which autograd then runs its way back as well.
    """
    here, streams = torch.cuda.current_stream(), _streams(len(arguments))
    results = []
    for own, stream in zip(arguments, streams, strict=True):
        stream.wait_stream(here)
        with torch.cuda.stream(stream):
            results.append(run(*own))
        for tensor in own:
            if tensor is not None:
                tensor.record_stream(stream)  # its memory is not used again before that
    for result, stream in zip(results, streams, strict=True):
        here.wait_stream(stream)
        result.record_stream(here)
    return results


@cache
def _streams(count: int) -> list[torch.cuda.Stream]:
    return [torch.cuda.Stream() for _ in range(count)]


def standard_weights(
    input_weight: Tensor, recurrent_weight: Tensor, bias: Tensor, static_weight: Tensor | None
) -> list[Tensor]:
    """Weights of torch's standard LSTM, whose inputs are the forcings and then the statics.

    Parameters
    ----------
    input_weight, recurrent_weight, bias, static_weight
        Of one member, as `randvec.models.recurrence.recurrence` takes them.

    Returns
    -------
    list of Tensor
        Input weight, recurrent weight and bias, of the gates i, f, g, o.
    """
    rows, hidden = recurrent_weight.shape
    pad = torch.nn.functional.pad
    # Of the gates i, f, o, g the one that may be missing comes first.
    missing = 4 * hidden - rows
    input_weight = pad(input_weight, (0, 0, missing, 0))
    recurrent_weight = pad(recurrent_weight, (0, 0, missing, 0))
    if static_weight is not None:
        static_weight = pad(static_weight, (0, 0, 0, 4 * hidden - len(static_weight)))
        input_weight = torch.cat((input_weight, static_weight), dim=1)
    return [_torch_order(weight) for weight in (input_weight, recurrent_weight, bias)]


def _torch_order(weight: Tensor) -> Tensor:
    """From the gates i, f, o, g to torch's i, f, g, o."""
    i, f, o, g = weight.chunk(4)
    return torch.cat((i, f, g, o))
