"""Positions: where an item stands, as a vector that can be added to it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.nn.dropout import Dropout
from unspool.nn.embedding import Embedding


def sinusoids(start: int, steps: int, size: int, like: Tensor) -> Tensor:
    """`PE(p, 2i) = sin(p / 10000^{2i/D})`, `PE(p, 2i+1) = cos(p / 10000^{2i/D})` (Vaswani et al. 2017, section 3.5).

    Positions `start`, `start + 1`, …, `[steps, D]` for an even D, on the device and of the type of `like`.
    Nothing is stored, so there is no longest sequence.
    """
    positions = torch.arange(start, start + steps, device=like.device, dtype=torch.float32)
    even = torch.arange(0, size, 2, device=like.device, dtype=torch.float32)
    angles = positions.unsqueeze(1) * torch.exp(even * (-math.log(10000.0) / size))
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1).to(like.dtype)


class PositionedEmbedding(nn.Module):
    """`√D · embedding + PE` with dropout on the sum (Vaswani et al. 2017, sections 3.4, 3.5 and 5.4)."""

    def __init__(self, embedding: Embedding, dropout: float) -> None:
        super().__init__()
        self.embedding, self.dropout = embedding, Dropout(dropout)
        embedding.share = 1.0  # scaling does the same

    def forward(self, ids: Tensor, start: int = 0) -> Tensor:
        """Ids `[B, T]`, the first of which stands at position `start`, to `[B, T, D]`."""
        x = self.embedding(ids) * math.sqrt(self.embedding.size)
        return self.dropout(x + sinusoids(start, ids.shape[1], self.embedding.size, x))

    if TYPE_CHECKING:
        __call__ = forward
