"""Dropout whose masks are cheap on a processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Zeroes elements at random and scales the others up, so that the expectation stays (Srivastava et al. 2014).

    A processor draws random numbers one after another, and PyTorch's own dropout spends one draw on each element. Here
    one draw of 64 bits decides eight elements, a byte each, so the probability is rounded to a multiple of 1/256.

    locked: all time steps of a sequence lose the same elements (Gal & Ghahramani 2016): one mask `[B, D]` for the whole
        of `[B, T, D]`
    """

    def __init__(self, probability: float, *, locked: bool = False) -> None:
        super().__init__()
        self.threshold = min(round(probability * 256), 255)
        self.locked = locked

    def forward(self, x: Tensor) -> Tensor:
        """Any shape; the identity outside training."""
        return x * self._mask(x) if self.drops else x

    @property
    def drops(self) -> bool:
        """Whether it changes anything now."""
        return self.training and self.threshold > 0

    def for_loop(self) -> Callable[[Tensor], Tensor]:
        """Itself for one loop over time, whose calls see `[R, D]` each: where it is locked, they share one mask."""
        return _LockedLoop(self) if self.drops and self.locked else self

    def _mask(self, x: Tensor) -> Tensor:
        """0, or the factor that keeps the expectation, in a shape that broadcasts to x."""
        shape = x.shape
        if self.locked and len(shape) > 2:
            shape = torch.Size([*shape[:-2], 1, shape[-1]])
        count = shape.numel()
        draws = torch.empty(-(-count // 8), dtype=torch.int64, device=x.device).random_(-(2**63), None)
        kept = draws.view(torch.uint8)[:count].view(shape) >= self.threshold
        return kept.to(x.dtype) * (256 / (256 - self.threshold))

    if TYPE_CHECKING:
        __call__ = forward


class Dropouts(NamedTuple):
    """The dropout of a network: of its states, and of its embeddings."""

    states: Dropout
    embeddings: Dropout


def dropouts(states: float, embeddings: float | None, *, locked: bool) -> Dropouts:
    """Both from their probabilities; that of embeddings is the same unless it is given."""
    return Dropouts(
        Dropout(states, locked=locked), Dropout(states if embeddings is None else embeddings, locked=locked)
    )


class _LockedLoop:
    """A dropout that keeps the first mask it draws."""

    def __init__(self, dropout: Dropout) -> None:
        self._dropout, self._mask = dropout, torch.empty(0)

    def __call__(self, x: Tensor) -> Tensor:
        if not self._mask.numel():
            self._mask = self._dropout._mask(x)
        return x * self._mask
