"""Items read in both directions and summed up by attention: a level of a hierarchy (Yang et al. 2016, section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.nn.attention import attend
from unspool.nn.stacks import Stack


class Annotated(nn.Module):
    """`Σ_t α_t h_t` with `α_t = softmax_t u_tᵀ u` and `u_t = tanh(W h_t + b)`; (5) to (10).

    `h_t` is the stack's output, an item's annotation, and u what an informative item looks like.
    """

    def __init__(self, stack: Stack, attention_size: int) -> None:
        super().__init__()
        self.stack, self.size = stack, stack.size
        self.hidden = nn.Linear(stack.size, attention_size)  # W, b
        self.informative = nn.Linear(attention_size, 1, bias=False)  # u

    def forward(self, items: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """What items `[M, S, D]` say together, `[M, C]`, and their weights `[M, S]`; of no item at all zeros."""
        h, _ = self.stack.unroll(items, self.stack.initial(items.shape[0]), mask)
        u = torch.tanh(self.hidden(h))
        together, weights = attend(self.informative(u).transpose(1, 2), h, mask)
        return together.squeeze(1), weights.squeeze(1)

    if TYPE_CHECKING:
        __call__ = forward
