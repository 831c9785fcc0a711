"""Layers that serve one member or several at once; an architecture uses them, not torch's own.

Several members of an ensemble, trained in one batch, are one network whose weights have a leading
member axis. Inputs then have that axis as well, before the batch, and members never meet: each
one's result is what it would be alone.
"""

import copy
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


def linear(inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Affine map, of every member by its own weights.

    Parameters
    ----------
    inputs : Tensor [(days,) (member,) batch, columns]
    weight : Tensor [(member,) rows, columns]
    bias : Tensor [(member,) rows]

    Returns
    -------
    Tensor [(days,) (member,) batch, rows]
    """
    if weight.dim() == 2:
        return functional.linear(inputs, weight, bias)
    if inputs.dim() == 4:  # a member's days and samples are multiplied as one batch
        days = len(inputs)
        outputs = linear(inputs.movedim(0, 1).flatten(1, 2), weight, bias)
        return outputs.unflatten(1, (days, -1)).movedim(1, 0)
    return torch.baddbmm(bias.unsqueeze(1), inputs, weight.mT)


def of_samples(values: Tensor, basins: Tensor | None) -> Tensor:
    """Give each sample what belongs to its basin.

    Parameters
    ----------
    values : Tensor [(member,) basin, columns]
        Without `basins` [(member,) batch, columns], or one row for the whole batch.
    basins : Tensor of int64 [(member,) batch] or None

    Returns
    -------
    Tensor [(member,) batch, columns]
    """
    if basins is None:
        return values
    return values.gather(-2, basins.unsqueeze(-1).expand(*basins.shape, values.shape[-1]))


class Linear(nn.Linear):
    """torch's linear layer, with or without a member axis."""

    def forward(self, inputs: Tensor) -> Tensor:
        """From [(days,) (member,) batch, columns] to [(days,) (member,) batch, rows]."""
        return linear(inputs, self.weight, self.bias)


class Dropout(nn.Module):
    """Dropout whose masks come from each member's own random stream.

    Parameters
    ----------
    share : float
        Share of the units that are set to zero while training.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        # One generator per member; None is torch's global one.
        self.generators: Sequence[torch.Generator | None] = [None]
        # Samples of each member, if its batch is filled up with others; those draw nothing.
        self.samples: list[int] | None = None

    def forward(self, state: Tensor) -> Tensor:
        """Drop units of state [days, (member,) batch, hidden] and scale the others up."""
        if not self.training or not self.share:
            return state
        days, *_, batch, hidden = state.shape
        samples = self.samples or [batch] * len(self.generators)
        masks = [
            functional.pad(
                state.new_empty(days, own, hidden).bernoulli_(1 - self.share, generator=generator),
                (0, 0, 0, batch - own),
            )
            for own, generator in zip(samples, self.generators, strict=True)
        ]
        return state * torch.stack(masks, dim=1).view_as(state).div_(1 - self.share)


def stack(models: Sequence[nn.Module], generators: Sequence[torch.Generator | None]) -> nn.Module:
    """One network that holds several of the same shape, with a leading member axis.

    Parameters
    ----------
    models : sequence of torch.nn.Module
        As `randvec.models.build.build` makes them; they stay as they are.
    generators : sequence of torch.Generator
        For the dropout of each.

    Raises
    ------
    ValueError
        If a module has a buffer.
    """
    stacked = copy.deepcopy(models[0])
    for module, *parts in zip(stacked.modules(), *(m.modules() for m in models), strict=True):
        if buffers := [name for name, _ in module.named_buffers(recurse=False)]:
            raise ValueError(
                f"{type(module).__name__} has the buffer '{buffers[0]}', of which members can't "
                "have one each; make it in forward, or take a parameter"
            )
        for name, _ in module.named_parameters(recurse=False):
            weights = torch.stack([getattr(part, name).detach() for part in parts])
            setattr(module, name, nn.Parameter(weights))
        if isinstance(module, Dropout):
            module.generators = generators
    return stacked


def weights_of(weights: Mapping[str, Tensor], member: int) -> dict[str, Tensor]:
    """One member's part of weights by name that have a member axis, on the CPU."""
    return {name: value[member].cpu() for name, value in weights.items()}
