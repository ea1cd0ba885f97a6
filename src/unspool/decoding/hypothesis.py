"""One answer of a search, and how answers of different lengths are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unspool.types import Array, Tree

# Replaces a coverage of 0: with the logarithm of 0 all such answers would have equal penalties.
LEAST = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One answer of a search.

    items:     the generated ids, without EOS; empty for real values
    score:     plain sum of log-probabilities in nats, EOS included, in float64
    finished:  False if it was cut off by the maximum length or had no possible continuation
    attention: `[T, S]` the weights of each step over this source without padding (the EOS step too), a tree if there
               are several attentions, or None
    values:    `[T, F]` the generated real values, float32; None for symbols
    joint_score: log-probability of source and answer together in nats, if a joint n-gram model was asked
    rows:      `[T]` the row of the search that it was in each step, before its item was chosen (the EOS step too)
    """

    items: tuple[int, ...]
    score: float
    finished: bool
    attention: Tree = field(default=None, compare=False, repr=False)
    values: Array | None = field(default=None, compare=False, repr=False)
    rows: tuple[int, ...] = field(default=(), compare=False, repr=False)
    joint_score: float | None = field(default=None, compare=False, repr=False)

    @property
    def output(self) -> tuple[int, ...] | Array:
        """The generated ids or real values."""
        return self.items if self.values is None else self.values


def length_penalty(length: Any, alpha: float) -> Any:
    """`((5 + length) / 6)^alpha`: to rank finished hypotheses, sums are divided by it (Wu et al. 2016, eq. 14).

    `length` is the number of steps, EOS included, or an array of such numbers. With alpha 0 the penalty is 1.
    """
    return ((5.0 + length) / 6.0) ** alpha


def coverage_penalty(coverage: Array, real: Array, beta: float) -> Array:
    """`β Σ_i log min(Σ_j p_ij, 1)`, at most 0: added to rank finished hypotheses (Wu et al. 2016, eq. 14).

    coverage: `[..., S]` the sum of the attention p_ij over all steps j, EOS included
    real:     `[..., S]` True at real positions
    """
    penalty: Array = beta * np.where(real, np.log(np.clip(coverage, LEAST, 1.0)), 0.0).sum(-1)
    return penalty
