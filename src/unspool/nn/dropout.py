"""Dropout whose masks are cheap on a processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Zeroes elements at random and scales the others up, so that the expectation stays (Srivastava et al. 2014).

    A processor draws random numbers one after another, and PyTorch's own dropout spends one draw on each element. Here
    one draw of 64 bits decides eight elements, a byte each, so the probability is rounded to a multiple of 1/256.

    Where it is `locked`, all time steps of a sequence lose the same elements (Gal & Ghahramani 2016): one mask `[B, D]`
    for the whole of `[B, T, D]`.
    """

    locked = False

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.threshold = min(round(probability * 256), 255)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape; the identity outside training."""
        return x * self._mask(x) if self.drops else x

    @property
    def drops(self) -> bool:
        """Whether it changes anything now."""
        return self.training and self.threshold > 0

    def held(self) -> Callable[[Tensor], Tensor]:
        """Itself for one loop over time, whose calls see `[R, D]` each: where it is locked, they share one mask."""
        return _Held(self) if self.drops and self.locked else self

    def _mask(self, x: Tensor) -> Tensor:
        """Zero or what makes up for the zeros, of a shape that spreads over x."""
        shape = x.shape
        if self.locked and len(shape) > 2:
            shape = torch.Size([*shape[:-2], 1, shape[-1]])
        count = shape.numel()
        draws = torch.empty(-(-count // 8), dtype=torch.int64, device=x.device).random_(-(2**63), None)
        kept = draws.view(torch.uint8)[:count].view(shape) >= self.threshold
        return kept.to(x.dtype) * (256 / (256 - self.threshold))

    if TYPE_CHECKING:
        __call__ = forward


class _Held:
    """A dropout that keeps the first mask it draws."""

    def __init__(self, dropout: Dropout) -> None:
        self._dropout, self._mask = dropout, torch.empty(0)

    def __call__(self, x: Tensor) -> Tensor:
        if not self._mask.numel():
            self._mask = self._dropout._mask(x)
        return x * self._mask


def lock(model: nn.Module) -> None:
    """From now on every dropout in the model takes one mask for all time steps."""
    for part in model.modules():
        if isinstance(part, Dropout):
            part.locked = True
