"""Attention by products, `hᵀ k` or `hᵀ k` times a factor, where k are the keys."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from unspool.kernels.attention import Attention, PlainAttention, Scoring
from unspool.kernels.attention_loop import AttentionLoop, AttentionResult, Record, Request, mix, mix_backward
from unspool.kernels.precision import at_least_float
from unspool.kernels.switch import fused


def product_scores(query: Tensor, keys: Tensor, factor: float = 1.0) -> Tensor:
    """Scores `[B, Q, S]` of queries `[B, Q, D]` for keys `[B, S, D]`."""
    scores = query @ keys.transpose(1, 2)
    return scores if factor == 1.0 else scores * factor


def product_attention(score: Scoring, keys: Tensor, values: Tensor, mask: Tensor, factor: float) -> Attention:
    """Attention over keys `[B, S, D]` and values `[B, S, C]`, for one pass over time; mask `[B, S]`.

    score: the plain form of the scores, `product_scores` with this factor
    """
    if not fused(keys, values):
        return PlainAttention(score, keys, values, mask)
    keys = keys.contiguous()
    return AttentionLoop(_ProductScores(at_least_float(keys.detach()), factor), keys, values, mask)


class _ProductScores:
    """The gradient of the keys is one batched product over all steps. See `LoopScores`."""

    def __init__(self, keys: Tensor, factor: float) -> None:
        self.keys, self.factor = keys, factor

    def answer(self, request: Request) -> AttentionResult:
        return mix((request.query @ self.keys.transpose(1, 2)).mul_(self.factor), request)

    def backward(
        self, request: Request, softmax: Tensor, to_context: Tensor, to_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        to_scores, to_scale = mix_backward(request, softmax, to_context, to_weights)
        return to_scores, (to_scores @ self.keys).mul_(self.factor), to_scale

    def keys_gradient(self, records: Sequence[Record]) -> Tensor:
        to_scores = torch.cat([record.to_scores for record in records], 1)
        queries = torch.cat([record.query for record in records], 1)
        return (to_scores.transpose(1, 2) @ queries).mul_(self.factor)

    def v_gradient(self) -> None:
        return None

    def restart(self) -> None:
        pass
