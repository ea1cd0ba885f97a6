"""Masks of padding. True always marks a real item."""

from __future__ import annotations

import torch
from torch import Tensor

from unspool.kernels.ragged import last, reverse

__all__ = ["last", "mask_of", "reverse"]


def mask_of(lengths: Tensor, size: int) -> Tensor:
    """The mask `[B, size]` of lengths `[B]`."""
    return torch.arange(size, device=lengths.device) < lengths.unsqueeze(1)
