"""The optimizer: Adam on a clipped gradient.

torch has both. Its optimizers load torch's compiler first, which takes longer than a small member
has to spare, and they go weight by weight; here all weights of a member are one vector. A test
holds this one to torch's.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

DECAY_MEAN, DECAY_SQUARE, EPSILON = 0.9, 0.999, 1e-8


class Adam:
    """Adam of Kingma and Ba (2015), algorithm 1, arXiv:1412.6980, with their decay rates.

    Parameters
    ----------
    parameters : iterable of torch.nn.Parameter
        The weights to train, each with a leading member axis.
    gradient_clip : float
        Longest gradient of a member, as the Euclidean norm over all its weights; a longer one is
        scaled to it.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], gradient_clip: float) -> None:
        self.parameters = list(parameters)
        self.gradient_clip = gradient_clip
        self.steps = 0
        self.mean = torch.zeros_like(self._flat(self.parameters))
        self.square = torch.zeros_like(self.mean)

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move the weights along their gradients at a learning rate, and drop the gradients."""
        gradient = self._flat([parameter.grad for parameter in self.parameters])
        # The small number, as in torch, keeps a gradient of zero from a division by zero.
        norm = gradient.norm(dim=1, keepdim=True)
        gradient *= (self.gradient_clip / (norm + 1e-6)).clamp(max=1)
        self.steps += 1
        self.mean.lerp_(gradient, 1 - DECAY_MEAN)
        self.square.mul_(DECAY_SQUARE).addcmul_(gradient, gradient, value=1 - DECAY_SQUARE)
        spread = (self.square / (1 - DECAY_SQUARE**self.steps)).sqrt_().add_(EPSILON)
        change = self.mean / spread * (-rate / (1 - DECAY_MEAN**self.steps))
        sizes = [parameter[0].numel() for parameter in self.parameters]
        for parameter, part in zip(self.parameters, change.split(sizes, dim=1), strict=True):
            parameter += part.view_as(parameter)
            parameter.grad = None

    @staticmethod
    def _flat(tensors: Iterable[Tensor]) -> Tensor:
        """All numbers of a member in a row: [member, weights]."""
        return torch.cat([tensor.detach().flatten(1) for tensor in tensors], dim=1)
