"""Root mean squared error of real values: `√(Σ (answer − reference)² / values)`, over all steps and features.

An answer is compared over the length of the reference; later steps of it do not count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric, quotient, spread_extremes
from unspool.types import Array


def squared_errors(answer: Array, references: Sequence[Array]) -> tuple[float, int]:
    """The sum of squared errors of an answer `[≥ T, F]` to its nearest reference `[T, F]`, and T·F.

    The nearest reference is the one with the least mean squared error.
    """
    return min((_squared_error(answer, reference) for reference in references), key=lambda one: one[0] / max(1, one[1]))


def root_mean(sums: Array) -> Array:
    """The error `[...]` from sums of outcomes `[..., 2]`."""
    roots: Array = np.sqrt(quotient(sums))
    return roots


def _squared_error(answer: Array, reference: Array) -> tuple[float, int]:
    assert len(answer) >= len(reference), f"an answer of {len(answer)} steps where {len(reference)} are right"
    assert answer.shape[1:] == reference.shape[1:], (answer.shape, reference.shape)
    errors = answer[: len(reference)].astype(np.float64) - reference
    return float(np.square(errors).sum()), reference.size


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the sum of squared errors and the number of values of each example."""
    pairs = zip(evaluation.answers, evaluation.references, strict=True)
    return np.array([squared_errors(answer, listed) for answer, listed in pairs], dtype=np.float64)


def _extremes(outcomes: Array) -> Array:
    """`[2, 2]`: no error, and squared errors half as far again from the mean as the farthest ones."""
    extremes: Array = np.maximum(spread_extremes(outcomes), 0) * np.array([[0.0, 1.0], [1.0, 1.0]])
    return extremes


RMSE = Metric("rmse", -1, "values", _outcomes, root_mean, _extremes)
