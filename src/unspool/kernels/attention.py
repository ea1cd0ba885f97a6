"""Attention over one memory: weights from scores, and the weighted mean of the values.

Queries are `[B, Q, D]`. Q is time if a whole target is unrolled, and the beam in a search. So the same code is used for
both, and memory is not copied for a beam.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from unspool.kernels.precision import at_least_float


class View(NamedTuple):
    """The part of the source that each query may attend to.

    mask:  `[B, Q, S]` True where a query may attend; Q is 1 if all queries have the same mask
    scale: `[B, Q, S]` factors of the weights after the softmax, at most 1; None: no factors
    """

    mask: Tensor
    scale: Tensor | None = None


class AttentionOutput(NamedTuple):
    """Contexts `[B, Q, C]`, and their weights `[B, Q, S]`."""

    context: Tensor
    weights: Tensor


class Attention(Protocol):
    """Attention over one memory."""

    def __call__(self, query: Tensor, view: View | None = None, coverage: Tensor | None = None) -> AttentionOutput:
        """Contexts and weights for queries `[B, Q, D]`.

        view: the part of the memory that they may attend to, default all; coverage: `[B, Q, S]`, if the score uses it
        """
        ...


def attend(scores: Tensor, values: Tensor, mask: Tensor, scale: Tensor | None = None) -> AttentionOutput:
    """Weights `[B, Q, S]` from scores, and contexts `[B, Q, C]`: the weighted means of values `[B, S, C]`.

    mask: `[B, S]`, or `[B, Q, S]` for each query. Padding (False) gets weight 0 exactly. If everything is padding, all
    weights and the context are 0. The weights are multiplied by `scale` `[B, Q, S]`.
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
