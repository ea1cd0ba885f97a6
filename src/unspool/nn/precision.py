"""Types of numbers: products run narrow where autocast says so, everything that adds up runs wide."""

from __future__ import annotations

import torch
from torch import Tensor


def narrowed(tensor: Tensor) -> Tensor:
    """In the type in which products run: autocast's where it is on, else as it is."""
    kind = tensor.device.type
    return tensor.to(torch.get_autocast_dtype(kind)) if torch.is_autocast_enabled(kind) else tensor


def at_least_float(tensor: Tensor) -> Tensor:
    """In float32, or as it is where it is more precise."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))
