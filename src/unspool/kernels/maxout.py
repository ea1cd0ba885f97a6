"""The maximum of each pair of units, with a backward pass of two products.

Autograd's backward pass of `maximum` over every second number fills masks and gradients element by element, which takes
twice as long.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.switch import fused


def maximum_of_pairs(units: Tensor) -> Tensor:
    """`max(u_{2j-1}, u_{2j})` of units `[..., 2D]`, `[..., D]` (Goodfellow et al. 2013).

    If both are equal, the first one gets the gradient (in the plain form, both get a half).
    """
    if fused(units):
        larger: Tensor = _MaximumOfPairs.apply(units)
        return larger
    return torch.maximum(*_pairs(units))


class _MaximumOfPairs(Function):
    @staticmethod
    def forward(ctx: Any, units: Tensor) -> Tensor:
        one, other = _pairs(units)
        ctx.save_for_backward((one >= other).to(units.dtype))
        return torch.maximum(one, other)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (first,) = ctx.saved_tensors
        to_units = gradients[0].new_empty(*first.shape, 2)
        torch.mul(gradients[0], first, out=to_units[..., 0])
        torch.sub(gradients[0], to_units[..., 0], out=to_units[..., 1])
        return to_units.flatten(-2)


def _pairs(units: Tensor) -> tuple[Tensor, ...]:
    pairs: tuple[Tensor, ...] = units.unflatten(-1, (-1, 2)).unbind(-1)
    return pairs
