"""A look by an additive score in one pass over the memory, forward and back (`loops.cpp`).

One query `[B, 1, D]` for each memory: its keys, times two, `[B, S, D]`, its values `[B, S, C]`, its mask `[B, 1, S]`,
and v `[D]`. None comes back where there is no compiled form for these numbers; `LoopedSums` in `looped_scores` says the
same in PyTorch's operations.
"""

from __future__ import annotations

import torch
from torch import Tensor

from unspool.nn.compiled import kernel


def sums_forward(keys: Tensor, query: Tensor, v: Tensor, mask: Tensor, values: Tensor) -> tuple[Tensor, Tensor] | None:
    """Contexts `[B, 1, C]` and weights `[B, 1, S]`."""
    compiled = kernel("sums_forward", keys, query, v, values)
    if compiled is None:
        return None
    rows, length, width = values.shape
    weights, context = values.new_empty(rows, 1, length), values.new_empty(rows, 1, width)
    compiled(*keys.shape, width, keys, query.contiguous(), v, mask.contiguous(), values, weights, context)
    return context, weights


def sums_backward(
    keys: Tensor, query: Tensor, v: Tensor, mask: Tensor, values: Tensor,
    weights: Tensor, to_context: Tensor, to_weights: Tensor | None, slopes: Tensor, mixed: Tensor,
) -> tuple[Tensor, Tensor] | None:  # fmt: skip
    """The gradients of scores `[B, 1, S]` and query; those of the memory grow.

    slopes: of the keys, less the factor v, `[B, S, D]`; mixed: of v, each source by itself, `[B, D]`
    """
    compiled = kernel("sums_backward", keys, query, v, values)
    if compiled is None:
        return None
    seen = keys, query.contiguous(), v, mask.contiguous(), values, weights
    came = to_context.contiguous(), None if to_weights is None else to_weights.contiguous()
    to_scores, to_query = torch.empty_like(weights), query.new_empty(query.shape)
    compiled(*keys.shape, values.shape[-1], *seen, *came, to_scores, to_query, slopes, mixed)
    return to_scores, to_query
