"""The recurrence on a CPU, and of several members together, with a backward pass written by hand.

What makes it faster than the plain loop, by measurement:

- All is kept as [(member,) units, batch]. Each gate is then one contiguous block, so that a day
  needs few and simple kernels.
- Hidden state, forcing and a row of ones lie below each other in one buffer, so that a day's gates
  come from one matrix product, and so do the gradients of all weights.
- tanh(x) is computed as 2 sigmoid(2x) - 1: torch's sigmoid is several times faster than its tanh.
  The factor 2 of the cell gate is folded into its weights.
- The buffers, and their views per day, are used again for the next batch: fresh memory costs a
  page fault per 4 kB.
- All runs in torch's inference mode, which saves a sixth of what it costs to start a kernel. What
  leaves it is copied, since autograd can't keep such tensors.
- The backward pass adds up the gradients of the weights day by day, while the day's gates are in
  the cache.
- From 128 units on, a single member's products in float32 are those of oneDNN: about a tenth faster
  than torch.mm, by `make benchmark`, while below its calls cost more than they gain.
"""

import torch

_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input

ONEDNN_FROM = 128

# The buffers of the last batches, for the next ones of the same shape. Two sets, as the width of
# the batches varies by one where windows predict several days.
_spare = []
SPARE = 2


def fast(forcing, input_weight, recurrent_weight, offset, input_gate=None, days=1):
    """The same as `randvec.models.recurrence.plain`: same arguments, same result."""
    arguments = (forcing, input_weight, recurrent_weight, offset, input_gate)
    if torch.is_grad_enabled() and any(a is not None and a.requires_grad for a in arguments):
        return _Recurrence.apply(days, *arguments)
    return _Buffers(*_shape(*arguments), keep=False).forward(days, *arguments)


def _shape(forcing, input_weight, recurrent_weight, offset, input_gate):
    """What buffers must agree on to be used again."""
    kind = (forcing.dtype, forcing.device)
    return forcing.shape, recurrent_weight.shape, offset.shape[-2] > 1, input_gate is not None, kind


def _products(members, hidden, dtype, device):
    """How to multiply, and how to add a product: both return the result and may write it to out."""
    if members:
        return torch.bmm, torch.baddbmm
    single = dtype == torch.float32 and device.type == "cpu"
    if single and hidden >= ONEDNN_FROM and torch.backends.mkldnn.is_available():
        return _onednn_product, _onednn_add_product
    return torch.mm, torch.addmm


def _onednn_product(left, right, out=None):
    return torch.ops.mkldnn._linear_pointwise(left, right.mT, None, "none", [], "")


def _onednn_add_product(added, left, right, out):
    return torch.add(added, _onednn_product(left, right), out=out)


