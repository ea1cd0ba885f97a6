"""Symmetric mean absolute percentage error `mean 200 |y − ŷ| / (|y| + |ŷ|)`, 0 to 200, as the M4 competition has it.

A step where both are 0 has no error.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import PERCENT, Metric, quotient, spread_extremes
from unspool.types import Array


def percentage_error(actual: Array, mean: Array) -> float:
    """The error of one forecast, from 0 to 2."""
    sizes = np.abs(actual) + np.abs(mean)
    errors = 2 * np.abs(actual - mean) / np.where(sizes > 0, sizes, 1)
    return float(errors.mean())


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the error of each forecast, and 1."""
    return np.array([[percentage_error(one.actual, one.mean), 1.0] for one in evaluation.forecasts])


SMAPE = Metric("smape", -1, "forecasts", _outcomes, quotient, spread_extremes, scale=PERCENT)
