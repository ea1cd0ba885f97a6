"""Attention: which positions of the source a decoder uses.

A query is scored against a key for each source position (`nn.scores`), the scores become weights, and the weights mix
the values. `AttentionScore.attention` gives the attention over one memory; `attend` is what it means.
"""

from __future__ import annotations

from torch import Tensor

from unspool.kernels.attention import Attention, AttentionOutput, View, attend

__all__ = ["Attention", "AttentionOutput", "View", "attend", "by_memory"]


def by_memory(rows: Tensor, memories: int) -> Tensor:
    """Rows `[R, D]` to `[B, K, D]`: row r reads memory r // K."""
    return rows.view(memories, -1, rows.shape[-1])
