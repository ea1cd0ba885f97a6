"""Attention: where a decoder looks.

A query is scored against a key for each source position, the scores become weights, and the weights mix the values.
Keys depend on the source alone, so a model computes them once and keeps them in its memory. Queries come as
`[B, Q, D]`: Q is time when a whole target is unrolled and the beam when it is searched, so one piece of code serves
both, and memory is never copied for a beam.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.nn.precision import at_least_float


class Score(nn.Module):
    """How well each query fits each key."""

    def keys(self, states: Tensor) -> Tensor:
        """What scoring needs of the source, `[B, S, C]` to `[B, S, ·]`; computed once."""
        return states

    def scale(self, size: int) -> float:
        """What products of vectors of this size are multiplied by."""
        return 1.0

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        """Scores `[B, Q, S]` of queries `[B, Q, D]`."""
        raise NotImplementedError

    if TYPE_CHECKING:
        __call__ = forward


class DotScore(Score):
    """`score(h, s) = hᵀ s`; both of one size (Luong et al. 2015, eq. 8, *dot*)."""

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        """See the class."""
        return query @ keys.transpose(1, 2)


class ScaledDotScore(Score):
    """`score(h, s) = hᵀ s / √D` (Vaswani et al. 2017, eq. 1)."""

    def scale(self, size: int) -> float:
        """`1 / √D`."""
        return 1 / math.sqrt(size)

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        """See the class."""
        return query @ keys.transpose(1, 2) * self.scale(keys.shape[-1])


class GeneralScore(Score):
    """`score(h, s) = hᵀ W s` (Luong et al. 2015, eq. 8, *general*); the keys are `W s`."""

    def __init__(self, query_size: int, state_size: int) -> None:
        super().__init__()
        self.state = nn.Linear(state_size, query_size, bias=False)

    def keys(self, states: Tensor) -> Tensor:
        """`W s`, once for each source position."""
        keys: Tensor = self.state(states)
        return keys

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        """See the class."""
        return query @ keys.transpose(1, 2)


class AdditiveScore(Score):
    """`score(h, s) = vᵀ tanh(W h + U s)` (Bahdanau et al. 2014, A.1.2); the keys are `U s`.

    Luong's *concat*, `vᵀ tanh(W_a [h; s])` (2015, eq. 8), is the same: `W_a = [W U]`.
    """

    def __init__(self, query_size: int, state_size: int, size: int) -> None:
        super().__init__()
        self.query = nn.Linear(query_size, size, bias=False)
        self.state = nn.Linear(state_size, size, bias=False)
        self.v = nn.Linear(size, 1, bias=False)

    def keys(self, states: Tensor) -> Tensor:
        """`U s`, once for each source position."""
        keys: Tensor = self.state(states)
        return keys

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        """See the class."""
        scores: Tensor = self.v(torch.tanh(self.query(query).unsqueeze(2) + keys.unsqueeze(1)))
        return scores.squeeze(-1)


SCORES: dict[str, Callable[[int, int], Score]] = {
    "dot": lambda query_size, state_size: DotScore(),
    "scaled_dot": lambda query_size, state_size: ScaledDotScore(),
    "general": GeneralScore,
    "concat": lambda query_size, state_size: AdditiveScore(query_size, state_size, query_size),
}


def attend(scores: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Weights `[B, Q, S]` from scores, and the contexts `[B, Q, C]` that they mix from values `[B, S, C]`.

    Padding (mask `[B, S]` False) gets weight 0 exactly; over an empty source every weight is 0, and so is the context.
    """
    real = mask.unsqueeze(1)
    scores = at_least_float(scores)
    scores = scores.masked_fill(~real, torch.finfo(scores.dtype).min)
    weights = torch.softmax(scores, -1) * real
    return weights.to(values.dtype) @ values, weights


def by_memory(rows: Tensor, memories: int) -> Tensor:
    """Rows `[R, D]` to `[B, K, D]`: row r reads memory r // K."""
    return rows.view(memories, -1, rows.shape[-1])
