"""Attention by an additive score, `vᵀ tanh(q + k)` of projected queries q and keys k.

In a loop, the intermediate values of a step are not stored: the backward pass computes them again, and the keys'
gradient is accumulated in one tensor.

`tanh(x) = 2σ(2x) - 1`. The -1 is the same for every position, so it does not change the softmax. So `vᵀ tanh(q + k)` is
computed as `2vᵀ s` with `s = σ(2q + 2k)`, because on a CPU sigmoid is several times as fast as tanh. `∂s = 2s(1 - s)`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from unspool.kernels.attention import Attention, PlainAttention, Scoring
from unspool.kernels.attention_loop import AttentionLoop, AttentionResult, Record, Request, mix, mix_backward
from unspool.kernels.compiled import kernel
from unspool.kernels.linear_loop import LinearLoop
from unspool.kernels.precision import at_least_float
from unspool.kernels.switch import fused


def additive_attention(
    score: Scoring, keys: Tensor, values: Tensor, mask: Tensor, query_weight: Tensor, v: Tensor, steps: int
) -> Attention:
    """Attention over keys `[B, S, D]` and values `[B, S, C]`, for `steps` calls; mask `[B, S]`.

    score:        the plain form of the scores
    query_weight: `[D, ·]`, the projection of queries; v: `[1, D]`
    """
    if not fused(keys, values):
        return PlainAttention(score, keys, values, mask)
    keys = keys.contiguous()
    scores = _AdditiveScores(at_least_float(keys.detach()), at_least_float(v.detach()).squeeze(0))
    return AttentionLoop(scores, keys, values, mask, LinearLoop(query_weight, None, steps), v)


class _AdditiveScores:
    """See `LoopScores`. A step of one query for each source without a scale is compiled if possible."""

    def __init__(self, keys: Tensor, v: Tensor) -> None:
        self.keys, self.v = keys * 2, v
        # The gradients of the keys, without the factor v, and of v, for each source.
        self.to_keys, self.to_v = torch.zeros_like(keys), keys.new_zeros(keys.shape[0], keys.shape[-1])

    def answer(self, request: Request) -> AttentionResult:
        compiled = self._answer_compiled(request) if _is_single(request) else None
        return mix(self._scores(request.query), request) if compiled is None else compiled

    def backward(
        self, request: Request, softmax: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        if _is_single(request):
            compiled = self._backward_compiled(request, softmax, to_context, to_weights)
            if compiled is not None:
                return *compiled, None
        to_scores, to_scale = mix_backward(request, softmax, to_context, to_weights)
        pairs = zip(to_scores.unbind(1), request.query.unbind(1), strict=True)
        return to_scores, torch.stack([self._query_gradient(*pair) for pair in pairs], 1), to_scale

    def keys_gradient(self, records: Sequence[Record]) -> Tensor:
        return self.to_keys * self.v

    def v_gradient(self) -> Tensor:
        return self.to_v.sum(0, keepdim=True)

    def restart(self) -> None:
        self.to_keys.zero_()
        self.to_v.zero_()

    def _answer_compiled(self, request: Request) -> AttentionResult | None:
        query, values, mask, _ = request
        compiled = kernel("additive_forward", self.keys, query, self.v, values)
        if compiled is None:
            return None
        rows, length, width = values.shape
        weights, context = values.new_empty(rows, 1, length), values.new_empty(rows, 1, width)
        inputs = self.keys, query.contiguous(), self.v, mask.contiguous(), values
        compiled(*self.keys.shape, width, *inputs, weights, context)
        return AttentionResult(context, weights, weights)

    def _backward_compiled(
        self, request: Request, weights: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor] | None:
        """The gradients of scores and query; those of the memory are accumulated."""
        query, values, mask, _ = request
        compiled = kernel("additive_backward", self.keys, query, self.v, values)
        if compiled is None:
            return None
        inputs = self.keys, query.contiguous(), self.v, mask.contiguous(), values, weights
        gradients = to_context.contiguous(), None if to_weights is None else to_weights.contiguous()
        to_scores, to_query = torch.empty_like(weights), query.new_empty(query.shape)
        places = to_scores, to_query, self.to_keys, self.to_v
        compiled(*self.keys.shape, values.shape[-1], *inputs, *gradients, *places)
        return to_scores, to_query

    def _scores(self, query: Tensor) -> Tensor:
        # One query of each source at a time, because all queries would need `[B, Q, S, D]` numbers.
        return torch.stack([self._sigmoids(one) @ self.v for one in query.unbind(1)], 1).mul_(2)

    def _query_gradient(self, to_score: Tensor, query: Tensor) -> Tensor:
        s = self._sigmoids(query)
        self.to_v.add_((to_score.unsqueeze(1) @ s).squeeze(1), alpha=2)
        slopes = torch.addcmul(s, s, s, value=-1, out=s)
        self.to_keys.addcmul_(slopes, to_score.unsqueeze(2), value=4)
        return (to_score.unsqueeze(1) @ slopes).squeeze(1).mul_(self.v).mul_(4)

    def _sigmoids(self, query: Tensor) -> Tensor:
        return torch.add(self.keys, query.unsqueeze(1), alpha=2).sigmoid_()


def _is_single(request: Request) -> bool:
    return request.scale is None and request.query.shape[1] == 1
