"""Mean absolute scaled error: the error in units of the seasonal naive forecast's error over the history.

Hyndman & Koehler 2006. 1 is as good as the values of one season ago were within the history. The figure is the mean
over forecasts; those of a constant history do not count.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.forecast import JudgedForecast
from unspool.metrics.metric import Metric, spread_extremes
from unspool.types import Array


def absolute_scaled_error(one: JudgedForecast) -> list[float]:
    """`[2]`: the error of one forecast, and its weight, 1 or 0."""
    return one.scaled(float(np.abs(one.actual - one.mean).mean()))


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`."""
    return np.array([absolute_scaled_error(one) for one in evaluation.forecasts])


MASE = Metric("mase", -1, "forecasts", _outcomes, extremes=spread_extremes)
