"""Dropout with masks that are fast to draw on a CPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

# Where masks are drawn from; None: PyTorch's own generator.
_generator: ContextVar[torch.Generator | None] = ContextVar("dropout_generator", default=None)


@contextmanager
def drawing_from(generator: torch.Generator | None) -> Iterator[None]:
    """In this context, masks that this thread draws come from the generator; None: from PyTorch's own."""
    token = _generator.set(generator)
    try:
        yield
    finally:
        _generator.reset(token)


class Dropout(nn.Module):
    """Sets random elements to zero and scales the others, so that the expectation stays (Srivastava et al. 2014).

    A CPU draws random numbers one after another, and PyTorch's dropout needs one for each element. Here one number of
    64 bits is used for eight elements, one byte for each, so the probability is rounded to a multiple of 1/256.

    locked: all time steps of a sequence have the same mask (Gal & Ghahramani 2016): one mask `[B, D]` for `[B, T, D]`
    """

    def __init__(self, probability: float, *, locked: bool = False) -> None:
        super().__init__()
        self.threshold = min(round(probability * 256), 255)
        self.locked = locked

    def forward(self, x: Tensor) -> Tensor:
        """Dropout of a tensor of any shape; the identity outside training."""
        return x * self._mask(x) if self.drops else x

    @property
    def drops(self) -> bool:
        """Whether it drops anything in the current mode."""
        return self.training and self.threshold > 0

    def for_loop(self) -> Callable[[Tensor], Tensor]:
        """The dropout for one loop over time with calls of `[R, D]`; if it is locked, the calls share one mask."""
        return _LockedLoop(self) if self.drops and self.locked else self

    def _mask(self, x: Tensor) -> Tensor:
        """A mask of 0 and of the factor that keeps the expectation, in a shape that broadcasts to x."""
        shape = x.shape
        if self.locked and len(shape) > 2:
            shape = torch.Size([*shape[:-2], 1, shape[-1]])
        count = shape.numel()
        draws = torch.empty(-(-count // 8), dtype=torch.int64, device=x.device)
        draws.random_(-(2**63), None, generator=_generator.get())
        kept = draws.view(torch.uint8)[:count].view(shape) >= self.threshold
        return kept.to(x.dtype) * (256 / (256 - self.threshold))

    if TYPE_CHECKING:
        __call__ = forward


class Dropouts(NamedTuple):
    """The dropouts of a network: for its states and for its embeddings."""

    states: Dropout
    embeddings: Dropout


def dropouts(states: float, embeddings: float | None, *, locked: bool) -> Dropouts:
    """Both dropouts from their probabilities; that of embeddings is the same by default."""
    return Dropouts(
        Dropout(states, locked=locked), Dropout(states if embeddings is None else embeddings, locked=locked)
    )


class _LockedLoop:
    """A dropout that draws one mask and keeps it."""

    def __init__(self, dropout: Dropout) -> None:
        self._dropout, self._mask = dropout, torch.empty(0)

    def __call__(self, x: Tensor) -> Tensor:
        if not self._mask.numel():
            self._mask = self._dropout._mask(x)
        return x * self._mask
