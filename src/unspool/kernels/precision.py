"""Number types: matrix products run in autocast's type, sums, sigmoid and tanh in float32 at least.

The derivatives `σ(1 - σ)` and `1 - tanh²` come from the results, and bfloat16 has no number between 0.996 and 1: from a
rounded result, a saturated unit would get no gradient at all.
"""

from __future__ import annotations

import torch
from torch import Tensor


def narrowed(tensor: Tensor) -> Tensor:
    """The tensor in the type of matrix products: autocast's if it is on, else unchanged."""
    kind = tensor.device.type
    return tensor.to(torch.get_autocast_dtype(kind)) if torch.is_autocast_enabled(kind) else tensor


def at_least_float(tensor: Tensor) -> Tensor:
    """The tensor in float32, or unchanged if its type is more precise."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))
