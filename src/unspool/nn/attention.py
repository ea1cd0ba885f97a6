"""Attention: which positions of the source a decoder uses.

A query is scored against the key of each source position (`nn.scores`), the scores become weights, and the context is
the weighted mean of the values. `AttentionScore.attention` returns the attention over one memory; `attend` defines it.
"""

from __future__ import annotations

from torch import Tensor

from unspool.kernels.attention import Attention, AttentionOutput, View, attend

__all__ = ["Attention", "AttentionOutput", "View", "attend", "by_memory"]


def by_memory(rows: Tensor, memories: int) -> Tensor:
    """Rows `[R, D]` to `[B, K, D]`: row r reads memory r // K."""
    return rows.view(memories, -1, rows.shape[-1])
