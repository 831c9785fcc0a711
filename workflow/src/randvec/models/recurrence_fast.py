"""The recurrence on a CPU, and of several members in one batch, with a backward pass by hand.

What makes it faster than the plain loop, by measurement:

- All is kept as [(member,) units, batch]. Each gate is then one contiguous block, so that a day
  needs few and simple kernels.
- Hidden state, forcing and a row of ones lie below each other in one buffer, so that a day's gates
  come from one matrix product, and so do the gradients of all weights.
- tanh(x) is computed as 2 sigmoid(2x) - 1: torch's sigmoid is several times faster than its tanh.
  For the candidate g the factor 2 within is folded into its weights, so that one call of sigmoid
  serves all gates.
- The buffers, and their views per day, are used again for the next batch: fresh memory costs a
  page fault per 4 kB.
- All runs in torch's inference mode, which saves a sixth of what it costs to start a kernel. What
  leaves it is copied, since autograd can't keep such tensors.
- The backward pass adds up the gradients of the weights day by day, while the day's gates are in
  the cache.
- From 128 units on, a single member's products in float32 are those of oneDNN: about a tenth faster
  than torch.mm, by `make benchmark`, while below its calls cost more than they gain.

i, f, o, g, c and h are those of `randvec.models.recurrence`: the gates after their sigmoid or tanh,
the cell state and the hidden state.
"""

from collections.abc import Callable

import torch
from torch import Tensor

_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input

ONEDNN_FROM = 128

# The buffers of the last batches, for the next ones of the same shape. Two sets, as the width of
# the batches varies by one where windows predict several days.
_spare: list["_Buffers"] = []
SPARE = 2


def fast(
    forcing: Tensor,
    input_weight: Tensor,
    recurrent_weight: Tensor,
    offset: Tensor,
    input_gate: Tensor | None = None,
    days: int = 1,
) -> Tensor:
    """The same as `randvec.models.recurrence.plain`: same arguments, same result."""
    arguments = (forcing, input_weight, recurrent_weight, offset, input_gate)
    if torch.is_grad_enabled() and any(a is not None and a.requires_grad for a in arguments):
        return _Recurrence.apply(days, *arguments)
    return _Buffers(*_shape(*arguments), keep=False).forward(days, *arguments)


def _shape(
    forcing: Tensor,
    input_weight: Tensor,
    recurrent_weight: Tensor,
    offset: Tensor,
    input_gate: Tensor | None,
) -> tuple:
    """What buffers must agree on to be used again."""
    kind = (forcing.dtype, forcing.device)
    return forcing.shape, recurrent_weight.shape, offset.shape[-2] > 1, input_gate is not None, kind


def _products(
    several: bool, hidden: int, dtype: torch.dtype, device: torch.device
) -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    """How to multiply, and how to add a product: both return the result and may write it to out."""
    if several:
        return torch.bmm, torch.baddbmm
    single = dtype == torch.float32 and device.type == "cpu"
    if single and hidden >= ONEDNN_FROM and torch.backends.mkldnn.is_available():
        return _onednn_product, _onednn_add_product
    return torch.mm, torch.addmm


def _onednn_product(left: Tensor, right: Tensor, out: Tensor | None = None) -> Tensor:
    # oneDNN has it as a linear layer, which multiplies by the transpose of its weight.
    return torch.ops.mkldnn._linear_pointwise(left, right.mT, None, "none", [], "")


def _onednn_add_product(added: Tensor, left: Tensor, right: Tensor, out: Tensor) -> Tensor:
    return torch.add(added, _onednn_product(left, right), out=out)


