"""Attention inside a loop over time: looked through step by step, the gradients of the memory made once.

The memory (keys and values) is the same at every step. Autograd would make a gradient of its size at each and add them
up, and would keep `tanh(W h + U s)` of every step for additive scores: `[B, T, S, D]` numbers. Here

- the gradient of the values is one batched product over all steps, `Σ_t α_t ⊗ ∂c_t`, and so is that of the keys where
  the score is a product;
- additive scores keep nothing: the backward pass reckons them anew, and the keys' gradient grows in one place;
- `tanh(x) = 2σ(2x) - 1`: the -1 is the same for every position, so softmax does not see it. `vᵀ tanh(q + k)` becomes
  `2vᵀ σ(2q + 2k)`, and a processor's sigmoid is several times as fast as its tanh.

All in float32 at least: products of one query with its memory are so small that bfloat16 gains nothing.
`nn.scores` and `attend` in `nn.attention` are the readable reference that this is tested against.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.nn.attention import View, attend
from unspool.nn.compiled_look import compiled_look, is_compiled
from unspool.nn.looping import LoopedLinear, gathered
from unspool.nn.precision import at_least_float
from unspool.nn.scores import AdditiveScore, Score


class Look(Protocol):
    """Attention over one memory."""

    def __call__(
        self, query: Tensor, view: View | None = None, coverage: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """From queries `[B, Q, D]` to contexts `[B, Q, C]` and weights `[B, Q, S]`; Q is time, or the beam.

        view: what of the memory they may see, default all of it; coverage: `[B, Q, S]`, for a score that covers
        """
        ...


def looking(score: Score, keys: Tensor, values: Tensor, mask: Tensor, looks: int) -> Look:
    """Attention over one memory: prepared for so many looks where gradients are wanted, otherwise plain.

    A score that covers has no prepared form: it is looked through as it is read.
    """
    if torch.is_grad_enabled() and not score.covers:
        return LoopedAttention(score, keys, values, mask, looks)

    def look(query: Tensor, view: View | None = None, coverage: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return attend(score(query, keys, coverage), values, *(view or (mask,)))

    return look


class LoopedAttention:
    """Attention over keys `[B, S, ·]` and values `[B, S, C]` for one pass over time; mask `[B, S]` True where real."""

    def __init__(self, score: Score, keys: Tensor, values: Tensor, mask: Tensor, looks: int) -> None:
        self._project = LoopedLinear(score.query, looks) if isinstance(score, AdditiveScore) else None
        keys, values = keys.contiguous(), at_least_float(values).contiguous()
        seen = at_least_float(keys.detach())
        self._whole = View(mask.unsqueeze(1))
        scorer = _Sums(score, seen) if isinstance(score, AdditiveScore) else _Products(score, seen)
        self._compiled = isinstance(scorer, _Sums) and is_compiled(scorer, values)
        self._notes = _Notes(scorer)
        self._keys = gathered(at_least_float(keys), self._notes.to_keys)
        self._values = gathered(values, self._notes.to_values)
        self._v = gathered(score.v.weight, self._notes.to_v) if isinstance(score, AdditiveScore) else None

    def __call__(
        self, query: Tensor, view: View | None = None, coverage: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """One look, or all at once where the queries are known: contexts `[B, Q, C]` and weights `[B, Q, S]`."""
        assert coverage is None
        mask, dim = view or self._whole
        if self._project is not None:
            query = self._project(query.flatten(0, 1)).view(*query.shape[:2], -1)
        parts = at_least_float(query), self._keys, self._values, self._v
        with torch.autocast(query.device.type, enabled=False):
            if isinstance(self._notes.scorer, _Sums) and self._compiled and view is None and query.shape[1] == 1:
                return compiled_look(*parts, mask, self._notes.scorer, self._notes)
            looked: tuple[Tensor, Tensor] = _Look.apply(*parts, mask, dim, self._notes)
        return looked


class _Note(NamedTuple):
    """What a look leaves for the gradients of the memory, `[B, Q, ·]`: what was mixed, and what came back."""

    weights: Tensor
    to_context: Tensor
    to_scores: Tensor
    query: Tensor


class _Notes:
    """All looks of one pass, and the gradients of the memory made of them.

    The graph holds the notes, so they hold nothing of the graph: Python cannot see such a ring, and it is never freed.
    """

    def __init__(self, scorer: _Scorer) -> None:
        self.scorer, self._looks = scorer, list[_Note]()

    def add(self, *look: Tensor) -> None:
        """Note a look."""
        self._looks.append(_Note(*(tensor.detach() for tensor in look)))

    def to_values(self) -> Tensor | None:
        """The gradient of the values `[B, S, C]`, or None where no look was reached; so are the others."""
        if not self._looks:
            return None
        weights, to_context = (torch.cat([look[place] for look in self._looks], 1) for place in (0, 1))
        return weights.transpose(1, 2) @ to_context

    def to_keys(self) -> Tensor | None:
        """The gradient of the keys `[B, S, ·]`."""
        return self.scorer.to_keys(self._looks) if self._looks else None

    def to_v(self) -> Tensor | None:
        """The gradient of the vector v."""
        return self.scorer.to_v() if self._looks else None


class _Scorer(Protocol):
    """Scores of queries, and the way back."""

    def scores(self, query: Tensor) -> Tensor:
        """`[B, Q, D]` to `[B, Q, S]`."""
        ...

    def to_query(self, to_scores: Tensor, query: Tensor) -> Tensor:
        """The gradient of the queries `[B, Q, D]`."""
        ...

    def to_keys(self, notes: list[_Note]) -> Tensor:
        """The gradient of the keys over all steps `[B, S, ·]`."""
        ...

    def to_v(self) -> Tensor | None:
        """The gradient of the vector v over all steps, where there is one."""
        ...


class _Look(Function):
    @staticmethod
    def forward(
        ctx: Any,
        query: Tensor,
        keys: Tensor,
        values: Tensor,
        v: Tensor | None,
        mask: Tensor,
        dim: Tensor | None,
        notes: _Notes,
    ) -> tuple[Tensor, Tensor]:
        scores = notes.scorer.scores(query).masked_fill_(~mask, torch.finfo(query.dtype).min)
        alignment = torch.softmax(scores, -1).mul_(mask)
        weights = alignment if dim is None else alignment * dim
        ctx.save_for_backward(query, values, alignment, dim)
        ctx.notes = notes
        ctx.set_materialize_grads(False)
        return weights @ values, weights

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        to_context, to_weights = gradients
        query, values, alignment, dim = ctx.saved_tensors
        weights = alignment if dim is None else alignment * dim
        if to_context is None:
            to_context = values.new_zeros(*weights.shape[:2], values.shape[-1])
        through = to_context @ values.transpose(1, 2)
        if to_weights is not None:
            through = through + to_weights
        to_dim = None if dim is None else alignment * through
        through = through if dim is None else through * dim
        to_scores = alignment * (through - (alignment * through).sum(-1, keepdim=True))
        ctx.notes.add(weights, to_context, to_scores, query)
        return ctx.notes.scorer.to_query(to_scores, query), None, None, None, None, to_dim, None


class _Products:
    """`hᵀ k`, scaled or not, k being the keys."""

    def __init__(self, score: Score, keys: Tensor) -> None:
        self.keys, self.scale = keys, score.scale(keys.shape[-1])

    def scores(self, query: Tensor) -> Tensor:
        return (query @ self.keys.transpose(1, 2)).mul_(self.scale)

    def to_query(self, to_scores: Tensor, query: Tensor) -> Tensor:
        return (to_scores @ self.keys).mul_(self.scale)

    def to_keys(self, notes: list[_Note]) -> Tensor:
        to_scores = torch.cat([note.to_scores for note in notes], 1)
        queries = torch.cat([note.query for note in notes], 1)
        return (to_scores.transpose(1, 2) @ queries).mul_(self.scale)

    def to_v(self) -> None:
        return None


class _Sums:
    """`vᵀ tanh(q + k)` less a constant: `2vᵀ s` with `s = σ(2q + 2k)`; `∂s = 2s(1 - s)`."""

    def __init__(self, score: AdditiveScore, keys: Tensor) -> None:
        self.keys, self.v = keys * 2, at_least_float(score.v.weight.detach()).squeeze(0)
        self.slopes = torch.zeros_like(keys)
        self.mixed = keys.new_zeros(keys.shape[0], keys.shape[-1])  # of v, each source by itself

    def scores(self, query: Tensor) -> Tensor:
        # One query of each source at a time: all together would be `[B, Q, S, D]` numbers.
        return torch.stack([self._squashed(one) @ self.v for one in query.unbind(1)], 1).mul_(2)

    def to_query(self, to_scores: Tensor, query: Tensor) -> Tensor:
        pairs = zip(to_scores.unbind(1), query.unbind(1), strict=True)
        return torch.stack([self._to_one(to_score, one) for to_score, one in pairs], 1)

    def _to_one(self, to_score: Tensor, query: Tensor) -> Tensor:
        s = self._squashed(query)
        self.mixed.add_((to_score.unsqueeze(1) @ s).squeeze(1), alpha=2)
        slopes = torch.addcmul(s, s, s, value=-1, out=s)
        self.slopes.addcmul_(slopes, to_score.unsqueeze(2), value=4)
        return (to_score.unsqueeze(1) @ slopes).squeeze(1).mul_(self.v).mul_(4)

    def to_keys(self, notes: list[_Note]) -> Tensor:
        return self.slopes * self.v

    def to_v(self) -> Tensor:
        return self.mixed.sum(0, keepdim=True)

    def _squashed(self, query: Tensor) -> Tensor:
        return torch.add(self.keys, query.unsqueeze(1), alpha=2).sigmoid_()