class _Buffers:
    """The buffers for one shape of batch, with their views per day.

    The rows of `inputs` on a day are the hidden state of the day before, the forcing and, unless
    the offset varies between samples, ones. With `keep`, each day has its own gates and states,
    for the way back.
    """

    def __init__(self, forcing_shape, recurrent_shape, varying, static_gate, kind, keep=True):
        days, *members, batch, forcings = forcing_shape
        rows, hidden = recurrent_shape[-2:]
        self.shape = (forcing_shape, recurrent_shape, varying, static_gate, kind)
        self.hidden = hidden
        self.varying = varying
        self.product, self.add_product = _products(members, hidden, *kind)

        def empty(days, units):
            dtype, device = kind
            return torch.empty(*days, *members, units, batch, dtype=dtype, device=device)

        # One day more than there is forcing: the hidden states of the last days are the result.
        self.inputs = empty([days + 1], hidden + forcings + (not varying))
        self.inputs[0, ..., :hidden, :].zero_()
        self.inputs[..., hidden + forcings :, :].fill_(1)
        self.forcing = self.inputs[:days, ..., hidden : hidden + forcings, :]
        self.offset = empty([], rows) if varying else None
        self.static_gate = empty([], hidden) if static_gate else None
        kept = days if keep else 1
        states = empty([kept], rows + 2 * hidden)
        self.emitted = self.inputs[1:, ..., :hidden, :].unbind(0)
        sigmoids = rows - hidden
        each_day = [states[..., :rows, :], states[..., :sigmoids, :], *states.split(hidden, dim=-2)]
        each_day = [buffer.unbind(0) * (days // kept) for buffer in each_day]
        if static_gate:
            each_day.insert(2, [self.static_gate] * days)
        # Inputs, all gates, all but the cell gate, then one by one: input, forget, output and cell
        # gate, cell state, its tanh.
        self.days = list(zip(self.inputs[:-1].unbind(0), *each_day, strict=True))

    def forward(self, last, forcing, input_weight, recurrent_weight, offset, input_gate):
        """Hidden states of so many last days, [last, (member,) batch, hidden]."""
        hidden = self.hidden
        self.forcing.copy_(forcing.mT)
        if input_gate is not None:
            self.static_gate.copy_(input_gate.mT.expand_as(self.static_gate))
        parts = [recurrent_weight, input_weight]
        if self.varying:
            self.offset.copy_(offset.mT)
            self.offset[..., -hidden:, :].mul_(2)
        else:
            parts.append(offset.mT)
        weight = torch.cat(parts, dim=-1)
        weight[..., -hidden:, :].mul_(2)

        minus_one = weight.new_tensor(-1)
        before = weight.new_zeros(())
        for day, emitted in zip(self.days, self.emitted, strict=True):
            inputs, gates, _, admit, forget, output, content, cell, squashed = day
            if self.varying:
                product = self.add_product(self.offset, weight, inputs, out=gates)
            else:
                product = self.product(weight, inputs, out=gates)
            torch.sigmoid(product, out=gates)
            torch.add(minus_one, content, alpha=2, out=content)
            torch.mul(forget, before, out=cell)
            cell.addcmul_(admit, content)
            torch.add(cell, cell, out=squashed)
            squashed.sigmoid_()
            torch.add(minus_one, squashed, alpha=2, out=squashed)
            torch.mul(output, squashed, out=emitted)
            before = cell
        return self.inputs[-last:, ..., :hidden, :].mT.contiguous()

    def backward(self, grad_states, recurrent_weight, input_weight=None):
        """Gradients of weights [..., columns, rows], offset, static gate, forcing, day by day."""
        hidden = self.hidden
        *members, rows, _ = recurrent_weight.shape
        *grad_days, grad_hidden = grad_states.mT.clone(memory_format=torch.contiguous_format)
        grad_cell = torch.zeros_like(grad_hidden)
        scratch = torch.empty_like(grad_hidden)
        grad_gates = torch.empty_like(self.days[0][1])
        grad_sigmoids = grad_gates[..., :-hidden, :]
        *grad_admit, grad_forget, grad_output, grad_content = grad_gates.split(hidden, dim=-2)
        transposed_gates = grad_gates.mT
        transposed_weight = recurrent_weight.mT.contiguous()
        grad_weight = grad_gates.new_zeros(*members, self.inputs.shape[-2], rows)
        grad_offset = torch.zeros_like(grad_gates) if self.varying else None
        grad_static_gate = None if self.static_gate is None else torch.zeros_like(grad_cell)
        grad_forcing = None if input_weight is None else torch.empty_like(self.forcing)

        for day in range(len(self.days) - 1, -1, -1):
            inputs, _, sigmoids, admit, forget, output, content, _, squashed = self.days[day]
            torch.mul(grad_hidden, squashed, out=grad_output)
            # Of tanh: output * (1 - squashed²), with output * squashed the day's hidden state.
            torch.addcmul(output, self.emitted[day], squashed, value=-1, out=scratch)
            grad_cell.addcmul_(grad_hidden, scratch)
            if day:
                torch.mul(grad_cell, self.days[day - 1][-2], out=grad_forget)
            else:
                grad_forget.zero_()
            torch.mul(grad_cell, admit, out=grad_content)
            if grad_admit:
                torch.mul(grad_cell, content, out=grad_admit[0])
            else:
                grad_static_gate.addcmul_(grad_cell, content)
            grad_cell.mul_(forget)
            _sigmoid_backward(grad_sigmoids, sigmoids, grad_input=grad_sigmoids)
            _tanh_backward(grad_content, content, grad_input=grad_content)
            self.add_product(grad_weight, inputs, transposed_gates, out=grad_weight)
            if self.varying:
                grad_offset.add_(grad_gates)
            if grad_forcing is not None:
                torch.matmul(input_weight.mT, grad_gates, out=grad_forcing[day])
            grad_hidden = self.product(transposed_weight, grad_gates, out=grad_hidden)
            if grad_days:
                grad_hidden.add_(grad_days.pop())
        return grad_weight, grad_offset, grad_static_gate, grad_forcing


def _take_spare(shape):
    """Buffers of this shape that are not in use, or None."""
    for place, buffers in enumerate(_spare):
        if buffers.shape == shape:
            return _spare.pop(place)
    return None


class _Recurrence(torch.autograd.Function):
    @staticmethod
    def forward(ctx, days, *arguments):
        shape = _shape(*arguments)
        ctx.save_for_backward(*arguments)
        with torch.inference_mode():
            ctx.buffers = _take_spare(shape) or _Buffers(*shape)
            states = ctx.buffers.forward(days, *arguments)
        return states.clone()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_states):
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
        return (
            None,
            None if forcing is None else forcing.mT,
            weight[..., hidden : hidden + input_weight.shape[-1]],
            weight[..., :hidden],
            weight[..., -1].reshape(offset.shape) if offsets is None else offsets.mT,
            None if static_gate is None else static_gate.mT.sum_to_size(input_gate.shape),
        )
