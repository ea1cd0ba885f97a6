"""Padded rows of different lengths: their last real items, and their reversal."""

from __future__ import annotations

import torch
from torch import Tensor


def last(outputs: Tensor, mask: Tensor, initial: Tensor) -> Tensor:
    """Each row's output at its last real item, `[B, S, D]` to `[B, D]`; `initial` for an empty row."""
    lengths = mask.sum(1)
    position = (lengths - 1).clamp(min=0).view(-1, 1, 1).expand(-1, 1, outputs.shape[-1])
    return torch.where((lengths > 0).unsqueeze(1), outputs.gather(1, position).squeeze(1), initial.to(outputs.dtype))


def reverse(items: Tensor, mask: Tensor) -> Tensor:
    """Each row's real items in reverse order, with its padding unchanged: `[B, S, D]` or `[B, S]`.

    A gather, so that it can be exported with a free time axis. Applied twice, it returns the items.
    """
    position = torch.arange(items.shape[1], device=items.device).expand_as(mask)
    mirrored = torch.where(mask, mask.sum(1, keepdim=True) - 1 - position, position)
    if items.dim() == 2:
        return items.gather(1, mirrored)
    return items.gather(1, mirrored.unsqueeze(-1).expand(-1, -1, items.shape[-1]))
