"""Scaled dot-product attention, `softmax(Q Kᵀ / √d) V`, for many short sequences in parallel.

PyTorch's kernel reads the keys in blocks, does not store weights, and computes them again in the backward pass. That is
good for long sequences and for GPUs. On a CPU, for the lengths of words, sentences and paragraphs, two batched products
that store their weights train faster: two to eight times in bfloat16, up to five times in float32
(`python -m benchmarks.scaled_dot`).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from unspool.kernels.precision import at_least_float
from unspool.kernels.switch import fused, is_plain

# The most weights of one attention that are stored for the backward pass: 16 MiB in bfloat16.
KEPT = 1 << 23


def scaled_dot_attention(query: Tensor, keys: Tensor, values: Tensor, visible: Tensor | None) -> Tensor:
    """Attention of queries `[B, H, Q, d]` over keys and values `[B, H, S, d]`: `[B, H, Q, d]`.

    visible: the positions that may be attended to, broadcasts to `[B, H, Q, S]`, at least one for each query; None: all
    Source: Vaswani et al. 2017, (1).
    """
    if is_plain():
        return _plain(query, keys, values, visible)
    small = query.device.type == "cpu" and query.shape[:-1].numel() * keys.shape[-2] <= KEPT
    if small and fused(query, keys, values):
        found: Tensor = _ScaledDot.apply(query, keys, values, visible)
        return found
    return functional.scaled_dot_product_attention(query, keys, values, attn_mask=visible)


def _plain(query: Tensor, keys: Tensor, values: Tensor, visible: Tensor | None) -> Tensor:
    scores = at_least_float(query @ keys.transpose(-1, -2)) * query.shape[-1] ** -0.5
    if visible is not None:
        scores = scores.masked_fill(~visible, torch.finfo(scores.dtype).min)
    return torch.softmax(scores, -1).to(values.dtype) @ values


class _ScaledDot(Function):
    @staticmethod
    def forward(ctx: Any, query: Tensor, keys: Tensor, values: Tensor, visible: Tensor | None) -> Tensor:
        # Each head of each sentence is one product; the queries are scaled, because they have the fewest numbers.
        rows = [part.flatten(0, 1) for part in (query * query.shape[-1] ** -0.5, keys, values)]
        with torch.autocast(query.device.type, enabled=False):
            scores = (rows[0] @ rows[1].transpose(1, 2)).view(*query.shape[:-1], keys.shape[-2])
            if visible is not None:
                scores.masked_fill_(~visible, torch.finfo(scores.dtype).min)
            weights = torch.softmax(scores, -1).flatten(0, 1)
            found = weights @ rows[2]
        ctx.save_for_backward(*rows, weights)
        return found.view(query.shape)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        query, keys, values, weights = ctx.saved_tensors
        shape = gradients[0].shape
        back = gradients[0].flatten(0, 1)
        to_values = weights.transpose(1, 2) @ back
        to_weights = back @ values.transpose(1, 2)
        to_scores = _softmax_backward(to_weights, weights)
        to_query = (to_scores @ keys).mul_(shape[-1] ** -0.5)
        to_keys = to_scores.transpose(1, 2) @ query
        return to_query.view(shape), *(part.view(*shape[:2], -1, shape[-1]) for part in (to_keys, to_values)), None


def _softmax_backward(to_weights: Tensor, weights: Tensor) -> Tensor:
    """`w (g - Σ w g)`. Rounded weights do not add up to 1, so in bfloat16 the mean of g is divided by their sum.

    Otherwise a weight near 1, which is rounded to 1, would lose its gradient, as in `precision`.
    """
    if weights.dtype != torch.bfloat16:
        to_scores: Tensor = torch.ops.aten._softmax_backward_data(to_weights, weights, -1, weights.dtype)
        return to_scores
    w, g = weights.float(), to_weights.float()
    mean = (w * g).sum(-1, keepdim=True) / w.sum(-1, keepdim=True)
    return g.sub_(mean).mul_(w).to(weights.dtype)
