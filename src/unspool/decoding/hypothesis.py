"""One answer of a search, and how answers of different lengths are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unspool.types import Array, Tree

# The attention that a position without any counts as: the logarithm of 0 would make all such answers equal.
LEAST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One answer of a search.

    items:     the ids that were written, without EOS; empty where real values were
    score:     plain sum of log-probabilities in nats, EOS counted, added up in float64
    finished:  False where the maximum length, or having no continuation at all, cut it off
    attention: `[T, S]` the weights of each step over this source alone (the EOS step too), a tree where there are
               several, or None
    values:    `[T, F]` the real values that were written, float32; None of symbols
    """

    items: tuple[int, ...]
    score: float
    finished: bool
    attention: Tree = field(default=None, compare=False, repr=False)
    values: Array | None = field(default=None, compare=False, repr=False)

    @property
    def output(self) -> tuple[int, ...] | Array:
        """What was written, ids or real values."""
        return self.items if self.values is None else self.values


def length_penalty(length: Any, alpha: float) -> Any:
    """`((5 + length) / 6)^alpha`: what a sum is divided by to rank finished hypotheses (Wu et al. 2016, eq. 14).

    `length` counts the steps, EOS included; a number or an array of them. With alpha 0 nothing is changed.
    """
    return ((5.0 + length) / 6.0) ** alpha


def coverage_penalty(coverage: Array, real: Array, beta: float) -> Array:
    """`β Σ_i log min(Σ_j p_ij, 1)`, at most 0: what is added to rank finished hypotheses (Wu et al. 2016, eq. 14).

    coverage: `[..., S]` the attention p_ij of all steps j, EOS included, added up; real: `[..., S]` True where real
    """
    penalty: Array = beta * np.where(real, np.log(np.clip(coverage, LEAST, 1.0)), 0.0).sum(-1)
    return penalty
