"""The share of values inside the widest interval of a forecast, in percent; the interval's own share is a detail."""

from __future__ import annotations

from typing import Any

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import PERCENT, Metric
from unspool.types import Array


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the values inside, and all values of each forecast."""
    return np.array(
        [
            [float(((one.quantiles[:, 0] <= one.actual) & (one.actual <= one.quantiles[:, -1])).sum()), len(one.actual)]
            for one in evaluation.forecasts
        ]
    )


def _details(evaluation: Evaluation) -> dict[str, Any]:
    levels = evaluation.forecasts[0].levels
    return {"interval": round(PERCENT * float(levels[-1] - levels[0]), 4)}


COVERAGE = Metric("coverage", 1, "forecasts", _outcomes, scale=PERCENT, details=_details)
