"""Maxout: the maximum of each pair of linear units (Goodfellow et al. 2013)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.nn.parameters import linear


class Maxout(nn.Module):
    """`t_j = max(t̃_{2j-1}, t̃_{2j})` with `t̃ = W x + b` (Bahdanau et al. 2014, A.2.2): `[..., I]` to `[..., D]`."""

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__()
        self.linear = linear(input_size, 2 * size)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        one, other = self.linear(x).unflatten(-1, (-1, 2)).unbind(-1)
        return torch.maximum(one, other)

    if TYPE_CHECKING:
        __call__ = forward
