"""Scores inside a loop over time: looks by them, and the way back, for `looped_attention`.

Of a product, the gradient of the keys is one batched product over all looks. An additive score keeps nothing of a look:
the way back reckons it anew, and the keys' gradient grows in one place.

`tanh(x) = 2σ(2x) - 1`: the -1 is the same for every position, so softmax does not see it. `vᵀ tanh(q + k)` becomes
`2vᵀ σ(2q + 2k)`, and a processor's sigmoid is several times as fast as its tanh.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from unspool.nn.compiled_look import sums_backward, sums_forward
from unspool.nn.precision import at_least_float
from unspool.nn.scores import AdditiveScore, Score


class Sight(NamedTuple):
    """Who looks, `[B, Q, D]`, at which values, `[B, S, C]`, through what: mask and dim `[B, Q, S]` as in `View`."""

    query: Tensor
    values: Tensor
    mask: Tensor
    dim: Tensor | None


class Seen(NamedTuple):
    """Contexts `[B, Q, C]`, the weights `[B, Q, S]` that made them, and what these were before they were dimmed."""

    context: Tensor
    weights: Tensor
    alignment: Tensor


class Note(NamedTuple):
    """What a look leaves for the gradients of the memory, `[B, Q, ·]`: what was mixed, and what came back."""

    weights: Tensor
    to_context: Tensor
    to_scores: Tensor
    query: Tensor


class LoopedScore(Protocol):
    """A score over one memory, for one pass over time."""

    def look(self, sight: Sight) -> Seen:
        """Score, weigh, mix."""
        ...

    def back(
        self, sight: Sight, alignment: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """The gradients of scores, queries and dim."""
        ...

    def to_keys(self, notes: Sequence[Note]) -> Tensor:
        """The gradient of the keys over all looks, `[B, S, ·]`."""
        ...

    def to_v(self) -> Tensor | None:
        """The gradient of the vector v over all looks, where there is one."""
        ...


def looped_score(score: Score, keys: Tensor) -> LoopedScore:
    """A score over these keys `[B, S, ·]`, which are not covered."""
    return LoopedSums(score, keys) if isinstance(score, AdditiveScore) else LoopedProducts(score, keys)


def seen(scores: Tensor, sight: Sight) -> Seen:
    """What scores `[B, Q, S]`, which are used up, let be seen: `attend`, without a graph."""
    scores = scores.masked_fill_(~sight.mask, torch.finfo(scores.dtype).min)
    alignment = torch.softmax(scores, -1).mul_(sight.mask)
    weights = alignment if sight.dim is None else alignment * sight.dim
    return Seen(weights @ sight.values, weights, alignment)


def seen_back(
    sight: Sight, alignment: Tensor, to_context: Tensor, to_weights: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """The gradients of scores and dim."""
    through = to_context @ sight.values.transpose(1, 2)
    if to_weights is not None:
        through = through + to_weights
    to_dim = None if sight.dim is None else alignment * through
    through = through if sight.dim is None else through * sight.dim
    return alignment * (through - (alignment * through).sum(-1, keepdim=True)), to_dim


class LoopedProducts:
    """`hᵀ k`, scaled or not, k being the keys."""

    def __init__(self, score: Score, keys: Tensor) -> None:
        self.keys, self.scale = keys, score.scale(keys.shape[-1])

    def look(self, sight: Sight) -> Seen:
        """See `LoopedScore`."""
        return seen((sight.query @ self.keys.transpose(1, 2)).mul_(self.scale), sight)

    def back(
        self, sight: Sight, alignment: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """See `LoopedScore`."""
        to_scores, to_dim = seen_back(sight, alignment, to_context, to_weights)
        return to_scores, (to_scores @ self.keys).mul_(self.scale), to_dim

    def to_keys(self, notes: Sequence[Note]) -> Tensor:
        """See `LoopedScore`."""
        to_scores = torch.cat([note.to_scores for note in notes], 1)
        queries = torch.cat([note.query for note in notes], 1)
        return (to_scores.transpose(1, 2) @ queries).mul_(self.scale)

    def to_v(self) -> None:
        """There is none."""


class LoopedSums:
    """`vᵀ tanh(q + k)` less a constant: `2vᵀ s` with `s = σ(2q + 2k)`; `∂s = 2s(1 - s)`.

    One undimmed look of each source is compiled where it can be (`compiled_look`).
    """

    def __init__(self, score: AdditiveScore, keys: Tensor) -> None:
        self.keys, self.v = keys * 2, at_least_float(score.v.weight.detach()).squeeze(0)
        self.slopes = torch.zeros_like(keys)
        self.mixed = keys.new_zeros(keys.shape[0], keys.shape[-1])  # of v, each source by itself

    def look(self, sight: Sight) -> Seen:
        """See `LoopedScore`."""
        query, values, mask, _ = sight
        compiled = sums_forward(self.keys, query, self.v, mask, values) if _one_look(sight) else None
        return seen(self._scores(query), sight) if compiled is None else Seen(*compiled, compiled[1])

    def back(
        self, sight: Sight, alignment: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """See `LoopedScore`."""
        query, values, mask, _ = sight
        if _one_look(sight):
            known = self.keys, query, self.v, mask, values, alignment, to_context, to_weights
            compiled = sums_backward(*known, self.slopes, self.mixed)
            if compiled is not None:
                return *compiled, None
        to_scores, to_dim = seen_back(sight, alignment, to_context, to_weights)
        pairs = zip(to_scores.unbind(1), query.unbind(1), strict=True)
        return to_scores, torch.stack([self._to_query(*pair) for pair in pairs], 1), to_dim

    def to_keys(self, notes: Sequence[Note]) -> Tensor:
        """See `LoopedScore`."""
        return self.slopes * self.v

    def to_v(self) -> Tensor:
        """See `LoopedScore`."""
        return self.mixed.sum(0, keepdim=True)

    def _scores(self, query: Tensor) -> Tensor:
        # One query of each source at a time: all together would be `[B, Q, S, D]` numbers.
        return torch.stack([self._squashed(one) @ self.v for one in query.unbind(1)], 1).mul_(2)

    def _to_query(self, to_score: Tensor, query: Tensor) -> Tensor:
        s = self._squashed(query)
        self.mixed.add_((to_score.unsqueeze(1) @ s).squeeze(1), alpha=2)
        slopes = torch.addcmul(s, s, s, value=-1, out=s)
        self.slopes.addcmul_(slopes, to_score.unsqueeze(2), value=4)
        return (to_score.unsqueeze(1) @ slopes).squeeze(1).mul_(self.v).mul_(4)

    def _squashed(self, query: Tensor) -> Tensor:
        return torch.add(self.keys, query.unsqueeze(1), alpha=2).sigmoid_()


def _one_look(sight: Sight) -> bool:
    return sight.dim is None and sight.query.shape[1] == 1
