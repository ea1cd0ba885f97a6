"""Padding: one mask, one meaning. True is a real item, everywhere."""

from __future__ import annotations

import torch
from torch import Tensor

from unspool.kernels.ragged import last, reverse

__all__ = ["last", "mask_of", "reverse"]


def mask_of(lengths: Tensor, size: int) -> Tensor:
    """Lengths `[B]` to a mask `[B, size]`."""
    return torch.arange(size, device=lengths.device) < lengths.unsqueeze(1)
