"""Maxout: the maximum of each pair of linear units (Goodfellow et al. 2013)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.kernels.maxout import maximum_of_pairs
from unspool.kernels.precision import narrowed
from unspool.nn.parameters import linear


class Maxout(nn.Module):
    """`t_j = max(t̃_{2j-1}, t̃_{2j})` with `t̃ = W x + b` (Bahdanau et al. 2014, A.2.2): `[..., I]` to `[..., D]`."""

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__()
        self.linear = linear(input_size, 2 * size)

    def forward(self, *parts: Tensor) -> Tensor:
        """From x in one or several parts, which are concatenated in the type of the product."""
        return maximum_of_pairs(self.linear(torch.cat([narrowed(part) for part in parts], -1)))

    if TYPE_CHECKING:
        __call__ = forward
