"""Outputs and all gradients of every form of the recurrence against a float64 reference."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from unittest.mock import patch

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.cases import Case
from benchmarks.data import settings
from benchmarks.plain import PlainNetwork
from randvec.models import recurrence
from randvec.models.build import from_settings
from randvec.models.layers import stack, weights_of
from randvec.training.torch_setup import tf32

#: Largest errors that hold: of the outputs, of the gradients, of the whole gradient. In float64
#: nothing but the order of sums may differ; the gradient of a weight that cancels out over the days
#: loses seven digits by it, at the paper's size on a CPU, and in float32 has none left to be judged
#: alone. The other limits of float32 are some ten times what a CPU has.
LIMITS = {"float64": (1e-9, 1e-6, 1e-9), "float32": (1e-4, None, 2e-3)}


@contextmanager
def in_form(form: str, device: str) -> Iterator[None]:
    """Run the recurrence of one member and of several in this form."""
    forms = (recurrence.FORMS, recurrence.FORMS_OF_SEVERAL)
    with patch.dict(forms[0], {device: form}), patch.dict(forms[1], {device: form}):
        yield


class Agreement:
    """Members of a case, and what a plain network on the CPU in float64 makes of them.

    Parameters
    ----------
    case : Case
    windows : int
    members : int
    """

    def __init__(self, case: Case, windows: int, members: int) -> None:
        self.case = case
        self.networks = [_network(case, seed) for seed in range(members)]
        draw = torch.Generator().manual_seed(0)
        kind = {"generator": draw, "dtype": torch.float64}
        basins = max(1, windows // 2)
        self.forcing = torch.randn(case.days, members, windows, 5, **kind)
        self.statics = torch.randn(members, basins, case.static_size, **kind)
        self.basins = torch.randint(basins, (members, windows), generator=draw)

    @cached_property
    def expected(self) -> list[tuple[Tensor, dict[str, Tensor]]]:
        """Of each member what `_reference` gives."""
        return [self._reference(member) for member in range(len(self.networks))]

    def _reference(self, member: int) -> tuple[Tensor, dict[str, Tensor]]:
        """Output [days, windows] of a member, and its gradients by name."""
        case, network = self.case, self.networks[member]
        plain = PlainNetwork(case.architecture, network, case.predicted_days).eval()
        statics = self.statics[member, self.basins[member]]
        output = plain(self.forcing[:, member].transpose(0, 1), statics).t()
        _loss(output).backward()
        return output.detach(), {name: part.grad for name, part in plain.named_parameters()}

    def errors(self, device: str, *, members: int, form: str, precision: str, **_) -> dict:
        """Errors of the first members in a form.

        Parameters
        ----------
        precision : {"float64", "float32", "tf32", "bf16"}
            The last two are measured and not judged.
        """
        kind = torch.float64 if precision == "float64" else torch.float32
        network = stack(self.networks[:members], [None] * members).to(device, kind).eval()
        given = [self.forcing[:, :members], self.statics[:members]]
        given = [part.to(device, kind) for part in given] + [self.basins[:members].to(device)]
        # Doubles are not rounded in any case, so cuDNN is left its usual arithmetic for them.
        with in_form(form, device), tf32(precision != "float32"):
            with torch.autocast(device, torch.bfloat16, precision == "bf16"):
                output = network(*given, days=self.case.predicted_days)
            output = output.to(kind)
            sum(_loss(output[:, member]) for member in range(members)).backward()
        gradients = {name: part.grad for name, part in network.named_parameters()}
        output = output.detach().cpu().double()
        outputs, worst, whole = [], [], []
        simulated = self._simulated(network, given, form, device, precision)
        for member, (expected, by_name) in enumerate(self.expected[:members]):
            outputs.append(_error(output[:, member], expected))
            outputs.append(_error(simulated[:, member], expected))
            found = self._arranged(weights_of(gradients, member))
            worst += [_error(found[name], by_name[name]) for name in by_name]
            every = [torch.cat([each[n].flatten() for n in by_name]) for each in (found, by_name)]
            whole.append(float((every[0] - every[1]).norm() / every[1].norm()))
        limits = LIMITS.get(precision, (None, None, None))
        return {
            f"error of the {name}": (float(np.max(errors)), limit)  # NaN if any is
            for name, errors, limit in zip(
                ("outputs", "gradients", "whole gradient"), (outputs, worst, whole), limits,
                strict=True,
            )
        }  # fmt: skip

    def _simulated(
        self, network: nn.Module, given: Sequence[Tensor], form: str, device: str, precision: str
    ) -> Tensor:
        """The outputs as a simulation computes them, for which libraries have code of its own."""
        rounding = torch.autocast(device, torch.bfloat16, precision == "bf16")
        with in_form(form, device), tf32(precision != "float32"), rounding, torch.inference_mode():
            output = network(*given, days=self.case.predicted_days)
        return output.cpu().double()

    def _arranged(self, gradients: dict[str, Tensor]) -> dict[str, Tensor]:
        """Gradients of a member in the plain network's arrangement of the weights."""
        network = _network(self.case, 0)
        network.load_state_dict(gradients)
        plain = PlainNetwork(self.case.architecture, network, self.case.predicted_days)
        return {name: part.detach() for name, part in plain.named_parameters()}


def _network(case: Case, seed: int) -> nn.Module:
    """A member with weights as they are after some training: not quite the initial ones."""
    torch.manual_seed(seed)
    network = from_settings(case.architecture, case.static_size, settings(case)).double()
    with torch.no_grad():
        for part in network.parameters():
            part.add_(torch.randn_like(part) * 0.1 / case.hidden**0.5)
    return network.eval()


def _loss(output: Tensor) -> Tensor:
    weights = torch.arange(output.numel(), device=output.device, dtype=output.dtype).cos()
    return (output.flatten() * weights).sum()


def _error(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).abs().max() / expected.abs().max())