class _Buffers:
    """The buffers for one shape of batch, with their views per day.

    The rows of `inputs` on a day are the hidden state of the day before, the forcing and, unless
    the offset varies between samples, ones. With `keep`, each day has its own gates and states,
    for the way back.
    """

    def __init__(
        self,
        forcing_shape: torch.Size,
        recurrent_shape: torch.Size,
        varying: bool,
        static_gate: bool,
        kind: tuple[torch.dtype, torch.device],
        keep: bool = True,
    ) -> None:
        days, *members, batch, forcings = forcing_shape
        rows, hidden = recurrent_shape[-2:]
        self.shape = (forcing_shape, recurrent_shape, varying, static_gate, kind)
        self.hidden = hidden
        self.varying = varying
        self.product, self.add_product = _products(bool(members), hidden, *kind)

        def empty(days: list[int], units: int) -> Tensor:
            dtype, device = kind
            return torch.empty(*days, *members, units, batch, dtype=dtype, device=device)

        # One day more than there is forcing: the hidden states of the last days are the result.
        self.inputs = empty([days + 1], hidden + forcings + (not varying))
        self.inputs[0, ..., :hidden, :].zero_()
        self.inputs[..., hidden + forcings :, :].fill_(1)
        self.forcing = self.inputs[:days, ..., hidden : hidden + forcings, :]
        # A day's h is written to where the next day's product reads it.
        self.hidden_states = self.inputs[1:, ..., :hidden, :].unbind(0)
        self.offset = empty([], rows) if varying else None
        self.static_gate = empty([], hidden) if static_gate else None
        self.days = self._views(empty([days if keep else 1], rows + 2 * hidden), rows, days)

    def _views(self, states: Tensor, rows: int, days: int) -> list[tuple[Tensor, ...]]:
        """Per day: inputs, all gates, all but g, then one by one i, f, o, g, c and tanh(c).

        `states` has these rows below each other: (i,) f, o, g, c, tanh(c). If it has one day, that
        one is written anew each day.
        """
        hidden = self.hidden
        sigmoids = rows - hidden
        each = [states[..., :rows, :], states[..., :sigmoids, :], *states.split(hidden, dim=-2)]
        each = [buffer.unbind(0) * (days // len(states)) for buffer in each]
        if self.static_gate is not None:
            each.insert(2, [self.static_gate] * days)
        return list(zip(self.inputs[:-1].unbind(0), *each, strict=True))

    def forward(
        self,
        last: int,
        forcing: Tensor,
        input_weight: Tensor,
        recurrent_weight: Tensor,
        offset: Tensor,
        input_gate: Tensor | None,
    ) -> Tensor:
        """Hidden states of so many last days, [last, (member,) batch, hidden]."""
        hidden = self.hidden
        self.forcing.copy_(forcing.mT)
        if input_gate is not None:
            self.static_gate.copy_(input_gate.mT.expand_as(self.static_gate))
        # [R, W] or, with the row of ones, [R, W, b]: their product with a day's inputs is its gates
        # before sigmoid and tanh. The rows of g are doubled, of which sigmoid makes its tanh.
        parts = [recurrent_weight, input_weight]
        if self.varying:
            self.offset.copy_(offset.mT)
            self.offset[..., -hidden:, :].mul_(2)
        else:
            parts.append(offset.mT)
        weight = torch.cat(parts, dim=-1)
        weight[..., -hidden:, :].mul_(2)

        minus_one = weight.new_full((), -1)  # made on the device: nothing is copied to it
        c_before = weight.new_zeros(())
        for day, h in zip(self.days, self.hidden_states, strict=True):
            inputs, gates, _, i, f, o, g, c, tanh_c = day
            if self.varying:
                product = self.add_product(self.offset, weight, inputs, out=gates)
            else:
                product = self.product(weight, inputs, out=gates)
            torch.sigmoid(product, out=gates)
            torch.add(minus_one, g, alpha=2, out=g)  # now the tanh
            torch.mul(f, c_before, out=c)
            c.addcmul_(i, g)
            torch.add(c, c, out=tanh_c)
            tanh_c.sigmoid_()
            torch.add(minus_one, tanh_c, alpha=2, out=tanh_c)
            torch.mul(o, tanh_c, out=h)
            c_before = c
        return self.inputs[-last:, ..., :hidden, :].mT.contiguous()

    def backward(
        self, grad_states: Tensor, recurrent_weight: Tensor, input_weight: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None, Tensor | None, Tensor | None]:
        """Gradients of weights [..., columns, rows], offset, static gate, forcing, day by day.

        They are those of the gates as the equations have them, so the weights here are the plain
        ones: the factor 2 of the forward pass is part of how it computes tanh.
        """
        hidden = self.hidden
        *members, rows, _ = recurrent_weight.shape
        *grad_days, grad_h = grad_states.mT.clone(memory_format=torch.contiguous_format)
        grad_c = torch.zeros_like(grad_h)
        scratch = torch.empty_like(grad_h)
        grad_gates = torch.empty_like(self.days[0][1])
        grad_sigmoids = grad_gates[..., :-hidden, :]
        *grad_i, grad_f, grad_o, grad_g = grad_gates.split(hidden, dim=-2)
        transposed_gates = grad_gates.mT
        transposed_weight = recurrent_weight.mT.contiguous()
        # [R, W, b] transposed, for that is the product of a day's inputs and its transposed gates.
        grad_weight = grad_gates.new_zeros(*members, self.inputs.shape[-2], rows)
        grad_offset = torch.zeros_like(grad_gates) if self.varying else None
        grad_static_gate = None if self.static_gate is None else torch.zeros_like(grad_c)
        grad_forcing = None if input_weight is None else torch.empty_like(self.forcing)

        for day in range(len(self.days) - 1, -1, -1):
            inputs, _, sigmoids, i, f, o, g, _, tanh_c = self.days[day]
            # h = o tanh(c)
            torch.mul(grad_h, tanh_c, out=grad_o)
            # Of tanh: o (1 - tanh(c)²), with o tanh(c) the day's h.
            torch.addcmul(o, self.hidden_states[day], tanh_c, value=-1, out=scratch)
            grad_c.addcmul_(grad_h, scratch)
            # c = f c_before + i g
            if day:
                torch.mul(grad_c, self.days[day - 1][-2], out=grad_f)
            else:
                grad_f.zero_()  # c_before is zero
            torch.mul(grad_c, i, out=grad_g)
            if grad_i:
                torch.mul(grad_c, g, out=grad_i[0])
            else:
                grad_static_gate.addcmul_(grad_c, g)
            grad_c.mul_(f)  # now of c_before
            # Through sigmoid and tanh, to the gates before them: R h + W x + b.
            _sigmoid_backward(grad_sigmoids, sigmoids, grad_input=grad_sigmoids)
            _tanh_backward(grad_g, g, grad_input=grad_g)
            self.add_product(grad_weight, inputs, transposed_gates, out=grad_weight)
            if self.varying:
                grad_offset.add_(grad_gates)
            if grad_forcing is not None:
                torch.matmul(input_weight.mT, grad_gates, out=grad_forcing[day])
            grad_h = self.product(transposed_weight, grad_gates, out=grad_h)
            if grad_days:  # a day whose hidden state is part of the result
                grad_h.add_(grad_days.pop())
        return grad_weight, grad_offset, grad_static_gate, grad_forcing


def _take_spare(shape: tuple) -> _Buffers | None:
    """Buffers of this shape that are not in use, or None."""
    for place, buffers in enumerate(_spare):
        if buffers.shape == shape:
            return _spare.pop(place)
    return None


class _Recurrence(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: torch.autograd.function.FunctionCtx, days: int, *arguments: Tensor | None
    ) -> Tensor:
        shape = _shape(*arguments)
        ctx.save_for_backward(*arguments)
        with torch.inference_mode():
            ctx.buffers = _take_spare(shape) or _Buffers(*shape)
            states = ctx.buffers.forward(days, *arguments)
        return states.clone()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(
        ctx: torch.autograd.function.FunctionCtx, grad_states: Tensor
    ) -> tuple[Tensor | None, ...]:
        _, input_weight, recurrent_weight, offset, input_gate = ctx.saved_tensors
        buffers, ctx.buffers = ctx.buffers, None
        if buffers is None:
            raise RuntimeError("this recurrence has been differentiated once; run it again first")
        with torch.inference_mode():
            gradients = buffers.backward(
                grad_states, recurrent_weight, input_weight if ctx.needs_input_grad[1] else None
            )
        weight, offsets, static_gate, forcing = (
            None if gradient is None else gradient.clone() for gradient in gradients
        )
        _spare[:] = [buffers, *_spare][:SPARE]
        hidden = buffers.hidden
        weight = weight.mT
        # Of days, forcing, W, R, offset and input gate. Without samples of its own the offset is
        # the last column, which met the row of ones.
        return (
            None,
            None if forcing is None else forcing.mT,
            weight[..., hidden : hidden + input_weight.shape[-1]],
            weight[..., :hidden],
            weight[..., -1].reshape(offset.shape) if offsets is None else offsets.mT,
            None if static_gate is None else static_gate.mT.sum_to_size(input_gate.shape),
        )
