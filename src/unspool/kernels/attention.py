"""Attention over one memory: weights from scores, and the mean of the values that they weigh.

Queries come as `[B, Q, D]`: Q is time where a whole target is unrolled and the beam where it is searched, so one piece
of code serves both, and memory is never copied for a beam.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from unspool.kernels.precision import at_least_float


class View(NamedTuple):
    """What each query may see of the source.

    mask:  `[B, Q, S]` True where it may attend; Q is 1 where all queries see the same
    scale: `[B, Q, S]` what weights are multiplied by afterwards, 1 at most; None: nothing
    """

    mask: Tensor
    scale: Tensor | None = None


class AttentionOutput(NamedTuple):
    """Contexts `[B, Q, C]`, and the weights `[B, Q, S]` that made them."""

    context: Tensor
    weights: Tensor


class Attention(Protocol):
    """Attention over one memory."""

    def __call__(self, query: Tensor, view: View | None = None, coverage: Tensor | None = None) -> AttentionOutput:
        """Contexts and weights for queries `[B, Q, D]`.

        view: what of the memory they may see, default all of it; coverage: `[B, Q, S]`, for a score that uses it
        """
        ...


def attend(scores: Tensor, values: Tensor, mask: Tensor, scale: Tensor | None = None) -> AttentionOutput:
    """Weights `[B, Q, S]` from scores, and the contexts `[B, Q, C]` that they mix from values `[B, S, C]`.

    Padding (mask `[B, S]`, or `[B, Q, S]` for each query, False) gets weight 0 exactly. Where nothing is real every
    weight is 0, and so is the context. `scale` `[B, Q, S]` is multiplied onto the weights.
    """
    real = mask if mask.dim() == 3 else mask.unsqueeze(1)
    scores = at_least_float(scores)
    scores = scores.masked_fill(~real, torch.finfo(scores.dtype).min)
    weights = torch.softmax(scores, -1) * real
    if scale is not None:
        weights = weights * scale
    return AttentionOutput(weights.to(values.dtype) @ values, weights)


# Scores `[B, Q, S]` of queries `[B, Q, D]` for keys `[B, S, ·]`, with or without coverage.
Scoring = Callable[[Tensor, Tensor, Tensor | None], Tensor]


class PlainAttention:
    """Attention by any scores, over keys `[B, S, ·]` and values `[B, S, C]`; mask `[B, S]` True where real."""

    def __init__(self, score: Scoring, keys: Tensor, values: Tensor, mask: Tensor) -> None:
        self._score, self._keys, self._values, self._mask = score, keys, values, mask

    def __call__(self, query: Tensor, view: View | None = None, coverage: Tensor | None = None) -> AttentionOutput:
        """See `Attention`."""
        return attend(self._score(query, self._keys, coverage), self._values, *(view or (self._mask,)))
