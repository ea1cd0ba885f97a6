"""Continuous ranked probability score from quantiles, in units of the seasonal naive forecast's error, as MASE is.

Gneiting & Raftery 2007: `∫ 2 ρ_q(y − ŷ_q) dq`, with the pinball loss `ρ_q(u) = u (q − [u < 0])`. The integral is a sum
over the levels, each with the share of (0, 1) that is nearest to it. For a forecast without spread it is the absolute
error, so that a CRPS can be compared with a MASE.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.forecast import JudgedForecast
from unspool.metrics.metric import Metric, spread_extremes
from unspool.types import Array


def ranked_probability_score(one: JudgedForecast) -> float:
    """The mean over the steps of one forecast, in the units of its values."""
    errors = one.actual[:, None] - one.quantiles
    losses = 2 * errors * (one.levels - (errors < 0))
    ends = np.r_[0.0, (one.levels[1:] + one.levels[:-1]) / 2, 1.0]
    return float((losses @ np.diff(ends)).mean())


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the scaled score of each forecast, and its weight, 1 or 0."""
    return np.array([one.scaled(ranked_probability_score(one)) for one in evaluation.forecasts])


CRPS = Metric("crps", -1, "forecasts", _outcomes, extremes=spread_extremes)
