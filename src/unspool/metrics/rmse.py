"""Root mean squared error of real values: `√(Σ (answer − reference)² / values)`, over all steps and features."""

from __future__ import annotations

from functools import partial

import numpy as np

from unspool.metrics.metric import Metric, quotient, spread_extremes
from unspool.metrics.value_errors import outcomes_of
from unspool.types import Array


def root_mean(sums: Array) -> Array:
    """The error `[...]` from sums of outcomes `[..., 2]`."""
    roots: Array = np.sqrt(quotient(sums))
    return roots


def _extremes(outcomes: Array) -> Array:
    """`[2, 2]`: no error, and squared errors half as far again from the mean as the farthest ones."""
    extremes: Array = np.maximum(spread_extremes(outcomes), 0) * np.array([[0.0, 1.0], [1.0, 1.0]])
    return extremes


RMSE = Metric("rmse", -1, "values", partial(outcomes_of, np.square), root_mean, _extremes)
