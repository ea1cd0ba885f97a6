"""Maxout: the larger of each pair of linear units (Goodfellow et al. 2013)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn


class Maxout(nn.Module):
    """`t_j = max(t̃_{2j-1}, t̃_{2j})` with `t̃ = W x + b` (Bahdanau et al. 2014, A.2.2): `[..., I]` to `[..., D]`."""

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(input_size, 2 * size)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        pairs: Tensor = self.linear(x).unflatten(-1, (-1, 2))
        return pairs.amax(-1)

    if TYPE_CHECKING:
        __call__ = forward
