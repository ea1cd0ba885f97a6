"""Attention inside a loop over time: looked through step by step, the gradients of the memory made once.

The memory (keys and values) is the same at every step. Autograd would make a gradient of its size at each and add them
up, and would keep `tanh(W h + U s)` of every step for additive scores: `[B, T, S, D]` numbers. Here the gradient of the
values is one batched product over all steps, `Σ_t α_t ⊗ ∂c_t`; how that of the keys is made, the score knows
(`looped_scores`).

All in float32 at least: products of one query with its memory are so small that bfloat16 gains nothing.
`nn.scores` and `attend` in `nn.attention` are the readable reference that this is tested against.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.nn.attention import View, attend
from unspool.nn.looped_scores import LoopedScore, Note, Sight, looped_score
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
        self._whole = View(mask.unsqueeze(1))
        self._notes = _Notes(looped_score(score, at_least_float(keys.detach())))
        self._keys = gathered(at_least_float(keys), self._notes.to_keys)
        self._values = gathered(values, self._notes.to_values)
        self._v = gathered(score.v.weight, self._notes.to_v) if isinstance(score, AdditiveScore) else None

    def __call__(
        self, query: Tensor, view: View | None = None, coverage: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """One look, or all at once where the queries are known: contexts `[B, Q, C]` and weights `[B, Q, S]`."""
        assert coverage is None
        if self._project is not None:
            query = self._project(query.flatten(0, 1)).view(*query.shape[:2], -1)
        memory = self._keys, self._values, self._v
        with torch.autocast(query.device.type, enabled=False):
            looked: tuple[Tensor, Tensor] = _Look.apply(
                at_least_float(query), *memory, *(view or self._whole), self._notes
            )
        return looked


class _Notes:
    """All looks of one pass, and the gradients of the memory made of them.

    The graph holds the notes, so they hold nothing of the graph: Python cannot see such a ring, and it is never freed.
    """

    def __init__(self, score: LoopedScore) -> None:
        self.score, self._looks = score, list[Note]()

    def add(self, *look: Tensor) -> None:
        """Note a look."""
        self._looks.append(Note(*(tensor.detach() for tensor in look)))

    def to_values(self) -> Tensor | None:
        """The gradient of the values `[B, S, C]`, or None where no look was reached; so are the others."""
        if not self._looks:
            return None
        weights, to_context = (torch.cat([look[place] for look in self._looks], 1) for place in (0, 1))
        return weights.transpose(1, 2) @ to_context

    def to_keys(self) -> Tensor | None:
        """The gradient of the keys `[B, S, ·]`."""
        return self.score.to_keys(self._looks) if self._looks else None

    def to_v(self) -> Tensor | None:
        """The gradient of the vector v."""
        return self.score.to_v() if self._looks else None


class _Look(Function):
    """A look whose gradients of the memory come from the notes; keys, values and v are asked for their users' sake."""

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
        sight = Sight(query, values, mask, dim)
        context, weights, alignment = notes.score.look(sight)
        ctx.save_for_backward(*sight, alignment, weights)
        ctx.notes = notes
        ctx.set_materialize_grads(False)
        return context, weights

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        to_context, to_weights = gradients
        *sight, alignment, weights = ctx.saved_tensors
        query, values, *_ = sight
        if to_context is None:
            to_context = values.new_zeros(*weights.shape[:2], values.shape[-1])
        to_scores, to_query, to_dim = ctx.notes.score.back(Sight(*sight), alignment, to_context, to_weights)
        ctx.notes.add(weights, to_context, to_scores, query)
        return to_query, None, None, None, None, to_dim, None
