"""The recurrence on a CPU, with a backward pass written by hand.

What makes it faster than the plain loop, by measurement:

- Everything is kept as [units, batch]: each gate is then one contiguous block, so a day needs few
  and simple kernels, and they write into buffers that are allocated once per batch.
- Forcing, a row of ones and the hidden state lie below each other in one buffer, so that a day's
  gates come from one matrix product, and so do the gradients of all weights.
- tanh(x) is computed as 2 sigmoid(2x) - 1: torch's sigmoid is several times faster than its tanh.
  The factor 2 of the cell gate is folded into its weights.
- The backward pass adds up the weights' gradients day by day, while the day's gates are in cache.
"""

import torch

_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input
_tanh_backward = torch.ops.aten.tanh_backward.grad_input


def fast(forcing, input_weight, recurrent_weight, offset, input_gate=None):
    """The same as `randvec.models.recurrence.plain`: same arguments, same result."""
    arguments = (forcing, input_weight, recurrent_weight, offset, input_gate)
    if torch.is_grad_enabled() and any(a is not None and a.requires_grad for a in arguments):
        return _Recurrence.apply(*arguments)
    return _Days(*arguments, keep=False).run()


class _Days:
    """The buffers of one batch and the walk over its days.

    Rows of `inputs` per day: hidden state of the day before, forcing, and, if the offset is the
    same for all samples, ones. With `keep`, each day has buffers of its own for the way back.
    """

    def __init__(self, forcing, input_weight, recurrent_weight, offset, input_gate, keep):
        days, batch, forcings = forcing.shape
        rows, hidden = recurrent_weight.shape
        kept = days if keep else 1
        self.hidden = hidden
        self.shared_offset = offset.dim() == 1 or offset.shape[0] == 1
        weights = [recurrent_weight, input_weight]
        if self.shared_offset:
            weights.append(offset.reshape(-1, 1))
        else:
            self.offset = offset.t().contiguous()
            self.offset[-hidden:].mul_(2)
        self.weight = torch.cat(weights, dim=1)
        self.weight[-hidden:].mul_(2)

        # One day more than the forcing has: the last hidden state is the result.
        self.inputs = forcing.new_empty(days + 1, self.weight.shape[1], batch)
        self.inputs[:days, hidden : hidden + forcings].copy_(forcing.transpose(1, 2))
        if self.shared_offset:
            self.inputs[:, -1].fill_(1)
        self.inputs[0, :hidden].zero_()
        self.gates = forcing.new_empty(kept, rows, batch)
        self.cells = forcing.new_empty(kept, hidden, batch)
        self.squashed = forcing.new_empty(kept, hidden, batch)  # tanh of the cell state
        self.input_gate = None if input_gate is None else input_gate.t().contiguous()
        self.days = days

    def views(self):
        """Per day: inputs, gates, [input,] forget, output, cell gate, cell state and its tanh."""
        by_gate = self.gates.unflatten(1, (-1, self.hidden)).unbind(1)
        kept = [self.gates, *by_gate, self.cells, self.squashed]
        kept = [buffer.unbind(0) * (self.days // len(buffer)) for buffer in kept]
        if self.input_gate is not None:
            kept.insert(1, (self.input_gate,) * self.days)
        return zip(self.inputs[:-1].unbind(0), *kept, strict=True)

    def run(self):
        emitted = self.inputs[1:, : self.hidden].unbind(0)
        minus_one = self.inputs.new_full((), -1)
        last_cell = None
        for day, (inputs, gates, admit, forget, output, cell, state, squashed) in enumerate(
            self.views()
        ):
            if self.shared_offset:
                torch.mm(self.weight, inputs, out=gates)
            else:
                torch.addmm(self.offset, self.weight, inputs, out=gates)
            gates.sigmoid_()
            torch.add(minus_one, cell, alpha=2, out=cell)
            if last_cell is None:
                torch.mul(admit, cell, out=state)
            else:
                torch.mul(forget, last_cell, out=state)
                state.addcmul_(admit, cell)
            torch.mul(state, 2, out=squashed)
            squashed.sigmoid_()
            torch.add(minus_one, squashed, alpha=2, out=squashed)
            torch.mul(output, squashed, out=emitted[day])
            last_cell = state
        return emitted[-1].t().contiguous()


class _Recurrence(torch.autograd.Function):
    @staticmethod
    def forward(ctx, forcing, input_weight, recurrent_weight, offset, input_gate):
        ctx.walk = _Days(forcing, input_weight, recurrent_weight, offset, input_gate, keep=True)
        ctx.save_for_backward(forcing, input_weight, recurrent_weight, offset, input_gate)
        return ctx.walk.run()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad_last):
        forcing, input_weight, recurrent_weight, offset, input_gate = ctx.saved_tensors
        walk = ctx.walk
        rows, hidden = recurrent_weight.shape
        forcings = input_weight.shape[1]

        grad_state = grad_last.t().contiguous()
        grad_cell = torch.zeros_like(grad_state)
        scratch = torch.empty_like(grad_state)
        grad_gates = grad_state.new_empty(rows, grad_state.shape[1])
        *grad_admit, grad_forget, grad_output, grad_content = grad_gates.split(hidden)
        grad_weight = walk.weight.new_zeros(walk.weight.shape[1], rows)
        grad_offset = None if walk.shared_offset else torch.zeros_like(grad_gates)
        grad_input_gate = None if input_gate is None else torch.zeros_like(walk.input_gate)
        grad_forcing = forcing.new_empty(len(forcing), forcings, forcing.shape[1])
        transposed_weight = recurrent_weight.t()

        sigmoids = slice(0, rows - hidden)
        grad_sigmoids = grad_gates[sigmoids]
        days = list(walk.views())
        before_first = torch.zeros_like(grad_state)
        earlier = [before_first] + [day[-2] for day in days[:-1]]
        for day in range(len(days) - 1, -1, -1):
            inputs, gates, admit, forget, output, content, _, squashed = days[day]
            torch.mul(grad_state, squashed, out=grad_output)
            torch.mul(grad_state, output, out=scratch)
            _tanh_backward(scratch, squashed, grad_input=scratch)
            grad_cell.add_(scratch)
            torch.mul(grad_cell, earlier[day], out=grad_forget)
            torch.mul(grad_cell, admit, out=grad_content)
            if input_gate is None:
                torch.mul(grad_cell, content, out=grad_admit[0])
            else:
                grad_input_gate.addcmul_(grad_cell, content)
            grad_cell.mul_(forget)
            _sigmoid_backward(grad_sigmoids, gates[sigmoids], grad_input=grad_sigmoids)
            _tanh_backward(grad_content, content, grad_input=grad_content)
            grad_weight.addmm_(inputs, grad_gates.t())
            if grad_offset is not None:
                grad_offset.add_(grad_gates)
            if ctx.needs_input_grad[0]:
                torch.mm(input_weight.t(), grad_gates, out=grad_forcing[day])
            torch.mm(transposed_weight, grad_gates, out=grad_state)
        grad_weight = grad_weight.t()
        if walk.shared_offset:
            grad_offset = grad_weight[:, -1].reshape(offset.shape)
        else:
            grad_offset = grad_offset.t()
        if input_gate is not None:
            grad_input_gate = grad_input_gate.t().sum_to_size(input_gate.shape)
        return (
            grad_forcing.transpose(1, 2) if ctx.needs_input_grad[0] else None,
            grad_weight[:, hidden : hidden + forcings],
            grad_weight[:, :hidden],
            grad_offset,
            grad_input_gate,
        )
