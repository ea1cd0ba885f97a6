"""Mean absolute error of real values over all steps and features; the median of a density makes it least.

An answer is compared over the length of the reference; later steps of it do not count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric, spread_extremes
from unspool.types import Array


def absolute_errors(answer: Array, references: Sequence[Array]) -> tuple[float, int]:
    """The sum of absolute errors of an answer `[≥ T, F]` to its nearest reference `[T, F]`, and T·F."""
    return min((_absolute_error(answer, one) for one in references), key=lambda pair: pair[0] / max(1, pair[1]))


def _absolute_error(answer: Array, reference: Array) -> tuple[float, int]:
    assert len(answer) >= len(reference), f"an answer of {len(answer)} steps where {len(reference)} are right"
    assert answer.shape[1:] == reference.shape[1:], (answer.shape, reference.shape)
    errors = answer[: len(reference)].astype(np.float64) - reference
    return float(np.abs(errors).sum()), reference.size


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the sum of absolute errors and the number of values of each example."""
    pairs = zip(evaluation.answers, evaluation.references, strict=True)
    return np.array([absolute_errors(answer, listed) for answer, listed in pairs], dtype=np.float64)


MAE = Metric("mae", -1, "values", _outcomes, extremes=spread_extremes)
