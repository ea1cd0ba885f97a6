"""Overall weighted average: the M4 competition's mean of MASE and sMAPE, each over that of the forecast Naive 2.

Makridakis, Spiliotis, Assimakopoulos 2020: The M4 Competition: 100,000 time series and 61 forecasting methods. Below 1
is better than Naive 2: the last value of the seasonally adjusted history, with the season put back. The history is
adjusted if its autocorrelation at one season is significant (at 90 %), by classical multiplicative decomposition.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.forecast import JudgedForecast
from unspool.metrics.mase import absolute_scaled_error
from unspool.metrics.metric import Metric, quotient, spread_extremes
from unspool.metrics.smape import percentage_error
from unspool.types import Array

# The normal quantile of the test of seasonality, and the seasons that the test needs.
CRITICAL, SEASONS = 1.645, 3


def naive_2(history: Array, season: int, horizon: int) -> Array:
    """The competition's forecast Naive 2, `[H]`."""
    indices = seasonal_indices(history, season) if is_seasonal(history, season) else np.ones(1)
    steps = np.arange(len(history), len(history) + horizon)
    last = history[-1] / indices[(len(history) - 1) % len(indices)]
    forecast: Array = last * indices[steps % len(indices)]
    return forecast


def is_seasonal(history: Array, season: int) -> bool:
    """Whether the autocorrelation at the lag of one season is significant by Bartlett's formula."""
    if season < 2 or len(history) < SEASONS * season or np.ptp(history) == 0:
        return False
    centred = history - history.mean()
    power = float(centred @ centred)
    likeness = np.array([centred[lag:] @ centred[:-lag] / power for lag in range(1, season + 1)])
    limit = CRITICAL * np.sqrt((1 + 2 * np.square(likeness[:-1]).sum()) / len(history))
    return bool(abs(likeness[-1]) > limit)


def seasonal_indices(history: Array, season: int) -> Array:
    """The factor of each place in a season, `[season]`, with mean 1; factors that cannot be formed are 1."""
    weights = np.ones(season) if season % 2 else np.r_[0.5, np.ones(season - 1), 0.5]
    trend = np.convolve(history, weights / season, mode="valid")
    first = len(weights) // 2
    places = (first + np.arange(len(trend))) % season
    ratios = history[first : first + len(trend)] / np.where(trend == 0, np.nan, trend)
    known = np.isfinite(ratios)
    counts = np.bincount(places[known], minlength=season)
    sums = np.bincount(places[known], ratios[known], minlength=season)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), 1)
    indices: Array = means / (means.mean() or 1)
    return np.where(indices == 0, 1, indices)


def _outcome(one: JudgedForecast) -> list[float]:
    rival = one._replace(mean=naive_2(one.history, one.season, len(one.actual)))
    errors = [
        (*absolute_scaled_error(forecast), percentage_error(one.actual, forecast.mean)) for forecast in (one, rival)
    ]
    (mase, counts, smape), (rival_mase, _, rival_smape) = errors
    return [mase, rival_mase, counts, smape, rival_smape, 1.0]


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 6]`: MASE, that of Naive 2, 1 or 0; sMAPE, that of Naive 2, 1."""
    return np.array([_outcome(one) for one in evaluation.forecasts])


def _aggregate(sums: Array) -> Array:
    ratios: Array = (quotient(sums[..., [0, 1]]) + quotient(sums[..., [3, 4]])) / 2
    return ratios


def _extremes(outcomes: Array) -> Array:
    """`[2, 6]`: the errors of imaginary forecasts are extreme, and those of Naive 2 are the usual ones."""
    mase, smape = (spread_extremes(outcomes[:, columns]) for columns in ([0, 1], [3, 4]))
    extremes = np.tile(outcomes.mean(axis=0), (2, 1))
    for column, ends, divisor in ((0, mase, 1), (3, smape, 4)):
        extremes[:, column] = np.maximum(quotient(ends), 0) * extremes[:, divisor]
    return extremes


OWA = Metric("owa", -1, "forecasts", _outcomes, _aggregate, _extremes)
