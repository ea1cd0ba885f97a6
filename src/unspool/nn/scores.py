"""Scores: how well a decoder's query fits each position of the source.

Keys depend only on the source, so a model computes them once and stores them in its memory.

A score that *covers* also depends on the coverage `c_t = Σ_{t' < t} a_t'`, the sum of a position's weights in the steps
before. So it can learn not to attend to a position twice (See, Liu, Manning 2017, arXiv:1704.04368, section 2.3).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.kernels.additive_attention import additive_attention
from unspool.kernels.attention import Attention, PlainAttention
from unspool.kernels.precision import at_least_float
from unspool.kernels.product_attention import product_attention, product_scores
from unspool.nn.parameters import bias, linear, mark


class AttentionScore(nn.Module):
    """How well each query fits each key."""

    covers = False

    def keys(self, states: Tensor) -> Tensor:
        """The keys `[B, S, ·]` of states `[B, S, C]`; computed once."""
        return states

    def visible(self, mask: Tensor) -> Tensor:
        """The real positions, of a mask `[B, S]`, that can be scored."""
        return mask

    def attention(self, keys: Tensor, values: Tensor, mask: Tensor, calls: int) -> Attention:
        """Attention by this score over keys `[B, S, ·]` and values `[B, S, C]`, for a pass of `calls` calls.

        mask: `[B, S]` True at real positions
        """
        return PlainAttention(self, keys, values, mask)

    def forward(self, query: Tensor, keys: Tensor, coverage: Tensor | None = None) -> Tensor:
        """Scores `[B, Q, S]` of queries `[B, Q, D]`; `coverage` `[B, Q, S]` if the score covers."""
        raise NotImplementedError

    if TYPE_CHECKING:
        __call__ = forward


class DotScore(AttentionScore):
    """`score(h, s) = hᵀ s`, for vectors of equal size (Luong et al. 2015, eq. 8, *dot*)."""

    def factor(self, size: int) -> float:
        """The factor of products of vectors of this size."""
        return 1.0

    def attention(self, keys: Tensor, values: Tensor, mask: Tensor, calls: int) -> Attention:
        """See `AttentionScore.attention`."""
        return product_attention(self, keys, values, mask, self.factor(keys.shape[-1]))

    def forward(self, query: Tensor, keys: Tensor, coverage: Tensor | None = None) -> Tensor:
        """The product of each query with each key."""
        return product_scores(query, keys, self.factor(keys.shape[-1]))


class ScaledDotScore(DotScore):
    """`score(h, s) = hᵀ s / √D` (Vaswani et al. 2017, eq. 1)."""

    def factor(self, size: int) -> float:
        """`1 / √D`."""
        return 1 / math.sqrt(size)


class GeneralScore(DotScore):
    """`score(h, s) = hᵀ W s` (Luong et al. 2015, eq. 8, *general*); the keys are `W s`."""

    def __init__(self, query_size: int, state_size: int) -> None:
        super().__init__()
        self.state = linear(state_size, query_size, bias=False)

    def keys(self, states: Tensor) -> Tensor:
        """`W s`, once for each source position."""
        keys: Tensor = self.state(states)
        return keys


class LocationScore(DotScore):
    """`a_t = softmax(W_a h_t)` (Luong et al. 2015, eq. 8): it depends only on the query, not on the source's items.

    `W_a` has a row for each of `positions` positions; these rows are the keys. As in the paper, a shorter source uses
    the first rows, and in a longer one the words after the last row are ignored: they get no weight.
    """

    def __init__(self, query_size: int, positions: int) -> None:
        super().__init__()
        self.positions = nn.Embedding(positions, query_size)
        nn.init.uniform_(self.positions.weight, -(query_size**-0.5), query_size**-0.5)  # as nn.Linear starts
        mark(self.positions.weight, "vectors")

    def keys(self, states: Tensor) -> Tensor:
        """The row of each position, the same for every source."""
        place = torch.arange(states.shape[1], device=states.device).clamp(max=self.positions.num_embeddings - 1)
        keys: Tensor = self.positions(place)
        return keys.expand(states.shape[0], -1, -1)

    def visible(self, mask: Tensor) -> Tensor:
        """The positions that have a row."""
        return mask & (torch.arange(mask.shape[1], device=mask.device) < self.positions.num_embeddings)


class AdditiveScore(AttentionScore):
    """`score(h, s) = vᵀ tanh(W h + U s)` (Bahdanau et al. 2014, A.1.2); the keys are `U s`.

    Luong's *concat*, `vᵀ tanh(W_a [h; s])` (2015, eq. 8), is the same: `W_a = [W U]`.
    With coverage `vᵀ tanh(W h + U s + w_c c + b)` (See et al. 2017, eq. 11).
    """

    def __init__(self, query_size: int, state_size: int, size: int, *, covers: bool = False) -> None:
        super().__init__()
        self.query = linear(query_size, size, bias=False)
        self.state = linear(state_size, size, bias=False)
        self.v = linear(size, 1, bias=False)
        self.covers = covers
        self.coverage = linear(1, size) if covers else None  # w_c and b

    def attention(self, keys: Tensor, values: Tensor, mask: Tensor, calls: int) -> Attention:
        """See `AttentionScore.attention`."""
        if self.covers:
            return super().attention(keys, values, mask, calls)
        return additive_attention(self, keys, values, mask, self.query.weight, self.v.weight, calls)

    def keys(self, states: Tensor) -> Tensor:
        """`U s`, once for each source position."""
        keys: Tensor = self.state(states)
        return keys

    def forward(self, query: Tensor, keys: Tensor, coverage: Tensor | None = None) -> Tensor:
        """See the class."""
        fit = self.query(query).unsqueeze(2) + keys.unsqueeze(1)
        if self.coverage is not None and coverage is not None:
            fit = fit + self.coverage(coverage.unsqueeze(-1))
        scores: Tensor = self.v(torch.tanh(at_least_float(fit)))
        return scores.squeeze(-1)


class CoveringScore(AttentionScore):
    """Any other score with coverage: `score(h, s) + w c`, where w is one learned number, which starts at 0."""

    covers = True

    def __init__(self, score: AttentionScore) -> None:
        super().__init__()
        self.score = score
        self.weight = bias(torch.zeros(1))

    def keys(self, states: Tensor) -> Tensor:
        """The keys of the inner score."""
        return self.score.keys(states)

    def visible(self, mask: Tensor) -> Tensor:
        """The positions that the inner score can score."""
        return self.score.visible(mask)

    def forward(self, query: Tensor, keys: Tensor, coverage: Tensor | None = None) -> Tensor:
        """See the class."""
        assert coverage is not None
        return self.score(query, keys) + self.weight * coverage


SCORES: dict[str, Callable[[int, int], AttentionScore]] = {
    "dot": lambda query_size, state_size: DotScore(),
    "scaled_dot": lambda query_size, state_size: ScaledDotScore(),
    "general": GeneralScore,
    "concat": lambda query_size, state_size: AdditiveScore(query_size, state_size, query_size),
}


def score_of(name: str, query_size: int, state_size: int, *, positions: int, covers: bool) -> AttentionScore:
    """A score by its name in Luong et al.; `positions` is for *location*.

    Raises `Mistake` for a product of vectors of different sizes.
    """
    if name in ("dot", "scaled_dot") and query_size != state_size:
        raise Mistake(
            f"Score '{name}' needs encoder_size = decoder_size, but they are {state_size} and {query_size}.",
            "Make them equal, or use model.score=general.",
        )
    if name == "concat":
        return AdditiveScore(query_size, state_size, query_size, covers=covers)
    score = LocationScore(query_size, positions) if name == "location" else SCORES[name](query_size, state_size)
    return CoveringScore(score) if covers else score
