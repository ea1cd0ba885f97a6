"""Attention: where a decoder looks.

A query is scored against a key for each source position (`nn.scores`), the scores become weights, and the weights mix
the values. Queries come as `[B, Q, D]`: Q is time when a whole target is unrolled and the beam when it is searched, so
one piece of code serves both, and memory is never copied for a beam.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from unspool.nn.precision import at_least_float


class View(NamedTuple):
    """What each query may see of the source.

    mask: `[B, Q, S]` True where it may look; Q is 1 where all queries see the same
    dim:  `[B, Q, S]` what weights are multiplied by afterwards, 1 at most; None: nothing
    """

    mask: Tensor
    dim: Tensor | None = None


def attend(scores: Tensor, values: Tensor, mask: Tensor, dim: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Weights `[B, Q, S]` from scores, and the contexts `[B, Q, C]` that they mix from values `[B, S, C]`.

    Padding (mask `[B, S]`, or `[B, Q, S]` for each query, False) gets weight 0 exactly; where there is nothing to look
    at every weight is 0, and so is the context. `dim` `[B, Q, S]` is multiplied onto the weights.
    """
    real = mask if mask.dim() == 3 else mask.unsqueeze(1)
    scores = at_least_float(scores)
    scores = scores.masked_fill(~real, torch.finfo(scores.dtype).min)
    weights = torch.softmax(scores, -1) * real
    if dim is not None:
        weights = weights * dim
    return weights.to(values.dtype) @ values, weights


def by_memory(rows: Tensor, memories: int) -> Tensor:
    """Rows `[R, D]` to `[B, K, D]`: row r reads memory r // K."""
    return rows.view(memories, -1, rows.shape[-1])
