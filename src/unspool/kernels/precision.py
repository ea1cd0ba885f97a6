"""Number types: matrix products run in autocast's type, sums in float32 at least."""

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
