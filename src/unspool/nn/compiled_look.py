"""A look by an additive score in one pass over the memory, forward and back; see `looped_attention`."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.nn.compiled import kernel


class Sums(Protocol):
    """An additive score over one memory: `2k` `[B, S, D]`, `v` `[D]`, and gradients that grow.

    slopes: of the keys, less the factor v, `[B, S, D]`; mixed: of v, each source by itself, `[B, D]`
    """

    keys: Tensor
    v: Tensor
    slopes: Tensor
    mixed: Tensor


class Notes(Protocol):
    """Where looks are noted for the gradients of the memory."""

    def add(self, *look: Tensor) -> None:
        """Weights, what came back to the context, the gradient of the scores, the query: `[B, 1, ·]` each."""
        ...


def compiled_look(
    query: Tensor, keys: Tensor, values: Tensor, v: Tensor | None, mask: Tensor, scorer: Sums, notes: Notes
) -> tuple[Tensor, Tensor]:
    """From queries `[B, 1, D]` to contexts `[B, 1, C]` and weights `[B, 1, S]`; all that is real is seen."""
    looked: tuple[Tensor, Tensor] = _Look.apply(query, keys, values, v, mask, scorer, notes)
    return looked


def is_compiled(scorer: Sums, values: Tensor) -> bool:
    """Whether there is a compiled form for these numbers."""
    return kernel("sums_forward", scorer.keys, scorer.v, values) is not None


class _Look(Function):
    @staticmethod
    def forward(
        ctx: Any,
        query: Tensor,
        keys: Tensor,
        values: Tensor,
        v: Tensor | None,
        mask: Tensor,
        scorer: Sums,
        notes: Notes,
    ) -> tuple[Tensor, Tensor]:
        run = kernel("sums_forward", query)
        assert run is not None
        query, values, mask = query.contiguous(), values.contiguous(), mask.contiguous()
        rows, length, size = scorer.keys.shape
        weights, context = values.new_empty(rows, 1, length), values.new_empty(rows, 1, values.shape[-1])
        run(rows, length, size, values.shape[-1], scorer.keys, query, scorer.v, mask, values, weights, context)
        ctx.save_for_backward(query, values, mask, weights)
        ctx.scorer, ctx.notes = scorer, notes
        ctx.set_materialize_grads(False)
        return context, weights

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        to_context, to_weights = gradients
        query, values, mask, weights = ctx.saved_tensors
        scorer, run = ctx.scorer, kernel("sums_backward", query)
        assert run is not None
        width = values.shape[-1]
        came = values.new_zeros(len(values), 1, width) if to_context is None else to_context.contiguous()
        to_scores, to_query = torch.empty_like(weights), torch.empty_like(query)
        seen = scorer.keys, query, scorer.v, mask, values, weights
        back = came, None if to_weights is None else to_weights.contiguous()
        run(*scorer.keys.shape, width, *seen, *back, to_scores, to_query, scorer.slopes, scorer.mixed)
        ctx.notes.add(weights, came, to_scores, query)
        return to_query, None, None, None, None, None, None
