"""Errors of real values, each raised to what a metric counts, over all steps and features.

An answer is compared over the length of the reference; later steps of it do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.types import Array


def outcomes_of(size: Callable[[Array], Array], evaluation: Evaluation) -> Array:
    """`[N, 2]`: the sum of the sizes of all errors, and the number of values, of each example."""
    pairs = zip(evaluation.answers, evaluation.references, strict=True)
    return np.array([nearest(size, answer, listed) for answer, listed in pairs], dtype=np.float64)


def nearest(size: Callable[[Array], Array], answer: Array, references: Sequence[Array]) -> tuple[float, int]:
    """The sum of sizes of the errors of an answer `[≥ T, F]`, and T·F, to the reference `[T, F]` of the least mean."""
    return min((_summed(size, answer, one) for one in references), key=lambda pair: pair[0] / max(1, pair[1]))


def _summed(size: Callable[[Array], Array], answer: Array, reference: Array) -> tuple[float, int]:
    assert len(answer) >= len(reference), f"an answer of {len(answer)} steps where {len(reference)} are right"
    assert answer.shape[1:] == reference.shape[1:], (answer.shape, reference.shape)
    errors = answer[: len(reference)].astype(np.float64) - reference
    return float(size(errors).sum()), reference.size
