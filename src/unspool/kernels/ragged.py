"""Rows of different lengths, padded: their last real item, and the same rows back to front."""

from __future__ import annotations

import torch
from torch import Tensor


def last(outputs: Tensor, mask: Tensor, initial: Tensor) -> Tensor:
    """Each row's output at its last real item, `[B, S, D]` to `[B, D]`; `initial` where a row has no item at all."""
    lengths = mask.sum(1)
    position = (lengths - 1).clamp(min=0).view(-1, 1, 1).expand(-1, 1, outputs.shape[-1])
    return torch.where((lengths > 0).unsqueeze(1), outputs.gather(1, position).squeeze(1), initial.to(outputs.dtype))


def reverse(items: Tensor, mask: Tensor) -> Tensor:
    """Each row's real items back to front, its padding left in place: `[B, S, D]` or `[B, S]`.

    A gather, so that it exports with a free time axis; applied twice it gives the items back.
    """
    position = torch.arange(items.shape[1], device=items.device).expand_as(mask)
    mirrored = torch.where(mask, mask.sum(1, keepdim=True) - 1 - position, position)
    if items.dim() == 2:
        return items.gather(1, mirrored)
    return items.gather(1, mirrored.unsqueeze(-1).expand(-1, -1, items.shape[-1]))
