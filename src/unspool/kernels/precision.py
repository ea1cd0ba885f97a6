"""Types of numbers: matrix products run in the narrow type where autocast says so, sums in float32 at least."""

from __future__ import annotations

import torch
from torch import Tensor


def narrowed(tensor: Tensor) -> Tensor:
    """In the type in which matrix products run: autocast's where it is on, else unchanged."""
    kind = tensor.device.type
    return tensor.to(torch.get_autocast_dtype(kind)) if torch.is_autocast_enabled(kind) else tensor


def at_least_float(tensor: Tensor) -> Tensor:
    """In float32, or unchanged where it is more precise."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))
