"""The mean width of the widest interval of a forecast, in units of the seasonal naive forecast's error, as MASE is.

Of two forecasts whose intervals hold as many values as they promise, the one with narrower intervals is better.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric, spread_extremes
from unspool.types import Array


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the scaled width of each forecast, and its weight, 1 or 0."""
    return np.array(
        [one.scaled(float((one.quantiles[:, -1] - one.quantiles[:, 0]).mean())) for one in evaluation.forecasts]
    )


WIDTH = Metric("width", -1, "forecasts", _outcomes, extremes=spread_extremes)
