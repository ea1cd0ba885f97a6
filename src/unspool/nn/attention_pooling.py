"""Attention pooling: one level of a hierarchical network, a stack and attention over its outputs.

Yang et al. 2016, section 2.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.kernels.precision import at_least_float
from unspool.nn.attention import attend
from unspool.nn.parameters import linear
from unspool.nn.stacks import Stack


class AttentionPooling(nn.Module):
    """`Σ_t α_t h_t` with `α_t = softmax_t u_tᵀ u` and `u_t = tanh(W h_t + b)`; (5) to (10).

    `h_t` is the stack's output, the annotation of an item, and u is the learned vector of an informative item.
    """

    def __init__(self, stack: Stack, attention_size: int) -> None:
        super().__init__()
        self.stack, self.size = stack, stack.size
        self.hidden = linear(stack.size, attention_size)  # W, b
        self.informative = linear(attention_size, 1, bias=False)  # u

    def forward(self, items: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The pooled vector `[M, C]` of items `[M, S, D]`, and their weights `[M, S]`; zeros if there are no items."""
        h, _ = self.stack.unroll(items, self.stack.initial(items.shape[0]), mask)
        u = torch.tanh(at_least_float(self.hidden(h)))
        pooled, weights = attend(self.informative(u).transpose(1, 2), h, mask)
        return pooled.squeeze(1), weights.squeeze(1)

    if TYPE_CHECKING:
        __call__ = forward
