"""Multi-head attention: several small attentions in parallel, each with its own projections.

Keys and values are computed once and concatenated, `[B, S, 2D]`: one tensor to store in a memory, to extend by a step,
or to reorder in a beam.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.kernels.scaled_dot import scaled_dot_attention
from unspool.nn.parameters import linear


class MultiHead(nn.Module):
    """`Concat(head_1, …, head_H) W^O` with `head_i = softmax(Q W_i^Q (K W_i^K)ᵀ / √d) V W_i^V`, d = D / H.

    Vaswani et al. 2017, (1) and section 3.2.2; no biases.
    """

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = linear(size, size, bias=False)
        self.key_value = linear(size, 2 * size, bias=False)
        self.output = linear(size, size, bias=False)
        for weight in (self.query.weight, *self.key_value.weight.data.chunk(2), self.output.weight):
            nn.init.xavier_uniform_(weight)

    def read(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Keys and values `[B, S, 2D]` from `[B, S, D]`; zero where the mask `[B, S]` is False."""
        read: Tensor = self.key_value(x)
        return read if mask is None else read * mask.unsqueeze(-1)

    def forward(self, x: Tensor, read: Tensor, visible: Tensor | None) -> Tensor:
        """Attention of `[B, Q, D]` over keys and values `[B, S, 2D]`; `visible` as in `scaled_dot_attention`."""
        keys, values = (self._split(part) for part in read.chunk(2, -1))
        found = scaled_dot_attention(self._split(self.query(x)), keys, values, visible)
        output: Tensor = self.output(found.transpose(1, 2).flatten(2))
        return output

    def weights(self, x: Tensor, read: Tensor, visible: Tensor) -> Tensor:
        """The attention weights `[B, Q, S]`, averaged over the heads."""
        return self.head_weights(x, read, visible).mean(1)

    def head_weights(self, x: Tensor, read: Tensor, visible: Tensor | None) -> Tensor:
        """The attention weights of each head, `[B, H, Q, S]`."""
        query, keys = self._split(self.query(x)), self._split(read.chunk(2, -1)[0])
        scores = (query @ keys.transpose(-1, -2)).float() / math.sqrt(query.shape[-1])
        if visible is not None:
            scores = scores.masked_fill(~visible, torch.finfo(torch.float32).min)
        return torch.softmax(scores, -1)

    def _split(self, x: Tensor) -> Tensor:
        """`[B, S, D]` to `[B, H, S, D/H]`."""
        return x.view(*x.shape[:2], self.heads, x.shape[-1] // self.heads).transpose(1, 2)

    if TYPE_CHECKING:
        __call__ = forward


def visible_in(mask: Tensor) -> Tensor:
    """The positions of a source that may be attended to, `[B, 1, 1, S]`: the real ones of a mask `[B, S]`.

    In an empty source these are all positions, because a softmax over none is NaN; `read` sets their values to zero.
    """
    return (mask | ~mask.any(1, keepdim=True)).view(mask.shape[0], 1, 1, -1)


def visible_before(steps: int, past: int, device: torch.device) -> Tensor | None:
    """The causal mask `[steps, past + steps]`: each step may attend to the past, to earlier steps and to itself."""
    if steps == 1:
        return None
    return torch.ones(steps, past + steps, dtype=torch.bool, device=device).tril(past)
