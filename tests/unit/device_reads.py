"""Counts what makes Python wait for a device, on a CPU where nothing waits."""

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode


class Reads(TorchFunctionMode):
    """Counts calls that hand numbers of a tensor to Python or move it elsewhere."""

    NAMES = ("tolist", "item", "numpy", "cpu", "to", "__bool__", "__int__", "__float__",
             "__index__", "__array__", "nonzero", "masked_select", "new_tensor")  # fmt: skip

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if getattr(func, "__name__", "") in self.NAMES:
            self.found.append(func.__name__)
        return func(*args, **(kwargs or {}))


class Waits(TorchDispatchMode):
    """Counts operations whose result, or its shape, Python can't have before the device has it."""

    NAMES = ("_local_scalar_dense", "nonzero", "masked_select", "_unique2", "equal")

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        indices = args[1] if name.startswith("index") and isinstance(args[1], list) else []
        masked = any(i is not None and i.dtype == torch.bool for i in indices)
        if name in self.NAMES or masked:
            self.found.append(name)
        return func(*args, **(kwargs or {}))
